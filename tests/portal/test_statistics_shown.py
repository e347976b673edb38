"""統計・資料 over the whole record: charts beside their tables, and files beside the page."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal.statistics.page import FIGURES, TABLES, table_of
from tests.downloads import csv_table, xlsx_table
from tests.portal.figures import (
    DAYS,
    TODAY,
    UNSURE,
    URL,
    ShownTable,
    in_proportion,
    page_on,
    rises,
    short_year,
    shown_chart,
    shown_table,
)

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


COLUMNS = {
    "projects-by-year": ("連携事業の数（開始した年度別）", ["連携事業（件）"]),
    "events-by-year": ("イベントの数（年度別）", ["開催（件）", "実績未確認（件）"]),
    "relief-by-year": ("支援した災害の数（災害が起きた年別）", ["災害（件）"]),
}
ROWS = {
    "projects-by-theme": ("連携事業の数（分野別）", ["連携事業（件）"]),
    "projects-by-ward": ("連携事業の数（区別）", ["区の事業（件）", "23区共通の事業（件）"]),
    "relief-by-kind": ("支援した災害の数（支援の種類別）", ["災害（件）"]),
}


FINDINGS = {
    "agreements": (
        "2026年（令和8年）11月22日現在、広域連携協定を結ぶ市長会・町村会は13団体、"
        "包括連携協定を結ぶ企業は4社です。"
    ),
    "municipalities": (
        "2026年（令和8年）11月22日現在、市長会・町村会に属する372自治体が対象です。"
    ),
    "projects-by-year": (
        "平成26年度（2014年度）から令和8年度（2026年度）までに17件が始まり、"
        "最も多いのは平成27年度（2015年度）の7件です。"
    ),
    "projects-by-theme": ("連携事業18件のうち、最も多い分野は産業、観光で、11件です。"),
    "projects-by-ward": (
        "23区共通の事業は3件です。区の事業が最も多いのは品川区、荒川区の4件です。"
    ),
    "events-by-year": (
        "平成27年度（2015年度）から令和8年度（2026年度）までに56件の開催が確かめられ、"
        "最も多いのは平成28年度（2016年度）の12件です。"
    ),
    "visitors-by-year": (
        "来場者・参加者の数が公表されたイベントは18件で、"
        "公表された数の合計が最も多いのは令和6年度（2024年度）です。"
    ),
    "relief-by-year": (
        "2008年（平成20年）から2026年（令和8年）までに起きた29件の災害で支援を行い、"
        "最も多いのは2017年（平成29年）、2022年（令和4年）の4件です。"
    ),
    "relief-by-kind": (
        "職員派遣は8件、支援物資は4件、復興支援金は28件、見舞金は1件の災害で行いました。"
    ),
}


class TestChartsAgainstTheirTables:
    @pytest.mark.parametrize("day", DAYS[2:])
    @pytest.mark.parametrize("slug", COLUMNS)
    def test_columns_are_as_high_as_their_numbers(self, day: date, slug: str):
        name, headings = COLUMNS[slug]
        html = page_on(day)
        chart, table = shown_chart(html, slug), shown_table(html, name)
        parts = [
            {head: value for head, value in table.numbers(heading).items() if head != UNSURE}
            for heading in headings
        ]
        drawn = [part[head] for head in parts[0] for part in parts if part[head]]
        assert in_proportion([bar["height"] for bar in chart.bars], drawn)
        assert chart.values == [
            "+".join(str(number) for number in [first, *filter(None, others)])
            for first, *others in zip(*(part.values() for part in parts), strict=True)
        ]
        years = [short_year(head) for head in parts[0]]
        assert years[-1] in chart.labels
        assert [text for text in chart.labels if text in years] == [
            year for year in years if year in chart.labels
        ]

    @pytest.mark.parametrize("day", DAYS[2:])
    @pytest.mark.parametrize("slug", ROWS)
    def test_rows_are_as_long_as_their_numbers(self, day: date, slug: str):
        name, headings = ROWS[slug]
        html = page_on(day)
        chart, table = shown_chart(html, slug), shown_table(html, name)
        parts = [table.numbers(heading) for heading in headings]
        drawn = [part[head] for head in parts[0] for part in parts if part[head]]
        assert in_proportion([bar["width"] for bar in chart.bars], drawn)
        assert [text for text in chart.labels if text in parts[0]] == list(parts[0])
        assert len(chart.values) == len(parts[0])

    @pytest.mark.parametrize("day", DAYS[1:])
    def test_visitors_are_drawn_in_proportion_with_their_words(self, day: date):
        html = page_on(day)
        chart = shown_chart(html, "visitors-by-year")
        table = shown_table(html, "来場者・参加者の数（年度別）")
        texts = table.column("公表された数の合計")
        texts.pop(UNSURE, None)
        assert chart.values == [text.removesuffix("人") for text in texts.values()]
        numbers = [
            int(text.strip("約人").replace(",", "")) for text in texts.values() if "人" in text
        ]
        assert in_proportion([bar["width"] for bar in chart.bars], numbers)

    def test_a_single_figure_keeps_its_word_and_a_sum_is_about(self):
        shown = shown_table(page_on(TODAY), "来場者・参加者の数（年度別）").column(
            "公表された数の合計"
        )
        assert shown["平成29年度（2017年度）"] == "約452,000人"
        assert shown["令和3年度（2021年度）"] == "135人"
        assert shown["令和元年度（2019年度）"] == "約365,228人"
        # The fiscal year of 東京 新虎まつり, up to that day alone: 延べ約.
        early = shown_table(page_on(date(2015, 5, 1)), "来場者・参加者の数（年度別）")
        assert early.column("公表された数の合計")["平成27年度（2015年度）"] == "約3,800人"

    @pytest.mark.parametrize("day", DAYS[2:])
    def test_steps_are_as_high_as_their_numbers(self, day: date):
        html = page_on(day)
        chart = shown_chart(html, "agreements")
        table = shown_table(html, "協定を結ぶ市長会・町村会と企業の数")
        floor = max(
            line["y1"]
            for line in chart.marks["line"]
            if line["class"] == "axis" and line["y1"] == line["y2"]
        )
        heights, numbers = [], []
        for path, heading in zip(chart.paths, table.headings[2:], strict=False):
            printed = list(dict.fromkeys(table_numbers(table, heading)))
            heights += rises(path, floor)
            numbers += [number for number in printed if number]
        assert in_proportion(heights, numbers)
        last = [row for row in table.rows if row][-1]
        assert f"市長会・町村会 {last[2]}" in chart.values

    @pytest.mark.parametrize("day", DAYS[2:])
    def test_the_steps_of_the_municipalities(self, day: date):
        html = page_on(day)
        chart = shown_chart(html, "municipalities")
        table = shown_table(html, "広域連携協定の対象となる自治体の数")
        (path,) = chart.paths
        floor = path[0][1]
        assert in_proportion(rises(path, floor), table_numbers(table, "自治体"))
        assert set(chart.values) <= {row[2] for row in table.rows}

    def test_published_members_are_dots_and_nothing_joins_them(self):
        chart = shown_chart(page_on(TODAY), "members")
        assert chart.values == ["198", "213", "300超"]
        assert chart.marks["polyline"] == []
        stems = [line for line in chart.marks["line"] if line["class"] == "line"]
        heights = [line["y1"] - line["y2"] for line in stems]
        assert in_proportion(heights, [198, 213, 300])
        assert [(dot["cx"], dot["cy"]) for dot in chart.marks["circle"]] == [
            (line["x2"], line["y2"]) for line in stems
        ]
        assert chart.finding == (
            "2016年（平成28年）9月1日は198市町村、2017年（平成29年）2月27日は213自治体、"
            "2024年（令和6年）10月～12月は300自治体超と公表されています。"
        )

    @pytest.mark.parametrize(("slug", "finding"), FINDINGS.items())
    def test_the_finding_says_what_the_numbers_say(self, slug: str, finding: str):
        assert shown_chart(page_on(TODAY), slug).finding == finding


def table_numbers(table: ShownTable, heading: str) -> list[int]:
    """A column's numbers in the order of the rows, whose heads may be alike (日付未確認)."""
    place = table.headings.index(heading)
    return [int(row[place].replace(",", "")) for row in table.rows]


class TestTheMap:
    @pytest.mark.parametrize(
        ("kind", "heading"),
        [
            ("agreements", "協定（件）"),
            ("projects", "連携事業（件）"),
            ("relief", "被災地支援（件）"),
        ],
    )
    def test_the_tiles_print_the_numbers_of_the_table(self, kind: str, heading: str):
        response = Client().get(URL, {"map": kind})
        tiles = response.context["page"].map.tiles
        shown = shown_table(response.text, "都道府県別の協定、連携事業、被災地支援")
        assert {tile.prefecture.name: tile.count for tile in tiles} == shown.numbers(heading)
        for tile in tiles:
            assert f">{tile.short_name}<b>{tile.count}<span" in response.text

    def test_the_classes_follow_the_highest_number(self):
        relief = Client().get(URL, {"map": "relief"}).context["page"].map
        assert relief.legend == ["0", "1～2", "3～4", "5以上"]
        levels = {tile.short_name: tile.level for tile in relief.tiles}
        assert (levels["福島"], levels["岩手"], levels["青森"], levels["愛知"]) == (3, 2, 1, 0)
        agreements = Client().get(URL).context["page"].map
        assert agreements.legend == ["0", "1", "2以上"]


class TestStatisticsExport:
    @pytest.mark.parametrize("day", [DAYS[0], DAYS[2], TODAY])
    @pytest.mark.parametrize("slug", sorted({*TABLES, *FIGURES} - {"members-counted"}))
    def test_statistics_export_has_the_rows_of_the_page(self, day: date, slug: str):
        client = Client()
        csv_file, xlsx_file = (
            client.get(
                reverse("portal:statistics_export", args=[slug, ending]), {"on": day.isoformat()}
            )
            for ending in ("csv", "xlsx")
        )
        rows = [list(map(as_printed, row)) for row in csv_table(csv_file)]
        assert [list(map(as_printed, row)) for row in xlsx_table(xlsx_file)] == rows
        if rows[1:]:
            shown = shown_table(page_on(day), table_of(slug, day).name)
            assert [shown.headings, *shown.rows] == rows


def as_printed(cell: str | float) -> str:
    """A cell of a file as the page prints it."""
    text = str(int(cell)) if isinstance(cell, float) else cell
    return f"{int(text):,}" if text.isdigit() else text
