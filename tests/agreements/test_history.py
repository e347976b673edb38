"""How the agreements grew, when they end and when what they cover changes."""

from datetime import date

import pytest

from agreements.enums import AgreementKind
from agreements.models import Agreement
from agreements.queries import history_until, standing_on
from members.enums import CoveredKinds
from members.models import CoverageException
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import (
    AssociationFactory,
    CompanyFactory,
    CoverageFactory,
    OrganizationFactory,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def town_association(db):
    """A 町村会 of 島根県, bound since 2016-04-26, with one town."""
    association = AssociationFactory()
    CoverageFactory(organization=association)
    PartyFactory(agreement=AgreementFactory(earliest=date(2016, 4, 26)), organization=association)
    OrganizationFactory()
    return association


def numbers(standing) -> tuple[int, int, int]:
    return (
        len(standing.associations),
        len(standing.municipality_ids),
        len(standing.companies),
    )


def test_an_agreement_that_ends_makes_a_turn(town_association):
    Agreement.objects.update(terminated_on=date(2020, 4, 1))
    turns = history_until(TODAY).turns
    assert [turn.standing.day for turn in turns] == [date(2016, 4, 26), date(2020, 4, 1)]
    assert numbers(turns[1].standing) == (0, 0, 0)
    assert turns[1].signed == []
    assert history_until(TODAY).bound == []


def test_an_agreement_with_a_last_day_counts_on_it_and_not_after(town_association):
    Agreement.objects.update(ends_on=date(2020, 3, 31), renews="none")
    assert [turn.standing.day for turn in history_until(TODAY).turns] == [
        date(2016, 4, 26),
        date(2020, 4, 1),
    ]


def test_a_change_of_what_is_covered_makes_a_turn(town_association):
    leaving = OrganizationFactory(municipality__valid_until=date(2018, 9, 30)).municipality
    joining = OrganizationFactory().municipality
    CoverageException.objects.create(
        organization=town_association,
        municipality=joining,
        included=False,
        valid_until=date(2021, 12, 31),
    )
    history = history_until(TODAY)
    assert [(turn.standing.day, len(turn.standing.municipality_ids)) for turn in history.turns] == [
        (date(2016, 4, 26), 2),
        (date(2018, 10, 1), 1),
        (date(2022, 1, 1), 2),
    ]
    assert leaving.pk in history.turns[0].standing.municipality_ids
    assert history.standing_on(TODAY) == standing_on(TODAY)


def test_an_exception_may_add_a_municipality_of_another_prefecture(town_association):
    elsewhere = OrganizationFactory(
        municipality__prefecture__code="03", municipality__code="032069", municipality__kind="市"
    )
    CoverageException.objects.create(
        organization=town_association, municipality=elsewhere.municipality, included=True
    )
    (bound,) = history_until(TODAY).bound
    assert bound.kinds == {"町": 1, "市": 1}


def test_the_first_agreement_of_an_association_is_the_one_that_is_named(town_association):
    later = AgreementFactory(earliest=date(2019, 5, 1))
    PartyFactory(agreement=later, organization=town_association)
    (bound,) = history_until(TODAY).bound
    assert bound.agreement.earliest == date(2016, 4, 26)
    assert [turn.standing.day for turn in history_until(TODAY).turns] == [date(2016, 4, 26)]


def test_two_associations_may_cover_the_same_municipality(town_association):
    wider = AssociationFactory()
    CoverageFactory(organization=wider, kinds=CoveredKinds.ALL)
    PartyFactory(agreement=AgreementFactory(earliest=date(2017, 1, 1)), organization=wider)
    standing = history_until(TODAY).standing_on(TODAY)
    assert numbers(standing) == (2, 1, 0)


def test_agreements_of_other_kinds_are_left_out(db):
    mutual = AgreementFactory(kind=AgreementKind.MUTUAL)
    PartyFactory(agreement=mutual, organization=CompanyFactory())
    assert history_until(TODAY).turns == []
