"""Agreements as of a day: who is bound, and which municipalities that reaches."""

from datetime import date

import pytest

from agreements.enums import AgreementKind, Side
from agreements.models import Agreement
from agreements.queries import agreements_reaching, covered_by, standing_on
from core.dates import Precision
from members.enums import CoveredKinds
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import (
    BodyFactory,
    CompanyFactory,
    CoverageFactory,
    MunicipalityFactory,
    OrganizationFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2016, 4, 26)
EVE = date(2016, 4, 25)


@pytest.fixture
def towns():
    """A 町村会 with a wide-area agreement since ``DAY``."""
    association = CoverageFactory(kinds=CoveredKinds.TOWNS).organization
    agreement = AgreementFactory(title="町村会との協定", earliest=DAY)
    PartyFactory(agreement=agreement, organization=association)
    PartyFactory(agreement=agreement, organization=SecretariatFactory(), side=Side.SPECIAL_WARDS)
    return association


def test_an_agreement_counts_from_its_day(towns):
    MunicipalityFactory()
    eve, day = standing_on(EVE), standing_on(DAY)
    assert (eve.associations, eve.municipality_ids) == ([], set())
    assert (day.associations, len(day.municipality_ids)) == ([towns], 1)
    assert day.prefecture_ids == {"32"}


def test_an_unsure_day_counts_from_its_latest():
    agreement = AgreementFactory(
        earliest=date(2018, 3, 16), latest=date(2018, 4, 16), precision=Precision.BETWEEN
    )
    PartyFactory(agreement=agreement)
    assert standing_on(date(2018, 4, 15)).associations == []
    assert len(standing_on(date(2018, 4, 16)).associations) == 1


def test_a_terminated_agreement_counts_until_the_day_before():
    agreement = AgreementFactory(terminated_on=date(2020, 4, 1))
    PartyFactory(agreement=agreement)
    assert len(standing_on(date(2020, 3, 31)).associations) == 1
    assert standing_on(date(2020, 4, 1)).associations == []
    assert not agreement.in_force_on(date(2020, 4, 1))


def test_an_agreement_without_a_known_day_never_counts():
    PartyFactory(agreement=AgreementFactory(earliest=None))
    assert standing_on(date(2100, 1, 1)).associations == []


def test_associations_are_counted_and_not_documents(towns):
    second = CoverageFactory(kinds=CoveredKinds.CITIES).organization
    PartyFactory(agreement=Agreement.objects.get(), organization=second)
    PartyFactory(agreement=AgreementFactory(), organization=towns)
    assert set(standing_on(DAY).associations) == {towns, second}
    assert len(standing_on(DAY).associations) == 2


def test_only_the_two_kinds_and_the_counterparts_are_counted(towns):
    company = CompanyFactory()
    comprehensive = AgreementFactory(kind=AgreementKind.COMPREHENSIVE)
    PartyFactory(agreement=comprehensive, organization=company)
    witness = BodyFactory(name="見本の立会人")
    PartyFactory(agreement=comprehensive, organization=witness, side=Side.WITNESS)
    mutual = AgreementFactory(kind=AgreementKind.MUTUAL)
    PartyFactory(agreement=mutual, organization=OrganizationFactory())
    standing = standing_on(DAY)
    assert standing.companies == [company]
    assert standing.associations == [towns]


def test_a_municipality_of_two_associations_counts_once(towns):
    MunicipalityFactory(kind="町")
    both = CoverageFactory(kinds=CoveredKinds.ALL).organization
    PartyFactory(agreement=AgreementFactory(), organization=both)
    assert len(standing_on(DAY).municipality_ids) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_figures_of_a_day_take_five_queries(number, django_assert_num_queries, raise_on_fetch):
    for _ in range(number):
        PartyFactory(organization=CoverageFactory().organization)
        PartyFactory(
            agreement=AgreementFactory(kind=AgreementKind.COMPREHENSIVE),
            organization=CompanyFactory(),
        )
    with django_assert_num_queries(5):
        standing = standing_on(DAY)
        assert len(standing.associations) == len(standing.companies) == number
        assert standing.prefecture_ids == {"32"}


def test_an_agreement_reaches_a_town_through_its_association(towns):
    town = OrganizationFactory(municipality__kind="町")
    city = OrganizationFactory(municipality__kind="市")
    (reach,) = agreements_reaching(town, DAY)
    assert (reach.agreement.title, reach.through) == ("町村会との協定", towns)
    assert agreements_reaching(town, EVE) == []
    assert agreements_reaching(city, DAY) == []


def test_an_own_agreement_comes_before_those_of_associations(towns):
    town = OrganizationFactory(municipality__kind="町")
    own = AgreementFactory(kind=AgreementKind.MUTUAL, earliest=date(2020, 9, 5))
    PartyFactory(agreement=own, organization=town)
    reaches = agreements_reaching(town, date(2020, 9, 5))
    assert [(reach.agreement, reach.through) for reach in reaches] == [
        (own, None),
        (Agreement.objects.get(title="町村会との協定"), towns),
    ]


def test_a_festival_agreement_of_an_association_reaches_no_municipality(towns):
    Agreement.objects.update(kind=AgreementKind.FESTIVAL)
    assert agreements_reaching(OrganizationFactory(municipality__kind="町"), DAY) == []


def test_the_ward_side_does_not_reach_its_own_municipalities():
    wards = CoverageFactory().organization
    PartyFactory(organization=wards, side=Side.SPECIAL_WARDS)
    assert agreements_reaching(OrganizationFactory(), DAY) == []


def test_a_company_is_reached_by_what_it_signed_alone(towns):
    company = CompanyFactory()
    party = PartyFactory(organization=company)
    assert [reach.agreement for reach in agreements_reaching(company, DAY)] == [party.agreement]


def test_what_an_association_covers_by_kind(towns):
    for kind, name in (("町", "甲町"), ("村", "乙村"), ("町", "丙町"), ("市", "丁市")):
        OrganizationFactory(municipality__kind=kind, municipality__name=name)
    empty = BodyFactory()
    (covered,) = covered_by([towns, empty], DAY)
    assert covered.association == towns
    assert covered.kinds_text == "2町、1村"
    assert [body.name for body in covered.municipalities] == ["甲町", "乙村", "丙町"]
