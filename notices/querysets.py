"""Named sets of notices, follows and preferences; imports no model."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Model, Q, Value, When

from core.querysets import RecordQuerySet
from notices.enums import Pace


class PreferenceQuerySet(RecordQuerySet):
    def wanting_new(self, themes: Iterable[int], prefecture: int | None) -> Self:
        """Those that chose one of the themes, or the prefecture if there is one (keys)."""
        wanted = Q(pk__in=self.model.objects.filter(themes__in=themes).values("pk"))
        if prefecture is not None:
            wanted |= Q(pk__in=self.model.objects.filter(prefectures=prefecture).values("pk"))
        return self.filter(wanted)


class NoticeQuerySet(RecordQuerySet):
    def visible_to(self, user) -> Self:
        """What the user's current seats were told."""
        if not user.is_authenticated or not user.current_seats:
            return self.none()
        return self.filter(seat__in=[seat.pk for seat in user.current_seats])

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unread_first(self) -> Self:
        """What is unread, then the rest, each newest first."""
        is_read = Case(When(read_at=None, then=Value(0)), default=Value(1))
        return self.order_by(is_read, "-at", "-pk")

    def due_weekly(self, before: datetime) -> Self:
        """What the weekly mail owes: told before, not read since, and never mailed."""
        return self.unread().filter(pace=Pace.WEEKLY, mailed_at=None, at__lt=before)


class WatchQuerySet(RecordQuerySet):
    def of(self, record: Model) -> Self:
        """Who follows ``record``."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(object_type=kind, object_id=record.pk)
