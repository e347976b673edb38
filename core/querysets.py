"""The queryset every model starts from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Sum

from core.enums import Level, MailState
from core.errors import WrittenOnce
from core.search import match


class RecordQuerySet(models.QuerySet):
    """Fetches forgotten relations for all rows at once instead of one query per row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetch_mode = RecordQuerySet.default_fetch_mode

    default_fetch_mode = models.FETCH_PEERS


class ErasableQuerySet(RecordQuerySet):
    """Rows that are never changed once they are written (``core.models.audit.Erasable``)."""

    def update(self, **kwargs: Any) -> int:
        """Raises ``WrittenOnce``."""
        raise WrittenOnce(self.model._meta.label)


class WrittenOnceQuerySet(ErasableQuerySet):
    """Rows that are neither changed nor erased (``core.models.audit.WrittenOnceRow``)."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises ``WrittenOnce``."""
        raise WrittenOnce(self.model._meta.label)


class SearchableQuerySet(RecordQuerySet):
    """Rows with a ``search_text``.

    ``search_through`` names many-valued relations whose rows a row is found by as well.
    """

    search_through: tuple[str, ...] = ()

    def matching(self, query: str) -> Self:
        """The rows that hold every word of ``query`` (``core.search.match``)."""
        return match(self, query, through=self.search_through)


class DatedQuerySet(RecordQuerySet):
    """Rows with a date of the record (``core.models.Dated``)."""

    def certain_by(self, day: date) -> Self:
        """The rows whose happening was certain by ``day`` (domain.md: ``latest <= D``)."""
        return self.filter(latest__lte=day)

    def begun_by(self, day: date) -> Self:
        """Without what is to come: the rows that may have begun by ``day``, or have no date."""
        return self.filter(Q(earliest=None) | Q(earliest__lte=day))

    def latest_first(self) -> Self:
        """What has no date comes last."""
        return self.order_by(F("latest").desc(nulls_last=True), "-pk")


class PeriodQuerySet(RecordQuerySet):
    """Rows that hold from one day until another (``valid_from``, ``valid_until``)."""

    def on(self, day: date) -> Self:
        """The rows that hold on ``day``; both ends are inclusive, an empty end is open."""
        return self.filter(period_holds(day))


def period_holds(day: date, prefix: str = "") -> Q:
    """The condition that a period holds on ``day``; ``prefix`` follows a relation."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": day})
    )


class OutboxQuerySet(RecordQuerySet):
    """Mails of the outbox (``core.models.OutboxMail``)."""

    def due(self, now: datetime) -> Self:
        """The mails that may be sent at ``now``, in the order of the queue."""
        waiting = self.filter(state=MailState.NEW, next_try_at__lte=now)
        holds = Q(expires_at=None) | Q(expires_at__gt=now)
        return waiting.filter(holds).order_by("kind", "next_try_at", "pk")

    def expired(self, now: datetime) -> Self:
        """The mails that wait although what they say no longer holds at ``now``."""
        return self.filter(state__in=[MailState.HELD, MailState.NEW], expires_at__lte=now)

    def stale(self, before: datetime) -> Self:
        """The mails whose sending began before ``before`` and was never settled."""
        return self.filter(state=MailState.SENDING, claimed_at__lt=before)


class AttachmentQuerySet(RecordQuerySet):
    """Files of records (``core.models.Attachment``)."""

    def at(self, levels: Sequence[Level | str]) -> Self:
        """The files for readers of these levels; whether they see the record is asked apart."""
        return self.filter(level__in=levels)

    def of(self, record: models.Model) -> Self:
        """The files of ``record``, in the order in which they came."""
        opts = record._meta
        return self.filter(
            owner_type__app_label=opts.app_label,
            owner_type__model=opts.model_name,
            owner_id=record.pk,
        )

    def loose_of(self, user: Any) -> Self:
        """What ``user`` has uploaded, and no record has yet."""
        return self.exclude(loose_since=None).filter(uploader_id=user.pk)

    def bytes(self) -> int:
        """How much all of them take together."""
        return self.aggregate(sum=Sum("size"))["sum"] or 0
