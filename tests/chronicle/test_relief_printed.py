"""The relief of the record: the page against the data, row by row, and what it downloads."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from chronicle.models import Disaster
from core.sheets import Format
from tests.downloads import body_of, csv_table, offered, xlsx_table
from tests.tables import Table, tables_of

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]

LIST = reverse("chronicle:relief_list")
DATA = settings.BASE_DIR / "chronicle" / "data"


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page_of(record_id: str):
    return Client().get(Disaster.objects.get(record_id=record_id).get_absolute_url())


@pytest.fixture
def tables() -> list[Table]:
    return tables_of(Client().get(LIST).text)


class TestReliefList:
    def test_relief_list_reads_as_the_newsletter_prints_it(self, tables: list[Table]):
        printed = {row["disaster_id"]: row["as_printed"] for row in read("relief.csv")}
        expected = [
            [row["printed_year"], row["as_printed_when"], row["name"], printed[row["id"]]]
            for row in sorted(read("disasters.csv"), key=lambda row: int(row["order"]))
        ]
        assert len(expected) == 29
        assert tables[0].rows[0] == ["年", "発生時期", "災害名", "支援の内容"]
        assert tables[0].body == expected

    def test_relief_list_says_the_year_in_every_row_and_groups_the_rows_by_it(self):
        [table] = re.findall(
            r'<table class="[^"]*table--relief".*?</table>', Client().get(LIST).text, re.DOTALL
        )
        bodies = re.findall(r"<tbody.*?</tbody>", table, re.DOTALL)
        assert [body.count("<tr") for body in bodies] == [1, 1, 1, 3, 4, 3, 3, 1, 3, 4, 3, 2]
        for body in bodies:
            assert len(set(re.findall(r"<span>([ＨＲ]\d+)</span>", body))) == 1
        assert "rowspan" not in table
        assert "colspan" not in table

    def test_relief_list_totals_by_kind(self, tables: list[Table]):
        kinds = tables[1]
        assert kinds.caption == "支援の種類別"
        assert [row[:2] for row in kinds.body] == [
            ["職員派遣", "8件"],
            ["支援物資", "4件"],
            ["復興支援金", "28件"],
            ["見舞金", "1件"],
        ]
        assert kinds.column("職員の数") == [
            "7,876名7,214名＋432名＋230名（ほか5件は人数の記載なし）",
            "―",
            "―",
            "―",
        ]
        assert kinds.column("金額") == [
            "―",
            "―",
            "38,000,000円30件の記録のうち、金額の記載がある3件の合計",
            "―",
        ]

    def test_relief_list_totals_by_year_add_up(self, tables: list[Table]):
        years = tables[2]
        assert years.rows[0] == [
            "年",
            "災害の数",
            "職員派遣",
            "支援物資",
            "復興支援金",
            "見舞金",
        ]
        assert years.body[6] == ["2019年（平成31年・令和元年）", "3", "2", "2", "2", "1"]
        assert years.body[-1] == ["計", "29", "8", "4", "28", "1"]
        for heading in years.rows[0][1:]:
            *counts, total = map(int, years.column(heading))
            assert sum(counts) == total

    def test_relief_list_totals_by_prefecture(self, tables: list[Table]):
        rows = {row[0]: row[1:] for row in tables[3].body}
        assert len(rows) == 35
        assert rows["東京都"] == ["2", "東京都大島町、東京都島しょ部"]
        assert rows["群馬県"] == ["1", "群馬県市長会、群馬県町村会"]
        assert rows["岩手県"] == ["4", "岩手県、岩手県市長会"]
        assert rows["石川県"] == ["2", "石川県 30,000,000円（2件中1件に記載）"]
        assert rows["富山県"] == ["1", "富山県 3,000,000円"]

    def test_relief_list_offers_its_rows_as_files(self):
        page = Client().get(LIST)
        assert list(offered(page)) == ["Excel（XLSX）", "CSV", "CSV（Shift_JIS）"]
        for address in offered(page).values():
            assert body_of(Client().get(address))


class TestReliefExport:
    def test_relief_export_holds_every_row_of_the_data(self):
        heading, *rows = csv_table(Client().get(reverse("chronicle:relief_export", args=["csv"])))
        disasters = {row["id"]: row for row in read("disasters.csv")}
        assert heading[0] == "災害の番号"
        found = [dict(zip(heading, row, strict=True)) for row in rows]
        assert len(found) == 43
        for row, data in zip(found, read("relief.csv"), strict=True):
            disaster = disasters[data["disaster_id"]]
            assert row["災害の番号"] == data["disaster_id"]
            assert row["災害名"] == disaster["name"]
            assert row["発生（最も早い日）"] == disaster["earliest"]
            assert row["発生（最も遅い日）"] == disaster["latest"]
            assert row["種類"] == data["kind"]
            assert row["職員の数（名）"] == data["staff"]
            assert row["金額（円）"] == data["amount_yen"]
            recipients = {name for name in data["recipients"].split(";") if name}
            assert {name for name in row["支援先"].split("、") if name} == recipients
            assert row["広報紙の表記"] == data["as_printed"]

    def test_relief_export_keeps_the_leading_zeros_and_the_words_of_the_date(self):
        address = reverse("chronicle:relief_export", args=[Format.XLSX])
        heading, *rows = xlsx_table(Client().get(address))
        found = [dict(zip(heading, row, strict=True)) for row in rows]
        [typhoon] = [row for row in found if row["災害名"] == "平成28年台風10号"]
        assert typhoon["支援先の団体コード"] == "010006、030007"
        assert typhoon["発生時期"] == "2016年（平成28年）8月30日～31日"
        [noto] = [row for row in found if row["金額（円）"] == 30_000_000]
        assert noto["支援先の団体コード"] == "170003"
        islands = [row for row in found if row["種類"] == "見舞金"]
        assert [row["支援先の団体コード"] for row in islands] == [""]


class TestDisasterDetail:
    def test_disaster_detail_shows_each_row_of_support(self):
        [support] = tables_of(page_of("D28").text)
        assert support.caption == "令和6年能登半島地震（2024年（令和6年）1月）への支援"
        assert support.body == [
            ["職員派遣", "230名", "―", "―"],
            ["復興支援金", "―", "30,000,000円", "石川県"],
            ["復興支援金", "―", "5,000,000円", "新潟県"],
            ["復興支援金", "―", "3,000,000円", "富山県"],
        ]

    def test_disaster_detail_keeps_what_was_published_apart(self):
        page = page_of("D02")
        assertContains(page, "公表値</span>")
        assertContains(page, "7,201名")
        assertContains(page, "3,763,390,000円")
        assertContains(page, "東日本大震災への職員派遣（派遣中11人＋既派遣7,190人）")
        assertContains(page, "2023年（令和5年）10月1日")
        assertNotContains(page_of("D01"), "公表値")

    def test_disaster_detail_prints_the_newsletter_s_words(self):
        assertContains(page_of("D04"), "Ｈ28　4/14～16")

    def test_disaster_detail_links_its_milestones_and_recipients(self):
        page = page_of("D28")
        disaster = Disaster.objects.get(record_id="D28")
        [milestone] = disaster.milestones.all()
        assertContains(page, f'href="{milestone.get_absolute_url()}"')
        for relief in disaster.reliefs.all():
            for body in relief.recipients.all():
                assertContains(page, f'href="{body.get_absolute_url()}"')

    def test_disaster_detail_tells_two_of_one_name_apart(self):
        titles = [
            re.search(r"<title>(.*)｜", page_of(record_id).text)[1] for record_id in ("D18", "D21")
        ]
        assert titles == [
            "福島県沖を震源とする地震（2021年（令和3年）2月）",
            "福島県沖を震源とする地震（2022年（令和4年）3月）",
        ]

    def test_disaster_detail_opens_for_every_disaster_with_its_public_sources_only(self):
        for disaster in Disaster.objects.all():
            page = Client().get(disaster.get_absolute_url())
            assertContains(page, disaster.name)
            assertContains(page, "全国連携NEWS")
            assertNotContains(page, "職員数は2024-10-01現在（2023")


def test_paper_loses_no_row():
    """What the browser is told for paper; the pages themselves: tests/browser/test_printing."""
    common = style("print.css")
    assert "size: A4" in common
    assert "margin: 15mm" in common
    assert re.search(r"thead \{\s*display: table-header-group", common)
    assert re.search(r"tr,[^{}]*\{\s*break-inside: avoid", common)
    # The year shows in its first row only, so a year is never torn between two pages.
    assert re.search(r"\.table--relief tbody,[^{}]*\{\s*break-inside: avoid", style("relief.css"))
    table = re.search(r'<table class="[^"]*table--relief".*?</table>', page_html(), re.DOTALL)[0]
    assert table.count("<tr") == 30
    assert "noprint" not in page_html().partition(table)[0].rpartition("<main")[2]
    assert "<details" not in page_html().partition(table)[0].rpartition("<main")[2]


def style(name: str) -> str:
    return Path(settings.BASE_DIR / "static" / "css" / name).read_text(encoding="utf-8")


def page_html() -> str:
    return Client().get(LIST).text
