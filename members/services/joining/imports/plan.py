"""What a table of members would change: worked out whole before anything is written.

One row is one seat. Organizations are found by their code, people by their address; an empty
cell says nothing and changes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from core.sheets.fields import Problem
from members.enums import Role, UserKind, Verdict
from members.models import Office, Organization, Seat, User

LABELS = {
    "name": "部署",
    "postal_code": "郵便番号",
    "address": "住所",
    "phone": "電話番号",
    "extension": "内線",
    "fax": "ファクス番号",
    "email": "共用メールアドレス",
}


@dataclass(frozen=True, slots=True)
class ListedSeat:
    """One row as it was understood. ``codes`` are what ``typed_code`` may mean.

    ``office`` has the contact details that the row says, by field of ``Office``.
    """

    number: int
    typed_code: str
    codes: tuple[str, ...]
    prefecture: str
    organization: str
    office: dict[str, str]
    role: Role
    kind: UserKind
    family_name: str
    given_name: str
    email: str
    joined: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the table would change."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class PlannedSeat:
    """What becomes of one row; ``seat`` and ``user`` are None where they are made.

    ``made`` names what the row makes, ``differences`` what it changes.
    """

    row: ListedSeat
    user: User | None
    seat: Seat | None
    differences: list[Difference] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    @property
    def shown_name(self) -> str:
        """The person's name; an office account is shown as 共用."""
        name = f"{self.row.family_name} {self.row.given_name}".strip()
        return name or self.row.kind.label

    @property
    def verdict(self) -> Verdict:
        if self.seat is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.differences else Verdict.UNCHANGED


@dataclass(slots=True)
class PlannedOrganization:
    """What becomes of one organization and its main office (None where it is made).

    ``joined`` is the first day of the membership to open, None when none is opened;
    ``contacts`` are the contact details that all its rows say, ``said_in`` in which row each.
    """

    organization: Organization
    office: Office | None
    joined: date | None
    contacts: dict[str, str] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    seats: list[PlannedSeat] = field(default_factory=list)

    @property
    def has_lead(self) -> bool:
        """Whether the table names a lead; what the portal has besides is not asked."""
        return any(seat.row.role == Role.LEAD for seat in self.seats)


@dataclass(slots=True)
class Plan:
    """What a table would change, and the rows that cannot be taken, with the reasons."""

    organizations: list[PlannedOrganization]
    problems: list[Problem]

    @property
    def seats(self) -> Iterator[tuple[PlannedOrganization, PlannedSeat]]:
        """Every row that can be taken, in the order of the organizations."""
        return ((item, seat) for item in self.organizations for seat in item.seats)

    def of(self, verdict: Verdict) -> list[tuple[PlannedOrganization, PlannedSeat]]:
        return [(item, seat) for item, seat in self.seats if seat.verdict == verdict]

    @property
    def changes_something(self) -> bool:
        opens = any(item.joined for item in self.organizations)
        return opens or any(seat.verdict != Verdict.UNCHANGED for _, seat in self.seats)

    @property
    def digest(self) -> str:
        """What is different as soon as the plan would do anything else.

        A row that is refused meanwhile is missing from ``seats``, so the problems add nothing.
        """
        said = [
            (item.organization.pk, item.joined, item.office and item.office.version)
            for item in self.organizations
        ]
        rows = [(seat.row, seat.verdict, seat.differences) for _, seat in self.seats]
        return hashlib.sha256(repr((said, rows)).encode()).hexdigest()
