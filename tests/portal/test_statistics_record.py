"""統計・資料 over the whole record: the tables of the page beside the data files.

The numbers are counted here once more from the CSV files, by other means than the page's.
"""

import csv
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest
from django.conf import settings

from core.dates import fiscal_year_text, whole_year_text
from tests.portal.figures import DAYS, TODAY, UNSURE, page_on, shown_chart, shown_table
from tests.test_figures import SIGNED

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@cache
def data(name: str) -> list[dict[str, str]]:
    """A file of the data, as it is."""
    (path,) = settings.BASE_DIR.glob(f"*/data/{name}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def certain(row: dict[str, str], day: date, column: str = "latest") -> bool:
    return bool(row[column]) and date.fromisoformat(row[column]) <= day


def year_of(row: dict[str, str], start: str = "") -> str:
    """The label of the fiscal year that the row lies in for certain."""
    years = set()
    for bound in ("earliest", "latest"):
        day = date.fromisoformat(row[f"{start}{bound}"])
        years.add(day.year - (day.month < 4))
    if row[f"{start}precision"] == "day":
        years = {min(years)}
    return fiscal_year_text(years.pop()) if len(years) == 1 else UNSURE


def without_zeros(numbers: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in numbers.items() if number}


def projects(day: date) -> list[dict[str, str]]:
    return [row for row in data("collaborations") if certain(row, day, "start_latest")]


def events(day: date, *statuses: str) -> list[dict[str, str]]:
    return [row for row in data("events") if certain(row, day) and row["status"] in statuses]


def disasters(day: date) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in data("disasters") if certain(row, day)}


def prefecture_in(name: str, prefectures: set[str]) -> str:
    """The prefecture that the name of a municipality begins with; empty for other bodies."""
    return next((prefecture for prefecture in prefectures if name.startswith(prefecture)), "")


def covered(rule: str) -> int:
    """How many municipalities of the register a rule (01:町村) covers."""
    prefecture, kinds = rule.split(":")
    return sum(
        row["prefecture_code"] == prefecture and row["kind"] in kinds and not row["valid_until"]
        for row in data("municipalities")
    )


@pytest.mark.parametrize("day", DAYS)
def test_projects_by_fiscal_year(day: date):
    counted = Counter(year_of(row, "start_") for row in projects(day))
    if not counted:
        assert "始まったことが確かめられる連携事業はありません" in page_on(day)
        return
    shown = shown_table(page_on(day), "連携事業の数（開始した年度別）").numbers("連携事業（件）")
    assert without_zeros(shown) == counted


@pytest.mark.parametrize("day", DAYS)
def test_projects_by_theme(day: date):
    counted = Counter(theme for row in projects(day) for theme in row["field"].split(";"))
    shown = shown_table(page_on(day), "連携事業の数（分野別）").numbers("連携事業（件）")
    assert without_zeros(shown) == counted


@pytest.mark.parametrize("day", DAYS)
def test_projects_by_ward(day: date):
    own = Counter(
        ward.removeprefix("東京都")
        for row in projects(day)
        if row["scope"] == "区"
        for ward in row["wards"].split(";")
    )
    common = sum(row["scope"] == "特別区長会" for row in projects(day))
    shown = shown_table(page_on(day), "連携事業の数（区別）")
    assert len(shown.rows) == 23
    assert without_zeros(shown.numbers("区の事業（件）")) == own
    assert set(shown.numbers("23区共通の事業（件）").values()) == {common}
    totals = shown.numbers("計（件）")
    assert totals == {ward: own[ward] + common for ward in totals}


@pytest.mark.parametrize("day", DAYS[1:])
def test_events_by_fiscal_year(day: date):
    shown = shown_table(page_on(day), "イベントの数（年度別）")
    held = Counter(map(year_of, events(day, "held")))
    announced = Counter(map(year_of, events(day, "announced")))
    assert without_zeros(shown.numbers("開催（件）")) == held
    assert without_zeros(shown.numbers("実績未確認（件）")) == announced


@pytest.mark.parametrize("day", DAYS[1:])
def test_visitors_are_the_sum_of_what_was_published(day: date):
    stated = [row for row in events(day, "held") if row["attendance"]]
    shown = shown_table(page_on(day), "来場者・参加者の数（年度別）")
    numbers = Counter(map(year_of, stated))
    assert without_zeros(shown.numbers("公表されたイベント（件）")) == numbers
    for year, text in shown.column("公表された数の合計").items():
        rows = [row for row in stated if year_of(row) == year]
        total = sum(int(row["attendance"]) for row in rows)
        inexact = any(row["attendance_qualifier"] for row in rows)
        assert text == (f"{'約' if inexact else ''}{total:,}人" if rows else "公表なし")


@pytest.mark.parametrize("day", DAYS[1:])
def test_relief_by_year_and_kind(day: date):
    struck = disasters(day)
    kinds = {
        (row["disaster_id"], row["kind"]) for row in data("relief") if row["disaster_id"] in struck
    }
    years = {pk: whole_year_text(int(row["earliest"][:4])) for pk, row in struck.items()}
    shown = shown_table(page_on(day), "支援した災害の数（災害が起きた年別）")
    assert without_zeros(shown.numbers("災害（件）")) == Counter(years.values())
    for kind in shown.headings[2:]:
        counted = Counter(years[pk] for pk, of_kind in kinds if of_kind == kind)
        assert without_zeros(shown.numbers(kind)) == counted
    by_kind = shown_table(page_on(day), "支援した災害の数（支援の種類別）").numbers("災害（件）")
    assert without_zeros(by_kind) == Counter(kind for _, kind in kinds)


def test_relief_of_today_as_the_acceptance_figures_have_it():
    shown = shown_table(page_on(TODAY), "支援した災害の数（支援の種類別）").numbers("災害（件）")
    assert shown == {"職員派遣": 8, "支援物資": 4, "復興支援金": 28, "見舞金": 1}
    years = shown_table(page_on(TODAY), "支援した災害の数（災害が起きた年別）").numbers(
        "災害（件）"
    )
    assert sum(years.values()) == 29


@pytest.mark.parametrize("day", sorted({*SIGNED.values(), *DAYS}))
def test_associations_and_their_municipalities(day: date):
    for on in (day, day - timedelta(days=1)):
        bound = {
            party["organization"]
            for party in data("agreement_parties")
            for row in data("agreements")
            if row["id"] == party["agreement_id"]
            and row["kind"] == "wide_area"
            and party["side"] == "counterpart"
            and certain(row, on, "signed_latest")
        }
        html = page_on(on)
        if not bound:
            assert "連携自治体数一覧" not in html
            continue
        covers = {row["name"]: row["covers"] for row in data("organizations")}
        shown = shown_table(html, "連携自治体数一覧").numbers("自治体")
        total = shown.pop(f"合計（{len(bound)}団体）")
        assert set(shown) == bound
        assert shown == {name: covered(covers[name]) for name in bound}
        assert total == sum(shown.values())


def test_the_associations_of_today_cover_372_municipalities():
    shown = shown_table(page_on(TODAY), "連携自治体数一覧")
    assert shown.rows[-1] == ["合計（13団体）", "", "74", "246", "52", "372", ""]
    assert shown.rows[0] == [
        "北海道町村会",
        "北海道",
        "0",
        "129",
        "15",
        "144",
        "2016年（平成28年）4月26日",
    ]


def test_a_signing_day_that_is_not_known_is_not_shown():
    shown = shown_table(page_on(TODAY), "連携自治体数一覧").column("締結日")
    unsure = {"群馬県市長会", "群馬県町村会", "千葉県市長会", "山梨県町村会"}
    assert {name for name, text in shown.items() if text == "日付未確認"} == unsure
    table = shown_table(page_on(TODAY), "協定を結ぶ市長会・町村会と企業の数")
    assert [row[0] for row in table.rows].count("日付未確認") == 3
    for bound in ("2018年（平成30年）3月16日", "4月16日", "2020年（令和2年）1月14日"):
        assert bound not in page_on(TODAY)


# By hand from agreements.csv and the sums of the register.
def test_the_growth_of_the_agreements():
    table = shown_table(page_on(TODAY), "協定を結ぶ市長会・町村会と企業の数")
    assert [row[2:] for row in table.rows] == [
        ["3", "0"],
        ["5", "0"],
        ["6", "0"],
        ["7", "0"],
        ["8", "0"],
        ["10", "0"],
        ["11", "0"],
        ["11", "1"],
        ["11", "2"],
        ["13", "3"],
        ["13", "4"],
    ]
    covered_ones = shown_table(page_on(TODAY), "広域連携協定の対象となる自治体の数")
    assert [row[2] for row in covered_ones.rows] == [
        "170",
        "210",
        "227",
        "236",
        "263",
        "298",
        "321",
        "372",
    ]


def test_stated_members_keep_their_words_and_stay_apart():
    shown = shown_table(page_on(TODAY), "会員登録自治体の数（公表値）")
    assert shown.column("公表値") == {
        "2016年（平成28年）9月1日": "198市町村",
        "2017年（平成29年）2月27日": "213自治体",
        "2024年（令和6年）10月～12月": "300自治体超",
    }
    assert "会員登録の記録から" not in page_on(TODAY)
    earlier = shown_table(page_on(date(2017, 2, 26)), "会員登録自治体の数（公表値）")
    assert [row[0] for row in earlier.rows] == ["2016年（平成28年）9月1日"]
    # The number of 2024 is certain only when its months are over.
    assert "300" not in shown_chart(page_on(date(2024, 12, 30)), "members").values


def test_relief_by_prefecture():
    shown = shown_table(page_on(TODAY), "都道府県別の協定、連携事業、被災地支援")
    assert len(shown.rows) == 47
    prefectures = {row["name"] for row in data("prefectures")}
    of_body = {row["name"]: row["prefecture"] for row in data("organizations")}
    struck = {
        (row["disaster_id"], of_body.get(name) or prefecture_in(name, prefectures))
        for row in data("relief")
        for name in row["recipients"].split(";")
        if name
    }
    counted = Counter(prefecture for _, prefecture in struck)
    assert without_zeros(shown.numbers("被災地支援（件）")) == counted
    assert counted["福島県"] == 5


def test_projects_by_prefecture():
    prefectures = {row["name"] for row in data("prefectures")}
    of_body = {
        row["name"]: row["prefecture"]
        for row in data("organizations")
        if row["kind"] in ("市長会", "町村会")
    }
    tied = {
        (row["id"], of_body.get(name) or prefecture_in(name, prefectures))
        for row in projects(TODAY)
        for column in ("partners", "partner_organizations")
        for name in row[column].split(";")
    }
    counted = Counter(prefecture for _, prefecture in tied if prefecture not in ("", "東京都"))
    shown = shown_table(page_on(TODAY), "都道府県別の協定、連携事業、被災地支援")
    assert without_zeros(shown.numbers("連携事業（件）")) == counted


# By hand from the parties of the agreements: Kyoto's two associations sign one document,
# 熊本県 and 熊本市 another.
def test_agreements_by_prefecture():
    shown = shown_table(page_on(TODAY), "都道府県別の協定、連携事業、被災地支援")
    assert without_zeros(shown.numbers("協定（件）")) == {
        "北海道": 1,
        "青森県": 2,
        "群馬県": 2,
        "埼玉県": 1,
        "千葉県": 2,
        "福井県": 1,
        "山梨県": 1,
        "京都府": 1,
        "奈良県": 1,
        "広島県": 1,
        "高知県": 1,
        "熊本県": 1,
    }


# By hand: 品川区 has its agreements with 坂井市 and 高知県, and four joint projects
# (C004, C009, C020, C021); the ceremony and the events of these are no further ties.
def test_the_ties_of_a_ward():
    shown = shown_table(page_on(TODAY), "区別・都道府県別のつながりの数")
    (shinagawa,) = [row for row in shown.rows if row[0] == "品川区"]
    tied = dict(zip(shown.headings, shinagawa, strict=True))
    assert tied.pop("都道府県の数") == "8"
    assert {name for name, text in tied.items() if text == "0"}
    assert {name: text for name, text in tied.items() if text != "0"} == {
        "区": "品川区",
        "岩手": "2",
        "千葉": "1",
        "神奈川": "1",
        "新潟": "1",
        "福井": "3",
        "長野": "1",
        "広島": "2",
        "高知": "1",
    }
    assert "石川" not in shown.headings


# By hand: 北海道 by A01, E024 and E033; 熊本 by E063 alone, because A20 is of two wards;
# 山形 by C005 alone, because the events with 山形市 are part of it or have no ward in them.
def test_the_ties_of_all_wards_stand_in_a_row_of_their_own():
    shown = shown_table(page_on(TODAY), "区別・都道府県別のつながりの数")
    assert [row[0] for row in shown.rows[:2]] == ["23区共通", "千代田区"]
    assert len(shown.rows) == 24
    common = dict(zip(shown.headings, shown.rows[0], strict=True))
    assert (common["北海道"], common["熊本"], common["山形"]) == ("3", "1", "1")
    assert set(shown.rows[1][1:]) == {"0"}
