"""The joint projects of the record under every condition; figures counted by hand in the data."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agreements.enums import CollaborationStatus, Origin
from agreements.models import Collaboration
from agreements.queries import collaborations as queries
from agreements.queries import collaborations_of
from agreements.queries.collaborations import Conditions
from members.models import Municipality, Organization, Prefecture, Theme

pytestmark = pytest.mark.usefixtures("record")

NOBODY = AnonymousUser()


def ids(conditions: Conditions) -> set[str]:
    rows = queries.found(NOBODY, conditions)
    assert len(rows) == len(set(rows))
    return {str(project.record_id) for project in rows}


def test_everything_is_public():
    assert len(ids(Conditions())) == 20


@pytest.mark.parametrize(
    ("ward", "found"),
    [
        ("品川区", {"C004", "C005", "C009", "C013", "C016", "C020", "C021"}),
        ("荒川区", {"C003", "C004", "C005", "C007", "C011", "C013", "C016"}),
        ("千代田区", {"C005", "C013", "C016"}),
    ],
)
def test_by_ward(ward, found):
    assert ids(Conditions(ward=Municipality.objects.get(name=ward))) == found


@pytest.mark.parametrize(
    ("prefecture", "found"),
    [
        ("福井県", {"C009", "C021"}),
        ("広島県", {"C020", "C021"}),
        ("岩手県", {"C002", "C004", "C005", "C011", "C012", "C021"}),
        ("沖縄県", set()),
    ],
)
def test_by_prefecture_of_a_partner(prefecture, found):
    assert ids(Conditions(prefecture=Prefecture.objects.get(name=prefecture))) == found


@pytest.mark.parametrize(
    ("theme", "number"), [("産業", 11), ("観光", 11), ("文化", 3), ("教育", 2), ("環境", 1)]
)
def test_by_theme(theme, number):
    assert len(ids(Conditions(theme=Theme.objects.get(name=theme)))) == number


def test_by_the_fiscal_year_in_which_it_certainly_began():
    years = queries.years_of(Collaboration.objects.visible_to(NOBODY))
    assert {year: len(keys) for year, keys in years.ids.items()} == {
        None: 3,
        2014: 1,
        2015: 7,
        2016: 3,
        2018: 2,
        2020: 2,
        2021: 1,
        2022: 1,
    }
    assert years.listed == [2022, 2021, 2020, 2019, 2018, 2017, 2016, 2015, 2014]
    assert ids(Conditions(started=years.ids[2020])) == {"C018", "C019"}
    # A calendar year lies in two fiscal years; of two more nothing is known.
    assert ids(Conditions(started=years.ids[None])) == {"C001", "C023", "C024"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("雪", {"C002", "C004", "C011"}),
        ("雪　あらかわ", {"C004", "C011"}),
        ("さかいし", {"C009", "C021"}),
        ("182109", {"C009", "C021"}),
        ("雪 広島", set()),
    ],
)
def test_by_words(words, found):
    assert ids(Conditions(words=words)) == found


def test_counts_of_each_choice():
    assert queries.origin_counts(NOBODY, Conditions()) == {
        Origin.BOARD: 1,
        Origin.ASSEMBLY: 1,
        Origin.INTRODUCTION: 0,
        Origin.AGREEMENT: 4,
        Origin.CONTINUATION: 4,
        Origin.OTHER: 10,
    }
    assert queries.status_counts(NOBODY, Conditions()) == {
        CollaborationStatus.PLANNED: 0,
        CollaborationStatus.UNDER_WAY: 6,
        CollaborationStatus.ENDED: 14,
        CollaborationStatus.CANCELLED: 0,
    }


def test_counts_keep_the_other_conditions():
    asked = Conditions(origins=(Origin.AGREEMENT,), statuses=(CollaborationStatus.ENDED,))
    # 協定 and 終了: C016 and C020; its own condition does not narrow a count.
    assert ids(asked) == {"C016", "C020"}
    assert queries.status_counts(NOBODY, asked)[CollaborationStatus.UNDER_WAY] == 2
    assert queries.origin_counts(NOBODY, asked)[Origin.BOARD] == 1


def test_the_latest_start_stands_first():
    ordered = queries.latest_first(queries.found(NOBODY, Conditions()))
    listed = [project.record_id for project in ordered]
    assert listed[:2] == ["C021", "C020"]
    assert listed[-3] == "C001"
    assert set(listed[-2:]) == {"C023", "C024"}


def test_of_one_organization():
    sakai = Organization.objects.get(record_key="182109")
    assert [project.record_id for project in collaborations_of(sakai, NOBODY)] == [
        "C021",
        "C009",
    ]
