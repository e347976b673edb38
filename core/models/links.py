"""What the links and codes in mails open."""

from django.db import models

from core.querysets import RecordQuerySet


class MailLink(models.Model):
    """A personal link in a mail, and the code that does the same (``core.links``).

    Only the code's keyed digest is kept. ``kind`` is what a room has registered, ``object_id``
    the row that it is about; a new link goes to ``to`` and nowhere else.
    """

    kind = models.CharField("種類", max_length=60)
    object_id = models.PositiveBigIntegerField("対象")
    code_digest = models.CharField(max_length=64, unique=True)
    to = models.EmailField("宛先")
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使った日時", null=True, blank=True)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "メールのリンク"
        indexes = [models.Index(fields=["kind", "object_id"], name="core_maillink_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
