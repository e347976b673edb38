"""Named sets of agreements and joint projects; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from agreements.enums import AgreementKind
from core.querysets import DatedQuerySet, SearchableQuerySet
from members.rules import is_secretariat


class AgreementQuerySet(SearchableQuerySet, DatedQuerySet):
    search_through = ("organizations",)

    def in_force_on(self, day: date) -> Self:
        """Certainly signed by ``day``, its last day not past, and not terminated before it.

        Only an agreement that is known not to be renewed has a last day (``ends_on``); an
        unknown term stands until it is terminated, and no expiry is ever invented.
        """
        return (
            self.certain_by(day)
            .filter(Q(ends_on=None) | Q(ends_on__gte=day))
            .filter(Q(terminated_on=None) | Q(terminated_on__gt=day))
        )

    def wide_area(self) -> Self:
        return self.filter(kind=AgreementKind.WIDE_AREA)

    def comprehensive(self) -> Self:
        return self.filter(kind=AgreementKind.COMPREHENSIVE)

    def visible_to(self, user) -> Self:
        """Agreements are public; their documents are not part of this table."""
        return self.all()


class CollaborationQuerySet(SearchableQuerySet):
    search_through = ("organizations",)

    def visible_to(self, user) -> Self:
        """Published ones; unpublished ones to the organizations in them and the secretariat."""
        published = Q(published_at__isnull=False)
        seats = user.current_seats if user.is_authenticated else []
        if any(is_secretariat(seat) for seat in seats):
            return self.all()
        if not seats:
            return self.filter(published)
        own = {seat.office.organization_id for seat in seats}
        joined = self.model.objects.filter(parties__organization__in=own)
        return self.filter(published | Q(pk__in=joined.values("pk")))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def real(self) -> Self:
        """Without samples, which never enter a figure."""
        return self.filter(is_sample=False)

    def started_by(self, day: date) -> Self:
        """Those whose start was certain by ``day``."""
        return self.filter(start_latest__lte=day)
