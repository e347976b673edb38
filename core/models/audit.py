"""The audit log, and its seals."""

from typing import Any

from django.db import models

from core.enums import Channel
from core.errors import WrittenOnce
from core.querysets import ErasableQuerySet, WrittenOnceQuerySet


class NeverChanged(models.Model):
    """A row that stays as it was written; the database refuses a change as well (0003_seals)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts the row. Raises ``WrittenOnce`` when it has been written before."""
        if not self._state.adding:
            raise WrittenOnce(self._meta.label)
        super().save(*args, **kwargs | {"force_insert": True})


class Erasable(NeverChanged):
    """A row that is never changed, but may be erased."""

    objects = ErasableQuerySet.as_manager()

    class Meta:
        abstract = True


class WrittenOnceRow(NeverChanged):
    """A row that is neither changed nor erased.

    PostgreSQL refuses a deletion as well; on SQLite, whose tables Django's flush empties row
    by row, only this class does.
    """

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises ``WrittenOnce``."""
        raise WrittenOnce(self._meta.label)


class AuditEntry(WrittenOnceRow):
    """操作記録: one action on one object. Written by ``core.audit.record``, never changed.

    A new column takes part in the seals: it asks for a new form in ``core.audit.rows``.
    """

    at = models.DateTimeField("日時", auto_now_add=True, db_index=True)
    action = models.CharField("操作", max_length=60)
    object_type = models.CharField("種類", max_length=60)
    object_id = models.CharField("番号", max_length=40)
    object_label = models.CharField("対象", max_length=200)
    actor_organization = models.CharField("団体", max_length=100)
    actor_office = models.CharField("部署", max_length=100, blank=True)
    actor_role = models.CharField("役割", max_length=20, blank=True)
    actor_seat_id = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField("方法", max_length=10, choices=Channel, default=Channel.WEB)
    reason = models.TextField("理由", blank=True)
    changes = models.JSONField("変更", default=dict, blank=True)
    personal_digests = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作記録"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "-at"])]

    def __str__(self) -> str:
        return f"操作記録 {self.pk}"


class AuditPersonal(Erasable):
    """The personal values of an audit row; erased without touching the row itself."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.CASCADE, related_name="personal")
    salt = models.CharField(max_length=32)
    values = models.JSONField("個人の情報")

    class Meta:
        verbose_name = verbose_name_plural = "操作記録の個人情報"

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditSeal(WrittenOnceRow):
    """封印: one digest over the audit rows of a day and the seal of the day before."""

    day = models.DateField("日", unique=True)
    # Which columns of a row take part, and how they are written (``core.audit.rows``).
    form = models.PositiveSmallIntegerField("書式")
    rows = models.PositiveIntegerField("件数")
    first_row = models.BigIntegerField("最初の記録", null=True, blank=True)
    last_row = models.BigIntegerField("最後の記録", null=True, blank=True)
    previous = models.CharField("前の日の封印", max_length=64, blank=True)
    value = models.CharField("封印", max_length=64)
    sealed_at = models.DateTimeField("封印した日時")

    class Meta:
        verbose_name = verbose_name_plural = "操作記録の封印"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}の封印"


class SealedRow(WrittenOnceRow):
    """A row as it was when its day was sealed: its keyed digest, which names what differs later.

    Bound to its audit row and its seal by their numbers alone, because it must tell when one
    of them is gone.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    mark = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "封印した操作記録"
        indexes = [models.Index(fields=["day", "entry_id"])]

    def __str__(self) -> str:
        return str(self.entry_id)
