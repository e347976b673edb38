"""What the portal knows about the organizations and people of a table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q

from core.dates import today
from members.enums import OrganizationKind, Role
from members.models import (
    Membership,
    MunicipalityChange,
    Office,
    Organization,
    Seat,
    User,
)
from members.naming import organizations_named
from members.services.joining.imports.plan import ListedSeat


@dataclass(frozen=True)
class Known:
    """Read once for a whole table.

    ``named`` has what the rows without a code may mean, by the text that they give;
    ``successors`` what became of a municipality that is no more, by its id; ``memberships`` the
    last one of each organization; ``seats`` those that have not ended, by user and organization;
    ``staff`` the ids of who sits at the secretariat; ``leads`` those of each organization's leads.
    """

    by_code: dict[str, Organization]
    named: dict[str, list[Organization]]
    successors: dict[int, MunicipalityChange]
    memberships: dict[int, Membership]
    offices: dict[int, list[Office]]
    users: dict[str, User]
    seats: dict[tuple[int, int], Seat]
    staff: set[int]
    leads: dict[int, set[int]]

    @classmethod
    def read(cls, rows: list[ListedSeat]) -> Self:
        by_code = _by_code({code for row in rows for code in row.codes})
        named = _named({name_in(row) for row in rows if not row.codes})
        organizations = {row.pk for row in by_code.values()}
        organizations |= {row.pk for found in named.values() for row in found}
        users = {
            user.email: user for user in User.objects.filter(email__in={r.email for r in rows})
        }
        seats = _unended_seats(organizations, users.values())
        return cls(
            by_code,
            named,
            _successors(by_code.values()),
            _memberships(organizations),
            _offices(organizations),
            users,
            _by_user_and_organization(seats),
            {seat.user_id for seat in seats if seat.role == Role.STAFF},
            _leads(seats),
        )

    def main_office(self, organization: Organization) -> Office | None:
        return next((row for row in self.offices.get(organization.pk, ()) if row.is_main), None)


def name_in(row: ListedSeat) -> str:
    """What a row without a code calls its organization."""
    return f"{row.prefecture}{row.organization}" if row.prefecture else row.organization


def _by_code(codes: set[str]) -> dict[str, Organization]:
    of_prefecture = Q(kind=OrganizationKind.PREFECTURE, prefecture__code6__in=codes)
    found = Organization.objects.filter(Q(municipality__code__in=codes) | of_prefecture)
    rows = found.select_related("municipality", "prefecture").order_by()
    return {row.code: row for row in rows if row.code}


def _named(texts: set[str]) -> dict[str, list[Organization]]:
    return {item.text: item.organizations for item in organizations_named(sorted(texts))}


def _successors(organizations: Iterable[Organization]) -> dict[int, MunicipalityChange]:
    towns = [row.municipality for row in organizations if row.municipality_id]
    gone = [town.pk for town in towns if _is_gone(town.valid_until, today())]
    changes = MunicipalityChange.objects.filter(former__in=gone).exclude(current__in=gone)
    rows = changes.select_related("current__prefecture").order_by("date")
    return {change.former_id: change for change in rows}


def _is_gone(valid_until: date | None, day: date) -> bool:
    return valid_until is not None and valid_until < day


def _memberships(organizations: set[int]) -> dict[int, Membership]:
    rows = Membership.objects.filter(organization__in=organizations).order_by("joined")
    return {row.organization_id: row for row in rows}


def _offices(organizations: set[int]) -> dict[int, list[Office]]:
    offices = defaultdict(list)
    for office in Office.objects.filter(organization__in=organizations).order_by("pk"):
        offices[office.organization_id].append(office)
    return dict(offices)


def _unended_seats(organizations: set[int], users: Iterable[User]) -> list[Seat]:
    """All seats of ``users``, and whoever else leads one of ``organizations``."""
    people = Q(user__in=[user.pk for user in users])
    leads = Q(role=Role.LEAD, user__is_active=True, office__organization__in=organizations)
    seats = Seat.objects.overlapping(today(), None).filter(people | leads)
    return list(seats.select_related("office").order_by("-office__is_main", "pk"))


def _by_user_and_organization(seats: list[Seat]) -> dict[tuple[int, int], Seat]:
    found: dict[tuple[int, int], Seat] = {}
    for seat in seats:
        found.setdefault((seat.user_id, seat.office.organization_id), seat)
    return found


def _leads(seats: list[Seat]) -> dict[int, set[int]]:
    leads = defaultdict(set)
    for seat in seats:
        if seat.role == Role.LEAD:
            leads[seat.office.organization_id].add(seat.user_id)
    return dict(leads)
