"""Forms that have been sent."""

import uuid

from django.db import models


class Submission(models.Model):
    """A form sent once: its mark, and where the first sending led (``core.once``)."""

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    # As long as it comes: the admin's addresses carry the whole search they came from.
    result_url = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "送信済みの印"

    def __str__(self) -> str:
        return str(self.token)
