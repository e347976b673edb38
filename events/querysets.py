"""Named sets of events; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from core.querysets import DatedQuerySet, SearchableQuerySet
from events.enums import VISIBLE_STATUSES


class EventQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("organizations",)

    def visible_to(self, user) -> Self:
        """Everything published, also when postponed or cancelled; drafts only in the admin."""
        return self.filter(status__in=VISIBLE_STATUSES)

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
