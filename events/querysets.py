"""Named sets of events; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from core.querysets import DatedQuerySet, SearchableQuerySet
from events.enums import VISIBLE_STATUSES, WRITTEN, EventStatus
from members.rules import is_secretariat


class EventQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("organizations",)

    def visible_to(self, user) -> Self:
        """What every list shows: published ones, also when postponed or cancelled."""
        return self.filter(status__in=VISIBLE_STATUSES)

    def readable_by(self, user) -> Self:
        """What ``user`` may open: those, the own organizations' in every state, and to the
        secretariat what is submitted."""
        seats = user.current_seats if user.is_authenticated else []
        allowed = Q(status__in=VISIBLE_STATUSES) | Q(owner__in=_organizations(seats))
        if any(is_secretariat(seat) for seat in seats):
            allowed |= Q(status=EventStatus.SUBMITTED)
        return self.filter(allowed)

    def unpublished_of(self, user) -> Self:
        """Those of the own organizations that are not published yet."""
        seats = user.current_seats if user.is_authenticated else []
        own = self.filter(owner__in=_organizations(seats))
        return own.exclude(status__in=VISIBLE_STATUSES)

    def for_secretariat(self) -> Self:
        """Without what an organization still writes."""
        return self.exclude(owner__isnull=False, status__in=WRITTEN)

    def real(self) -> Self:
        """Without samples, which never enter a figure."""
        return self.filter(is_sample=False)

    def coming(self, today: date) -> Self:
        """Not over yet, the next one first; an event without dates counts as coming."""
        return self.filter(Q(latest__gte=today) | Q(latest=None)).order_by("earliest", "pk")

    def past(self, today: date) -> Self:
        """Over, the latest one first."""
        return self.filter(latest__lt=today).order_by("-latest", "-earliest", "-pk")

    def of_kind(self, kind: str) -> Self:
        """The events of ``kind``; every event when it is empty."""
        return self.filter(kind=kind) if kind else self


def _organizations(seats) -> set[int]:
    return {seat.office.organization_id for seat in seats}
