"""The whole record on the timeline, held against the data files and the two documents.

What is expected is read from the CSV files here, with rules of this file's own, or typed in
by hand from the documents.
"""

import csv
from collections import Counter
from datetime import date
from functools import cache

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal import timeline
from portal.timeline import Entry

pytestmark = pytest.mark.usefixtures("record")

TODAY = date(2026, 11, 22)
FILES = {
    "M": "chronicle/data/milestones.csv",
    "E": "events/data/events.csv",
    "A": "agreements/data/agreements.csv",
    "C": "agreements/data/collaborations.csv",
    "D": "chronicle/data/disasters.csv",
}


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

# The lines of 「これまでの経過」 from top to bottom.
KEIKA = [
    ("M001", "2014-09-10"),
    ("M002", "2014-09-16"),
    ("M003", "2014-11-14"),
    ("M004", "2014-11-27"),
    ("M005", "2014-12-16"),
    ("M007", "2015-01-16"),
    ("M008", "2015-02-16"),
    ("M009", "2015-03-03"),
    ("M010", "2015-03-16"),
    ("M011", "2015-05-13"),
    ("M013", "2015-05-30"),
    ("M014", "2015-06-08"),
    ("M015", "2015-06-16"),
    ("M016", "2015-06-23"),
    ("M017", "2015-06-30"),
    ("M018", "2015-06-30"),
    ("M019", "2015-07-09"),
    ("M020", "2015-07-09"),
    ("M021", "2015-07-10"),
    ("M022", "2015-07-14"),
    ("M023", "2015-07-16"),
    ("M024", "2015-07-16"),
    ("M025", "2015-08-06"),
    ("M026", "2015-08-19"),
    ("M027", "2015-09-15"),
    ("M028", "2015-09-16"),
    ("M029", "2015-09-25"),
    ("M030", "2015-09-30"),
    ("M032", "2015-10-17"),
    ("M033", "2015-11-07"),
    ("M034", "2015-11-18"),
    ("M035", "2015-12-03"),
    ("M036", "2015-12-19"),
    ("M037", "2016-01-15"),
    ("M039", "2016-04-15"),
    ("M040", "2016-04-26"),
    ("M041", "2016-04-26"),
    ("M042", "2016-06-25"),
    ("M043", "2016-06-25"),
    ("M044", "2016-08-05"),
    ("M045", "2016-09-05"),
    ("M046", "2016-10-20"),
    ("M047", "2016-10-31"),
    ("M048", "2016-11-19"),
    ("M049", "2016-11-26"),
    ("M051", "2016-12-16"),
    ("M053", "2017-01-19"),
    ("M054", "2017-01-19"),
    ("M055", "2017-01-27"),
    ("M059", "2017-02-27"),
]
# Said within a line of another day: 「→5/20 提出」, 「10/16区長会総会で結果報告」, the second and
# the third sitting of the committee.
KEIKA_WITHIN_LINES = {"M012", "M031", "M050", "M060"}

# The 38 lines of 「10年のあゆみ」 in the newsletter, by a word of each.
NEWSLETTER = [
    "プロジェクトの実施を決定",
    "協力・連携締結式",
    "専用ホームページ",
    "石破茂",
    "秋の味覚市",
    "北海道町村会、京都府市長会・京都府町村会と連携協定",
    "遠隔自治体間連携",
    "青森県市長会",
    "第1回となる魅力発信イベント",
    "千葉県町村会",
    "共存共栄の全国連携",
    "広島県町村会",
    "スポーツによる地域間連携",
    "埼玉県知事と",
    "奈良県町村会",
    "群馬県市長会",
    "埼玉県町村会",
    "SDGs",
    "第一生命保険",
    "関係人口",
    "損害保険ジャパン",
    "森林環境税",
    "三井住友海上",
    "千葉県市長会・山梨県町村会",
    "宇治茶の味わい体験",
    "第2期まち・ひと・しごと",
    "公式ツイッター",
    "新しい生活様式",
    "未来社会の創造",
    "十勝ウィーク",
    "京都やましろ食材フェア",
    "地域脱炭素",
    "明治安田生命",
    "官民連携",
    "多文化共生",
    "被災地支援を通じた",
    "全国連携で広がる支援の輪",
    "10年のあゆみとこれから",
]

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


@cache
def rows(letter: str) -> dict[str, dict[str, str]]:
    """The rows of a data file by their id."""
    with (settings.BASE_DIR / FILES[letter]).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def items(cell: str) -> set[str]:
    return set(filter(None, cell.split(";")))


def date_of_row(number: str) -> tuple[str, str, str]:
    """The bounds and the precision as the data has them; of a project, those of its start."""
    row = rows(number[0])[number]
    prefix = {"A": "signed_", "C": "start_"}.get(number[0], "")
    precision = row["start_precision" if number[0] == "C" else "precision"]
    return row[f"{prefix}earliest"], row[f"{prefix}latest"], precision


def fiscal_year_of_row(number: str) -> int | None:
    """A day and a month by their beginning, anything vaguer by its end."""
    earliest, latest, precision = date_of_row(number)
    bound = earliest if precision in ("day", "month") else latest
    if not bound:
        return None
    year, month, _ = map(int, bound.split("-"))
    return year - (month < 4)


@pytest.fixture
def entries(record: None) -> list[Entry]:
    return timeline.chronology(AnonymousUser(), TODAY)


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


class TestOrder:
    def test_timeline_keeps_the_38_lines_in_their_printed_order(self, entries: list[Entry]):
        printed = sorted(
            (row for row in rows("M").values() if row["newsletter_order"]),
            key=lambda row: int(row["newsletter_order"]),
        )
        numbers = {row["id"] for row in printed}
        found = [entry for entry in entries if entry.main.number in numbers]
        assert [entry.main.number for entry in found] == [row["id"] for row in printed]
        assert len(found) == len(NEWSLETTER) == 38
        for entry, word in zip(found, NEWSLETTER, strict=True):
            assert word in entry.title

    def test_timeline_keeps_the_lines_of_the_keika_document(self, entries: list[Entry]):
        listed = {number for number, _ in KEIKA}
        found = [
            (entry.main.number, entry.when.earliest.isoformat())
            for entry in entries
            if entry.main.number in listed
        ]
        assert found == KEIKA
        cited = {key for key, row in rows("M").items() if "keika" in items(row["sources"])}
        assert cited == listed | KEIKA_WITHIN_LINES

    def test_timeline_never_steps_back(self, entries: list[Entry]):
        dates = [date_of_row(entry.main.number) for entry in entries]
        days = [earliest for earliest, _, precision in dates if earliest and precision == "day"]
        assert days == sorted(days)
        # Without 19 milestones, E042, E043 and E063, 16 disasters, and the seven projects.
        assert len(days) == 160 - 19 - 3 - 16 - 7

    def test_timeline_puts_what_is_not_known_to_the_day_behind_it(
        self, by_number: dict[str, Entry]
    ):
        order = list(by_number)

        def neighbours(number: str) -> tuple[str, str]:
            at = order.index(number)
            return order[at - 1], order[at + 1]

        # January 2015 behind its 16th; the series of 2017 behind the January it began in.
        assert neighbours("M006") == ("M007", "M008")
        assert neighbours("M052") == ("M055", "M058")
        # 2021 behind its last day; the fiscal years 2015 and 2020 behind theirs.
        assert neighbours("E042") == ("M083", "E047")
        assert neighbours("C003") == ("M037", "M038")
        assert neighbours("C018") == ("E043", "C019")
        # Between the lines of the newsletter that are around it there.
        assert neighbours("M066") == ("M065", "E027")
        assert neighbours("M081") == ("D19", "M082")
        assert order[-2:] == ["C023", "C024"]


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
