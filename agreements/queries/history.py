"""How agreements and the municipalities they reach grew, from one reading of the record."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import F

from agreements.enums import AgreementKind, Side
from agreements.models import Agreement, AgreementParty
from agreements.queries.agreements import Standing
from members.models import Organization
from members.queries import CoverageRules, coverage_rules


@dataclass(frozen=True)
class Turn:
    """A day on which the figures changed: how they stood before and from it, and what was signed.

    An agreement whose day is not known counts from the first day on which it is certain.
    """

    before: Standing
    standing: Standing
    signed: list[Agreement]


@dataclass(frozen=True)
class Bound:
    """An association bound on a day, with the first agreement that binds it.

    ``kinds`` counts the municipalities it covers on that day, by their kind.
    """

    association: Organization
    agreement: Agreement
    kinds: Counter[str]


@dataclass(frozen=True)
class History:
    """The wide-area and comprehensive agreements certain by ``day``, and what they reach."""

    day: date
    parties: list[AgreementParty]
    coverage: CoverageRules

    def standing_on(self, day: date) -> Standing:
        """As ``queries.standing_on``, for any day up to ``self.day``, without a query."""
        associations = self._bodies_bound_on(day, AgreementKind.WIDE_AREA)
        covered = self.coverage.on(day)
        return Standing(
            day=day,
            associations=associations,
            municipality_ids=set().union(*(covered[body.pk] for body in associations)),
            companies=self._bodies_bound_on(day, AgreementKind.COMPREHENSIVE),
        )

    def _bodies_bound_on(self, day: date, kind: AgreementKind) -> list[Organization]:
        return list(
            dict.fromkeys(
                party.organization
                for party in self.parties
                if party.agreement.kind == kind and party.agreement.in_force_on(day)
            )
        )

    @cached_property
    def turns(self) -> list[Turn]:
        """The days on which any of the figures changed, the earliest first."""
        turns: list[Turn] = []
        last = Standing(date.min, [], set(), [])
        for day in sorted(day for day in self._turning_days if day <= self.day):
            standing = self.standing_on(day)
            if replace(standing, day=last.day) != last:
                turns.append(Turn(last, standing, self._signed_on(day)))
                last = standing
        return turns

    @property
    def _turning_days(self) -> set[date]:
        agreements = {party.agreement for party in self.parties}
        ends = {row.ends_on + timedelta(days=1) for row in agreements if row.ends_on}
        terminated = {row.terminated_on for row in agreements if row.terminated_on}
        signed = {row.latest for row in agreements}
        return signed | ends | terminated | self.coverage.turning_days

    def _signed_on(self, day: date) -> list[Agreement]:
        signed = (party.agreement for party in self.parties if party.agreement.latest == day)
        return list(dict.fromkeys(signed))

    @cached_property
    def bound(self) -> list[Bound]:
        """The associations bound on ``day``, in the order of their prefectures."""
        covered = self.coverage.on(self.day)
        first = {
            party.organization: party.agreement
            for party in reversed(self.parties)
            if party.agreement.kind == AgreementKind.WIDE_AREA
            and party.agreement.in_force_on(self.day)
        }
        return [
            Bound(body, first[body], self.kinds_of(covered[body.pk]))
            for body in self._bodies_bound_on(self.day, AgreementKind.WIDE_AREA)
        ]

    def kinds_of(self, municipality_ids: set[int]) -> Counter[str]:
        """How many of the municipalities are of each kind."""
        return self.coverage.kinds_on(self.day, municipality_ids)


def history_until(day: date) -> History:
    """The agreements and what they reach up to ``day``. Four queries."""
    parties = list(
        AgreementParty.objects.filter(
            side=Side.COUNTERPART,
            agreement__kind__in=(AgreementKind.WIDE_AREA, AgreementKind.COMPREHENSIVE),
            agreement__latest__lte=day,
        )
        .select_related("agreement", "organization__prefecture")
        .order_by(
            F("organization__prefecture").asc(nulls_last=True),
            "organization",
            "agreement__latest",
            "pk",
        )
    )
    wide_area = (row for row in parties if row.agreement.kind == AgreementKind.WIDE_AREA)
    return History(day, parties, coverage_rules([party.organization for party in wide_area]))
