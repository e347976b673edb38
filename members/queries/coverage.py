"""Which municipalities associations cover, on any day."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from core.dates import lies_within
from members.enums import ChangeKind, MunicipalityKind
from members.models import (
    Coverage,
    CoverageException,
    Municipality,
    MunicipalityChange,
    Organization,
)

_MUNICIPALITY = ("pk", "prefecture_id", "kind", "valid_from", "valid_until", "town_from")


@dataclass(frozen=True)
class CoverageRules:
    """What some associations cover, and the register they cover it in: read once, for any day.

    ``municipalities`` are bare rows (pk, prefecture_id, kind, valid_from, valid_until, town_from):
    there are hundreds, and each is looked at for each day. ``town_from`` is the day on which a
    village became a town.
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
        present = set()
        for row in self.municipalities:
            if _holds_on(row, day):
                standing[row.prefecture_id].append(row)
                present.add(row.pk)
        for rule in self.coverages:
            if _holds_on(rule, day):
                kinds = rule.kinds
                covered[rule.organization_id].update(
                    row.pk for row in standing[rule.prefecture_id] if row.kind in kinds
                )
        for exception in self.exceptions:
            # An exception need not be ended for a municipality that is no more.
            if _holds_on(exception, day) and exception.municipality_id in present:
                change = covered[exception.organization_id]
                (change.add if exception.included else change.discard)(exception.municipality_id)
        return covered

    def kinds_on(self, day: date, municipality_ids: set[int]) -> Counter[str]:
        """How many of the municipalities are of each kind on ``day``.

        A village that becomes a town keeps its row, which says what it is today.
        """
        rows = (row for row in self.municipalities if row.pk in municipality_ids)
        return Counter(_kind_on(row, day) for row in rows)

    @property
    def turning_days(self) -> set[date]:
        """The days from which a rule, an exception or a municipality holds, or no longer does."""
        rows = [*self.coverages, *self.exceptions, *self.municipalities]
        begin = {row.valid_from for row in rows if row.valid_from}
        return begin | {row.valid_until + timedelta(days=1) for row in rows if row.valid_until}


def _kind_on(row: Any, day: date) -> str:
    if row.town_from is None:
        return row.kind
    return MunicipalityKind.VILLAGE if day < row.town_from else MunicipalityKind.TOWN


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
    became_town = MunicipalityChange.objects.filter(
        kind=ChangeKind.VILLAGE_TO_TOWN, current=OuterRef("pk")
    )
    return CoverageRules(
        coverages,
        exceptions,
        list(
            Municipality.objects.filter(Q(prefecture__in=prefectures) | Q(pk__in=excepted))
            .annotate(town_from=Subquery(became_town.values("date")[:1]))
            .order_by()
            .values_list(*_MUNICIPALITY, named=True)
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
