"""What associations cover on a day, and who answers questions."""

from datetime import date

import pytest

from members.enums import CoveredKinds
from members.models import Municipality
from members.queries import associations_covering, covered_on, desks
from tests.factories.members import (
    AssociationFactory,
    CoverageExceptionFactory,
    CoverageFactory,
    MunicipalityFactory,
    OfficeFactory,
)

pytestmark = pytest.mark.django_db

BEFORE, FIRST, LAST, AFTER = (
    date(2018, 3, 31),
    date(2018, 4, 1),
    date(2020, 3, 31),
    date(2020, 4, 1),
)


@pytest.fixture
def towns():
    """The 町村会 of 島根県, covering its towns and villages."""
    return CoverageFactory(kinds=CoveredKinds.TOWNS).organization


def names_on(association, day: date) -> list[str]:
    covered = covered_on([association], day)[association.pk]
    return [row.name for row in Municipality.objects.filter(pk__in=covered)]


def test_an_association_covers_its_kinds_in_its_prefecture(towns):
    town = MunicipalityFactory(name="町", kind="町")
    village = MunicipalityFactory(name="村", kind="村")
    MunicipalityFactory(name="市", kind="市")
    MunicipalityFactory(name="隣の町", kind="町", prefecture__code="18")
    assert covered_on([towns], FIRST) == {towns.pk: {town.pk, village.pk}}
    CoverageFactory(organization=towns, kinds=CoveredKinds.CITIES)
    assert sorted(names_on(towns, FIRST)) == ["市", "村", "町"]


def test_an_exception_holds_between_its_days(towns):
    town = MunicipalityFactory(name="町", kind="町")
    city = MunicipalityFactory(name="市", kind="市")
    days = {"valid_from": FIRST, "valid_until": LAST}
    CoverageExceptionFactory(organization=towns, municipality=town, included=False, **days)
    CoverageExceptionFactory(organization=towns, municipality=city, included=True, **days)
    assert names_on(towns, BEFORE) == ["町"]
    assert names_on(towns, FIRST) == names_on(towns, LAST) == ["市"]
    assert names_on(towns, AFTER) == ["町"]


def test_a_rule_holds_between_its_days(towns):
    MunicipalityFactory(name="町", kind="町")
    towns.coverages.update(valid_from=FIRST, valid_until=LAST)
    covered = [names_on(towns, day) for day in (BEFORE, FIRST, LAST, AFTER)]
    assert covered == [[], ["町"], ["町"], []]


def test_a_town_that_became_a_city_leaves_the_towns(towns):
    MunicipalityFactory(name="旧町", kind="町", valid_until=BEFORE)
    MunicipalityFactory(name="新市", kind="市", valid_from=FIRST)
    cities = CoverageFactory(kinds=CoveredKinds.CITIES).organization
    assert (names_on(towns, BEFORE), names_on(cities, BEFORE)) == (["旧町"], [])
    assert (names_on(towns, FIRST), names_on(cities, FIRST)) == ([], ["新市"])


def test_an_association_without_a_rule_covers_nothing():
    MunicipalityFactory()
    association = AssociationFactory()
    assert covered_on([association], FIRST)[association.pk] == set()
    assert covered_on([], FIRST) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_coverage_takes_three_queries_however_many_associations(
    number, django_assert_num_queries, raise_on_fetch
):
    associations = [
        CoverageFactory(organization__prefecture__code=f"{30 + i}").organization
        for i in range(number)
    ]
    for association in associations:
        MunicipalityFactory(prefecture=association.prefecture)
        CoverageExceptionFactory(organization=association, municipality__kind="市")
    with django_assert_num_queries(3):
        covered = covered_on(associations, FIRST)
    assert [len(covered[association.pk]) for association in associations] == [2] * number


def test_the_associations_that_cover_a_municipality(towns):
    town, city = MunicipalityFactory(kind="町"), MunicipalityFactory(kind="市")
    elsewhere = CoverageFactory(organization__prefecture__code="18").organization
    CoverageExceptionFactory(organization=elsewhere, municipality=city, valid_from=FIRST)
    assert associations_covering(town, FIRST) == [towns]
    assert associations_covering(city, BEFORE) == []
    assert associations_covering(city, FIRST) == [elsewhere]


def test_a_municipality_that_is_no_more_is_covered_until_its_last_day(towns):
    town = MunicipalityFactory(valid_until=LAST)
    assert associations_covering(town, LAST) == [towns]
    assert associations_covering(town, AFTER) == []


def test_the_register_holds_both_of_its_days():
    MunicipalityFactory(valid_from=FIRST, valid_until=LAST)
    found = [Municipality.objects.on(day).count() for day in (BEFORE, FIRST, LAST, AFTER)]
    assert found == [0, 1, 1, 0]


def test_the_desks_stand_in_their_order(django_assert_num_queries, raise_on_fetch):
    OfficeFactory()
    second = OfficeFactory(desk_heading="会員登録について", desk_order=2)
    first = OfficeFactory(desk_heading="プロジェクトについて", desk_order=1)
    with django_assert_num_queries(1):
        found = desks()
        assert found == [first, second]
        assert all(desk.organization.name for desk in found)
