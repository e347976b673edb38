"""What the secretariat has written down for an organization that called, and how it called."""

from django.db import models

from core.dates import day_text
from core.enums import Channel


class ToldRow(models.Model):
    """A row that somebody has written, or that the secretariat has written down for a caller."""

    told_through = models.CharField(
        "連絡の方法", max_length=10, choices=Channel, default=Channel.WEB, editable=False
    )
    told_on = models.DateField("連絡があった日", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def told_text(self) -> str:
        """How it came where the secretariat has written it down; empty otherwise."""
        if self.told_on is None:
            return ""
        word = Channel(self.told_through).word
        return f"{day_text(self.told_on)}の{word}での連絡を事務局が記録"
