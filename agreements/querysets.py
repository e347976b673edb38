"""Named sets of agreements; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from agreements.enums import AgreementKind
from core.querysets import DatedQuerySet


class AgreementQuerySet(DatedQuerySet):
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
