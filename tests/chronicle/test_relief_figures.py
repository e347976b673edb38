"""What the record of the relief comes to, counted by hand from disasters.csv and relief.csv."""

from datetime import date

import pytest

from chronicle.enums import ReliefKind
from chronicle.models import Disaster, Relief
from chronicle.queries import (
    latest_relief,
    relief_by_kind,
    relief_by_prefecture,
    relief_by_year,
    reliefs_received,
    stated_figures_of,
)
from members.models import Organization

pytestmark = pytest.mark.usefixtures("record")

TODAY = date(2026, 11, 22)
STAFF, GOODS, RECOVERY, SYMPATHY = ReliefKind


def counts(day: date) -> dict[ReliefKind, int]:
    return {total.kind: total.disasters for total in relief_by_kind(day)}


def test_the_acceptance_figures():
    assert Disaster.objects.count() == 29
    assert counts(TODAY) == {STAFF: 8, GOODS: 4, RECOVERY: 28, SYMPATHY: 1}


def test_the_staff_stated_and_how_many_disasters_state_none():
    staff = relief_by_kind(TODAY)[0].staff
    assert staff.numbers == (7214, 432, 230)
    assert staff.total == 7876
    assert staff.silent == 5


def test_the_money_stated_and_how_many_rows_state_none():
    amount = relief_by_kind(TODAY)[2].amount
    assert amount.numbers == (30_000_000, 5_000_000, 3_000_000)
    assert (amount.silent, amount.rows) == (27, 30)
    others = [total.amount for total in relief_by_kind(TODAY) if total.kind != RECOVERY]
    assert [other.numbers for other in others] == [(), (), ()]


def test_exactly_one_received_sympathy_money():
    [relief] = Relief.objects.filter(kind=SYMPATHY)
    assert relief.disaster.name == "令和元年房総半島台風"
    assert [body.name for body in relief.recipients.all()] == ["東京都島しょ部"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2008, 6, 13), (0, 0, 0, 0)),
        (date(2008, 6, 14), (0, 0, 1, 0)),
        (date(2011, 3, 11), (1, 1, 2, 0)),
        (date(2016, 4, 15), (2, 1, 3, 0)),
        (date(2016, 4, 16), (3, 2, 4, 0)),
        # Of a month, every day may have been the last one.
        (date(2019, 9, 29), (5, 2, 14, 0)),
        (date(2019, 9, 30), (6, 3, 14, 1)),
        (date(2024, 7, 30), (8, 4, 27, 1)),
        (date(2024, 7, 31), (8, 4, 28, 1)),
    ],
)
def test_a_disaster_counts_once_it_is_certain(day, expected):
    assert tuple(counts(day).values()) == expected
    assert sum(total.by_kind[RECOVERY] for total in relief_by_year(day)) == expected[2]


def test_the_years():
    found = {
        total.year: (total.disasters, *total.by_kind.values()) for total in relief_by_year(TODAY)
    }
    assert found == {
        2008: (1, 0, 0, 1, 0),
        2011: (1, 1, 1, 1, 0),
        2013: (1, 1, 0, 1, 0),
        2016: (3, 1, 1, 3, 0),
        2017: (4, 0, 0, 4, 0),
        2018: (3, 2, 0, 3, 0),
        2019: (3, 2, 2, 2, 1),
        2020: (1, 0, 0, 1, 0),
        2021: (3, 0, 0, 3, 0),
        2022: (4, 0, 0, 4, 0),
        2023: (3, 0, 0, 3, 0),
        2024: (2, 1, 0, 2, 0),
    }


def test_the_prefectures():
    totals = relief_by_prefecture(TODAY)
    assert len(totals) == 35
    assert [total.prefecture.code for total in totals] == sorted(
        total.prefecture.code for total in totals
    )
    found = {total.prefecture.name: total.disasters for total in totals}
    # Each disaster once, although 群馬県 and 千葉県 received through two associations each.
    assert found["福島県"] == found["福岡県"] == 5
    assert found["岩手県"] == found["宮城県"] == found["茨城県"] == found["大分県"] == 4
    assert found["群馬県"] == 1
    assert found["千葉県"] == 3
    assert found["東京都"] == 2
    assert "神奈川県" not in found
    assert sum(found.values()) == 71


def test_the_bodies_of_a_prefecture():
    named = {
        total.prefecture.name: sorted(body.full_name for body in total.recipients)
        for total in relief_by_prefecture(TODAY)
    }
    assert named["東京都"] == ["東京都大島町", "東京都島しょ部"]
    assert named["群馬県"] == ["群馬県市長会", "群馬県町村会"]
    assert named["宮城県"] == ["宮城県", "宮城県市長会"]


def test_what_the_prefectures_were_given_where_it_is_stated():
    stated = {
        total.prefecture.name: (total.amount.total, total.amount.silent)
        for total in relief_by_prefecture(TODAY)
        if total.amount.numbers
    }
    assert stated == {
        "新潟県": (5_000_000, 1),
        "富山県": (3_000_000, 0),
        "石川県": (30_000_000, 1),
    }


def test_the_last_disasters_of_the_home_page():
    rows = [
        (given.disaster.name, given.support_text, given.recipients_text)
        for given in latest_relief(3)
    ]
    assert rows == [
        ("令和6年7月25日からの大雨", "復興支援金", "山形県"),
        ("令和6年能登半島地震", "職員派遣（230名）、復興支援金", "石川県、新潟県、富山県"),
        ("令和5年台風第13号", "復興支援金", "福島県、茨城県、千葉県"),
    ]


def test_what_one_body_received():
    received = reliefs_received(Organization.objects.get(name="石川県"))
    assert [given.disaster.record_id for given in received] == ["D28", "D22"]
    assert received[0].amount.numbers == (30_000_000,)
    assert [relief.kind for relief in received[0].reliefs] == [RECOVERY]
    assert reliefs_received(Organization.objects.get(name="神奈川県")) == []


def test_the_figures_that_were_published_about_a_disaster():
    figures = stated_figures_of(Disaster.objects.get(record_id="D02"))
    assert [figure.record_id for figure in figures] == ["S025", "S021", "S020"]
    assert stated_figures_of(Disaster.objects.get(record_id="D01")) == []


def test_two_earthquakes_of_one_name_are_told_apart():
    names = [str(row) for row in Disaster.objects.filter(name="福島県沖を震源とする地震")]
    assert names == [
        "福島県沖を震源とする地震（2021年（令和3年）2月）",
        "福島県沖を震源とする地震（2022年（令和4年）3月）",
    ]
