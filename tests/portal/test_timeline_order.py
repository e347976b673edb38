"""The order of the whole record on the timeline, held against the two documents."""

import pytest

from portal.timeline import Entry
from tests.portal.chronology import date_of_row, items, read_chronology, rows

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]

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


@pytest.fixture
def entries(record: None) -> list[Entry]:
    return read_chronology()


def test_timeline_keeps_the_38_lines_in_their_printed_order(entries: list[Entry]):
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


def test_timeline_keeps_the_lines_of_the_keika_document(entries: list[Entry]):
    listed = {number for number, _ in KEIKA}
    found = [
        (entry.main.number, entry.when.earliest.isoformat())
        for entry in entries
        if entry.main.number in listed
    ]
    assert found == KEIKA
    cited = {key for key, row in rows("M").items() if "keika" in items(row["sources"])}
    assert cited == listed | KEIKA_WITHIN_LINES


def test_timeline_never_steps_back(entries: list[Entry]):
    dates = [date_of_row(entry.main.number) for entry in entries]
    days = [earliest for earliest, _, precision in dates if earliest and precision == "day"]
    assert days == sorted(days)
    # Without 19 milestones, E042, E043 and E063, 16 disasters, and the seven projects.
    assert len(days) == 160 - 19 - 3 - 16 - 7


def test_timeline_puts_what_is_not_known_to_the_day_behind_it(entries: list[Entry]):
    order = [entry.main.number for entry in entries]

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
