"""Tables that were uploaded or pasted, and wait for their last button."""

from django.db import models

from core.querysets import RecordQuerySet


class SheetUpload(models.Model):
    """A table as it was read, kept between its preview and its last button.

    ``rows`` is a list of ``[row number, {heading: cell}]``, with the headings before them. It
    may hold personal values: the daily run deletes it soon after, applied or not.
    """

    kind = models.CharField("種類", max_length=60)
    name = models.CharField("ファイル名", max_length=500, blank=True)
    rows = models.JSONField("行")
    uploader_id = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField("読み込んだ日時", auto_now_add=True)
    applied_at = models.DateTimeField("反映した日時", null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "読み込んだ表"

    def __str__(self) -> str:
        return self.name or "貼り付けた表"
