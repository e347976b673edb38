"""Named sets of rows; imports no model."""

from datetime import date
from typing import Self

from django.db.models import Q

from core.querysets import PeriodQuerySet, RecordQuerySet, SearchableQuerySet
from members.codes import possible_codes
from members.enums import WRITING_ROLES, MunicipalityKind, OrganizationKind, Role
from members.rules import is_secretariat


class MunicipalityQuerySet(PeriodQuerySet):
    """The register; ``on(day)`` gives the municipalities of that day."""

    def wards(self) -> Self:
        return self.filter(kind=MunicipalityKind.WARD)


class OrganizationQuerySet(SearchableQuerySet):
    def municipalities(self) -> Self:
        return self.filter(kind=OrganizationKind.MUNICIPALITY)

    def wards(self) -> Self:
        return self.filter(municipality__kind=MunicipalityKind.WARD)

    def found_by(self, query: str) -> Self:
        """The organizations named by ``query``: words of name or kana, or a code.

        A code may come in full width, without its check digit or its leading zero.
        """
        codes = possible_codes(query)
        found = self.matching(query)
        if not codes:
            return found
        of_prefecture = Q(kind=OrganizationKind.PREFECTURE, prefecture__code6__in=codes)
        return self.filter(
            Q(municipality__code__in=codes) | of_prefecture | Q(pk__in=found.values("pk"))
        )


class MembershipQuerySet(RecordQuerySet):
    def real(self) -> Self:
        """Without samples, which never enter a figure."""
        return self.filter(is_sample=False)

    def on(self, day: date) -> Self:
        """The memberships that held on ``day``; the day of leaving is the last one."""
        return self.filter(Q(joined__lte=day) & (Q(left=None) | Q(left__gte=day)))


class OfficeQuerySet(SearchableQuerySet):
    def visible_to(self, user) -> Self:
        """Contacts are for whoever holds a current seat; the public sees none of them."""
        return self.all() if user.is_authenticated and user.current_seats else self.none()

    def desks(self) -> Self:
        """The offices printed at the foot of every page."""
        return self.exclude(desk_heading="").order_by("desk_order")


class SeatQuerySet(PeriodQuerySet):
    def with_office(self) -> Self:
        """With all that ``Office.signature`` and the rules read; the user by ``with_user``."""
        return self.select_related(
            "office__organization__municipality__prefecture",
            "office__organization__prefecture",
        )

    def with_user(self) -> Self:
        return self.select_related("user")

    def visible_to(self, user) -> Self:
        """What ``rules.may_view_seat`` allows to one of the user's current seats."""
        if not user.is_authenticated or not user.current_seats:
            return self.none()
        if any(is_secretariat(seat) for seat in user.current_seats):
            return self.all()
        own = {seat.office.organization_id for seat in user.current_seats}
        return self.filter(Q(role=Role.LEAD) | Q(office__organization__in=own))

    def active(self) -> Self:
        """Seats whose account may log in."""
        return self.filter(user__is_active=True)

    def writing(self) -> Self:
        """Seats that may write for their organization."""
        return self.filter(role__in=WRITING_ROLES)

    def leads(self) -> Self:
        return self.filter(role=Role.LEAD)
