"""The figures that the loaded record must give (domain.md: acceptance figures)."""

from datetime import date, timedelta

import pytest

from agreements.models import Agreement, Collaboration
from agreements.queries import standing_on
from chronicle.enums import Metric, ReliefKind
from chronicle.models import Disaster, Relief, StatedFigure
from chronicle.queries import relief_by_kind
from events.models import Event
from members.codes import is_code
from members.models import Membership, Municipality, MunicipalityChange, Organization, Prefecture
from portal.demo import load_demo
from portal.statistics.page import FIGURES, TABLES, table_of

pytestmark = pytest.mark.usefixtures("record")

TODAY = date(2026, 11, 22)


def counts_on(day: date) -> dict[str, int]:
    """The municipalities of ``day`` by kind."""
    kinds = Municipality.objects.on(day).values_list("kind", flat=True)
    return {kind: list(kinds).count(kind) for kind in ("市", "町", "村", "特別区")}


def test_the_register_of_today():
    assert counts_on(TODAY) == {"市": 792, "町": 743, "村": 183, "特別区": 23}
    assert Municipality.objects.on(TODAY).count() == 1741
    assert Prefecture.objects.count() == 47


# By hand from municipality_changes.csv: 滝沢村 became a city on 2014-01-01, 岩舟町 went into
# 栃木市 on 2014-04-05, 富谷町 became a city on 2016-10-10, 那珂川町 on 2018-10-01.
@pytest.mark.parametrize(
    ("day", "cities", "towns", "villages"),
    [
        (date(2013, 12, 31), 789, 746, 184),
        (date(2014, 1, 1), 790, 746, 183),
        (date(2014, 4, 4), 790, 746, 183),
        (date(2014, 4, 5), 790, 745, 183),
        (date(2016, 10, 9), 790, 745, 183),
        (date(2016, 10, 10), 791, 744, 183),
        (date(2018, 9, 30), 791, 744, 183),
        (date(2018, 10, 1), 792, 743, 183),
        (date(2019, 4, 30), 792, 743, 183),
        (date(2019, 5, 1), 792, 743, 183),
    ],
)
def test_the_register_of_an_earlier_day(day, cities, towns, villages):
    assert counts_on(day) == {"市": cities, "町": towns, "村": villages, "特別区": 23}


def test_every_check_digit_holds():
    codes = list(Municipality.objects.values_list("code", flat=True))
    codes += Prefecture.objects.values_list("code6", flat=True)
    assert len(codes) == 1745 + 47
    assert [code for code in codes if not is_code(code)] == []


def test_every_prefecture_has_a_tile_of_its_own():
    tiles = set(Prefecture.objects.values_list("tile_row", "tile_column"))
    assert len(tiles) == 47
    assert all(1 <= row <= 13 and 1 <= column <= 13 for row, column in tiles)


# By hand, for every signing day and the day before: the associations that had signed with
# the sums of their municipalities (北海道の町村 144; 京都の市 15 と町村 11; 青森 10 と 30; 千葉の
# 町村 17; 広島の町 9; 奈良の町村 27; 群馬 12 と 23; 埼玉の町村 23; 千葉の市 37 と山梨の町村 14),
# and the companies. Festival, mutual and ward agreements add to none of them.
STANDING = {
    date(2015, 5, 12): (0, 0, 0),
    date(2015, 5, 13): (0, 0, 0),
    date(2015, 10, 20): (0, 0, 0),
    date(2015, 10, 21): (0, 0, 0),
    date(2016, 4, 25): (0, 0, 0),
    date(2016, 4, 26): (3, 170, 0),
    date(2016, 6, 24): (3, 170, 0),
    date(2016, 6, 25): (5, 210, 0),
    date(2017, 1, 18): (5, 210, 0),
    date(2017, 1, 19): (6, 227, 0),
    date(2017, 1, 26): (6, 227, 0),
    date(2017, 1, 27): (7, 236, 0),
    date(2017, 2, 27): (7, 236, 0),
    date(2018, 2, 20): (7, 236, 0),
    date(2018, 2, 21): (8, 263, 0),
    date(2018, 4, 15): (8, 263, 0),
    date(2018, 4, 16): (10, 298, 0),
    date(2018, 4, 30): (10, 298, 0),
    date(2018, 5, 1): (11, 321, 0),
    date(2018, 8, 22): (11, 321, 0),
    date(2018, 8, 23): (11, 321, 1),
    date(2018, 9, 6): (11, 321, 1),
    date(2018, 9, 7): (11, 321, 1),
    date(2019, 6, 11): (11, 321, 1),
    date(2019, 6, 12): (11, 321, 2),
    date(2019, 9, 4): (11, 321, 2),
    date(2019, 9, 5): (11, 321, 2),
    date(2020, 1, 13): (11, 321, 2),
    date(2020, 1, 14): (13, 372, 3),
    date(2022, 3, 28): (13, 372, 3),
    date(2022, 3, 29): (13, 372, 4),
    date(2024, 10, 1): (13, 372, 4),
    TODAY: (13, 372, 4),
}


@pytest.mark.parametrize(("day", "figures"), STANDING.items())
def test_associations_municipalities_and_companies_of_a_day(day, figures):
    standing = standing_on(day)
    assert (
        len(standing.associations),
        len(standing.municipality_ids),
        len(standing.companies),
    ) == figures


# By hand from agreements.csv: the day from which each agreement is certain.
SIGNED = {
    "A01": date(2016, 4, 26),
    "A02": date(2016, 4, 26),
    "A03": date(2016, 6, 25),
    "A04": date(2016, 6, 25),
    "A05": date(2017, 1, 19),
    "A06": date(2017, 1, 27),
    "A07": date(2018, 2, 21),
    "A08": date(2018, 4, 16),
    "A09": date(2018, 4, 16),
    "A10": date(2018, 5, 1),
    "A11": date(2020, 1, 14),
    "A12": date(2020, 1, 14),
    "A13": date(2018, 8, 23),
    "A14": date(2019, 6, 12),
    "A15": date(2020, 1, 14),
    "A16": date(2022, 3, 29),
    "A17": date(2015, 5, 13),
    "A18": date(2018, 9, 7),
    "A19": date(2019, 9, 5),
    "A20": date(2015, 10, 21),
}


def test_every_agreement_has_its_signing_day_here():
    assert set(Agreement.objects.values_list("record_id", flat=True)) == set(SIGNED)
    days = set(SIGNED.values())
    assert days | {day - timedelta(days=1) for day in days} <= set(STANDING)


@pytest.mark.parametrize(("record_id", "day"), SIGNED.items())
def test_an_agreement_holds_from_its_signing_and_not_the_day_before(record_id, day):
    for on, holds in ((day, True), (day - timedelta(days=1), False)):
        agreement = Agreement.objects.get(record_id=record_id)
        assert agreement.in_force_on(on) is holds
        assert Agreement.objects.in_force_on(on).filter(pk=agreement.pk).exists() is holds


def test_kyoto_is_two_parties_of_one_document():
    parties = Agreement.objects.get(record_id="A02").counterparts
    assert [party.organization.name for party in parties] == ["京都府市長会", "京都府町村会"]


def test_the_relief():
    def disasters(kind: ReliefKind) -> int:
        return Disaster.objects.filter(reliefs__kind=kind).distinct().count()

    assert Disaster.objects.count() == 29
    assert disasters(ReliefKind.RECOVERY_MONEY) == 28
    assert disasters(ReliefKind.SYMPATHY_MONEY) == 1
    assert disasters(ReliefKind.STAFF) == 8
    assert disasters(ReliefKind.GOODS) == 4
    sympathy = Relief.objects.get(kind=ReliefKind.SYMPATHY_MONEY)
    assert sympathy.disaster.name == "令和元年房総半島台風"
    stated = Relief.objects.filter(staff__isnull=False).order_by("disaster__order")
    assert [(relief.disaster.name, relief.staff) for relief in stated] == [
        ("東日本大震災", 7214),
        ("平成28年熊本地震", 432),
        ("令和6年能登半島地震", 230),
    ]


def test_stated_figures_stand_apart_from_computed_ones():
    stated = StatedFigure.objects.filter(metric=Metric.REGISTERED_MEMBERS)
    assert list(
        stated.filter(as_of_latest__lte=date(2017, 12, 31))
        .order_by("as_of_latest")
        .values_list("as_of_latest", "value")
    ) == [(date(2016, 9, 1), 198), (date(2017, 2, 27), 213)]
    assert stated.get(record_id="S004").value_text == "300自治体超"
    assert Membership.objects.count() == 0


def test_a_figure_without_a_date_is_never_the_latest():
    assert StatedFigure.objects.latest_of(Metric.REGISTERED_MEMBERS).record_id == "S004"


def all_figures() -> dict[str, object]:
    """Every figure that the portal computes today, by where it stands."""
    tables = {slug: table_of(slug, TODAY) for slug in [*TABLES, *FIGURES]}
    return {
        "register": counts_on(TODAY),
        "standing": standing_on(TODAY),
        "relief": relief_by_kind(TODAY),
        **{
            slug: [
                [column.value_of(row) for column in table.sheet.columns] for row in table.sheet.rows
            ]
            for slug, table in tables.items()
            if table is not None
        },
    }


def test_samples_never_enter_a_figure():
    before = all_figures()
    assert len(before) > 10
    load_demo()
    assert all_figures() == before
    assert Membership.objects.filter(is_sample=True).count() > 60
    assert Membership.objects.real().count() == 0
    assert Event.objects.filter(is_sample=True).count() == 2
    assert Event.objects.real().count() == 71
    assert Collaboration.objects.real().count() == 20
    assert StatedFigure.objects.count() == 41


def test_wards_and_the_secretariat_have_no_membership():
    load_demo()
    members = Organization.objects.filter(memberships__isnull=False)
    assert {"岩手県北上市", "福井県坂井市"} < {body.full_name for body in members}
    assert not [body for body in members if body.is_ward or body.is_secretariat]


def test_none_of_the_changes_touches_the_associations_of_the_agreements():
    changed = MunicipalityChange.objects.values_list("former", "current")
    touched = {pk for pair in changed for pk in pair}
    assert len(touched) == 9
    assert standing_on(TODAY).municipality_ids.isdisjoint(touched)
