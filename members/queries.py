"""Reads over several tables of the members' room."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from core.dates import lies_within, today
from members.enums import Role
from members.models import (
    Coverage,
    CoverageException,
    Municipality,
    Office,
    Organization,
    Seat,
    User,
)


@dataclass(frozen=True)
class CoverageRules:
    """What some associations cover, and the register they cover it in: read once, for any day.

    ``municipalities`` are bare rows (pk, prefecture_id, kind, valid_from, valid_until): there
    are hundreds, and each is looked at for each day.
    """

    coverages: list[Coverage]
    exceptions: list[CoverageException]
    municipalities: list[Any]

    def on(self, day: date) -> dict[int, set[int]]:
        """The ids of the municipalities that each association covers on ``day``.

        Keyed by organization id. Computed from the register of that day by each association's
        rule, then its dated exceptions.
        """
        covered: dict[int, set[int]] = defaultdict(set)
        standing = defaultdict(list)
        for row in self.municipalities:
            if _holds_on(row, day):
                standing[row.prefecture_id].append(row)
        for rule in self.coverages:
            if _holds_on(rule, day):
                kinds = rule.kinds
                covered[rule.organization_id].update(
                    row.pk for row in standing[rule.prefecture_id] if row.kind in kinds
                )
        for exception in self.exceptions:
            if _holds_on(exception, day):
                change = covered[exception.organization_id]
                (change.add if exception.included else change.discard)(exception.municipality_id)
        return covered

    @property
    def turning_days(self) -> set[date]:
        """The days from which a rule, an exception or a municipality holds, or no longer does."""
        rows = [*self.coverages, *self.exceptions, *self.municipalities]
        begin = {row.valid_from for row in rows if row.valid_from}
        return begin | {row.valid_until + timedelta(days=1) for row in rows if row.valid_until}


def _holds_on(row: Any, day: date) -> bool:
    """As ``PeriodQuerySet.on``, of a row that has been read."""
    return lies_within(day, row.valid_from, row.valid_until)


def coverage_rules(organizations: list[Organization]) -> CoverageRules:
    """The rules of ``organizations``. Three queries, however many there are."""
    keys = [organization.pk for organization in organizations]
    coverages = list(Coverage.objects.filter(organization__in=keys))
    exceptions = list(CoverageException.objects.filter(organization__in=keys))
    prefectures = {coverage.prefecture_id for coverage in coverages}
    excepted = {exception.municipality_id for exception in exceptions}
    return CoverageRules(
        coverages,
        exceptions,
        list(
            Municipality.objects.filter(Q(prefecture__in=prefectures) | Q(pk__in=excepted))
            .order_by()
            .values_list("pk", "prefecture_id", "kind", "valid_from", "valid_until", named=True)
        ),
    )


def covered_on(organizations: list[Organization], day: date) -> dict[int, set[int]]:
    """The ids of the municipalities that each of ``organizations`` covers on ``day``, by its id.

    Three queries, however many associations.
    """
    return coverage_rules(organizations).on(day)


def associations_covering(municipality: Municipality, day: date) -> list[Organization]:
    """The associations that cover ``municipality`` on ``day``."""
    candidates = Organization.objects.filter(
        Q(coverages__prefecture=municipality.prefecture_id)
        | Q(coverage_exceptions__municipality=municipality)
    ).distinct()
    covered = covered_on(list(candidates), day)
    return [
        organization for organization in candidates if municipality.pk in covered[organization.pk]
    ]


def desks() -> list[Office]:
    """The two offices that answer questions, for the foot of every page."""
    return list(Office.objects.desks().select_related("organization"))


def roster(office: Office, user: User) -> list[Seat]:
    """Who sits at ``office`` today, as far as ``user`` may know: leads first, then deputies."""
    seats = office.seats.on(today()).active().visible_to(user).with_user().order_by("pk")
    return sorted(seats, key=lambda seat: list(Role).index(Role(seat.role)))
