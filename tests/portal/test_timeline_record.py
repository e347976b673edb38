"""The whole record on the timeline, held against the data files and the two documents.

What is expected is read from the data files by ``tests.portal.chronology``, or typed in by
hand from the documents; the order of the entries is in ``test_timeline_order``.
"""

from collections import Counter

import pytest

from portal import timeline
from portal.timeline import Entry
from tests.portal.chronology import fiscal_year_of_row, items, read_chronology, rows

pytestmark = pytest.mark.usefixtures("record")


def ids(text: str) -> list[str]:
    return text.split()


# Records that no milestone refers to, and that stand by themselves.
OWN_EVENTS = ids(
    "E001 E003 E004 E012 E025 E027 E029 E030 E032 E034 E035 E037 E038 E041 E042 E043 E044 "
    "E047 E048 E051 E052 E057 E059 E061 E063"
)
OWN_AGREEMENTS = ["A18", "A20"]
OWN_COLLABORATIONS = ids("C001 C002 C003 C018 C019 C023 C024")
# Projects that began with an event, and a ceremony without a milestone: told in its entry.
TOLD_WITH_EVENTS = {
    "E001": {"C004"},
    "E012": {"C011"},
    "E030": {"C015"},
    "E037": {"A19"},
    "E044": {"C020"},
    "E051": {"C021"},
}
# The festivals' project began with its signing, which M011 tells.
TOLD_WITH_MILESTONES = {"M011": {"C005"}}

# Counted by hand: milestones, then what stands beside them.
ENTRIES_BY_YEAR = {
    2008: 1,
    2009: 1,
    2010: 1,
    2013: 1,
    2014: 11,
    2015: 32,
    2016: 24,
    2017: 12,
    2018: 15,
    2019: 14,
    2020: 7,
    2021: 12,
    2022: 7,
    2023: 12,
    2024: 5,
    2025: 2,
    2026: 1,
    None: 2,
}


@pytest.fixture
def entries(record: None) -> list[Entry]:
    return read_chronology()


@pytest.fixture
def by_number(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.main.number: entry for entry in entries}


def told(entry: Entry) -> set[str]:
    return {node.number for node in entry.others}


class TestEveryRecord:
    @pytest.mark.parametrize(
        ("letter", "number"), [("M", 99), ("E", 71), ("A", 20), ("C", 20), ("D", 29)]
    )
    def test_timeline_tells_every_record_exactly_once(
        self, entries: list[Entry], letter: str, number: int
    ):
        counted = Counter(node.number for entry in entries for node in entry.nodes)
        own = {key: count for key, count in counted.items() if key[0] == letter}
        assert own == dict.fromkeys(rows(letter), 1)
        assert len(own) == number

    def test_timeline_prints_by_themselves_what_no_milestone_tells(
        self, by_number: dict[str, Entry]
    ):
        disasters = set(rows("D")) - {"D04", "D28"}
        beside = {*OWN_EVENTS, *OWN_AGREEMENTS, *OWN_COLLABORATIONS, *disasters}
        assert set(by_number) == set(rows("M")) | beside
        assert len(by_number) == 99 + 25 + 2 + 7 + 27

    def test_timeline_tells_with_a_milestone_what_it_refers_to(self, by_number: dict[str, Entry]):
        for number, row in rows("M").items():
            expected = items(row["refers_to"]) | TOLD_WITH_MILESTONES.get(number, set())
            assert told(by_number[number]) == expected, number

    def test_timeline_tells_with_other_records_what_began_there(self, by_number: dict[str, Entry]):
        for number, entry in by_number.items():
            if not number.startswith("M"):
                assert told(entry) == TOLD_WITH_EVENTS.get(number, set()), number

    def test_timeline_links_a_long_project_from_each_of_its_events(
        self, by_number: dict[str, Entry]
    ):
        festivals = ids("M013 M043 M062 E027 E029 E034 E035 E048 M092 M096")
        linking = [
            number
            for number, entry in by_number.items()
            if "C005" in {node.number for node in entry.related}
        ]
        assert linking == festivals

    def test_timeline_links_every_project_from_every_event_of_it(self, entries: list[Entry]):
        linked = {
            (event.number, other.number)
            for entry in entries
            for event in entry.nodes
            for other in [*entry.nodes, *entry.related]
        }
        for number, row in rows("C").items():
            for event in items(row["events"]):
                assert (event, number) in linked


class TestYears:
    def test_timeline_has_so_many_entries_in_each_year(self, entries: list[Entry]):
        years = timeline.by_year(entries)
        assert {year.year: len(year.entries) for year in years} == ENTRIES_BY_YEAR
        assert sum(ENTRIES_BY_YEAR.values()) == 160

    def test_timeline_puts_each_entry_into_the_year_of_its_row(self, by_number: dict[str, Entry]):
        for number, entry in by_number.items():
            assert entry.fiscal_year == fiscal_year_of_row(number), number


class TestKinds:
    def test_timeline_counts_its_kinds(self, entries: list[Entry]):
        assert timeline.count_kinds(entries) == {
            "会議": 22,
            "協定": 16,
            "連携事業": 20,
            "イベント": 48,
            "シンポジウム": 2,
            "講演会": 14,
            "視察・意見交換": 12,
            "災害支援": 29,
            "広報": 7,
            "助成": 1,
            "その他": 2,
        }

    def test_timeline_counts_every_milestone_under_its_category(self, by_number: dict[str, Entry]):
        beside = Counter(
            {
                "協定": 3,  # E037 with A19, A18, A20
                "連携事業": 20,
                "イベント": 24,  # the events by themselves, without E037
                "災害支援": 27,
            }
        )
        categories = Counter(row["category"] for row in rows("M").values())
        assert timeline.count_kinds(by_number.values()) == beside + categories


class TestWords:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            ("M032", "2015年（平成27年）10月17日～18日"),
            ("E034", "2019年（平成31年）4月13日～2019年（令和元年）5月9日"),
            ("M006", "2015年（平成27年）1月"),
            ("D26", "2023年（令和5年）6月～7月"),
            ("E042", "2021年（令和3年）"),
            ("C001", "2009年（平成21年）から"),
            ("C003", "平成27年度（2015年度）から"),
            ("C018", "令和2年度（2020年度）から"),
            ("E059", "2025年（令和7年）6月13日（終了日は未確認）"),
            ("M066", "日付未確認"),
            ("C023", "日付未確認"),
        ],
    )
    def test_timeline_dates_are_told_as_far_as_known(
        self, by_number: dict[str, Entry], number: str, text: str
    ):
        assert by_number[number].when_text == text

    @pytest.mark.parametrize(
        ("number", "note"),
        [
            ("M040", ""),
            ("M006", ""),
            ("M068", "この位置は、広報紙の年表の並びによります。"),
            ("M066", "この位置は、広報紙の年表の並びによります。年度も確かめられていません。"),
            ("E063", "この年度のいつかは、確かめられていません。"),
            ("E042", "月日が分からないため、この年の最後に置いています。"),
            ("C003", "月日が分からないため、この年度の最後に置いています。"),
            ("C024", ""),
        ],
    )
    def test_timeline_says_why_an_entry_stands_where_it_does(
        self, by_number: dict[str, Entry], number: str, note: str
    ):
        assert by_number[number].place_note == note

    def test_timeline_marks_what_is_known_from_an_announcement_only(
        self, by_number: dict[str, Entry]
    ):
        announced = {key for key, row in rows("E").items() if row["status"] == "announced"}
        marked = {
            node.number
            for entry in by_number.values()
            for node in entry.nodes
            if "実績未確認" in entry.states and node.number[0] == "E"
        }
        assert marked == announced
        assert by_number["M070"].states == ["実績未確認"]
        assert by_number["E041"].states == ["中止"]

    def test_timeline_tells_a_disaster_with_its_relief(self, by_number: dict[str, Entry]):
        timeline.fill(by_number.values())
        assert by_number["D02"].detail == "職員派遣（7,214名）、支援物資、復興支援金"
        assert [body.name for body in by_number["D02"].bodies] == [
            "岩手県",
            "宮城県",
            "福島県",
            "茨城県",
            "栃木県",
            "千葉県",
        ]
        assert by_number["D15"].detail == "職員派遣、支援物資、見舞金"

    def test_timeline_writes_days_within_a_text_in_both_eras(self, by_number: dict[str, Entry]):
        assert by_number["M017"].detail == (
            "各地域の紹介やイベント案内を発信。会員登録は2016年（平成28年）9月1日時点で198市町村"
        )


def test_timeline_landmarks_are_four_lines_of_the_newsletter():
    """Its first, the first that made it known, the first wide-area agreement, its last."""
    chosen = [milestone.record_id for milestone in timeline.landmarks()]
    assert chosen == ["M002", "M017", "M040", "M097"]
