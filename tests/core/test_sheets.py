"""Tables for Excel."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from core.sheets import Column, as_text, csv_lines, csv_response, neutralised


@dataclass
class Row:
    name: str
    parent: "Row | None" = None

    def greeting(self) -> str:
        return f"{self.name}御中"


COLUMNS = [
    Column("名称", "name"),
    Column("上位", "parent.name"),
    Column("宛名", "greeting"),
    Column("字数", lambda row: len(row.name)),
]


def test_a_table_begins_with_the_byte_order_mark_and_ends_lines_for_excel():
    lines = list(csv_lines(COLUMNS, [Row("坂井市", Row("福井県"))]))
    assert lines == ["\ufeff名称,上位,宛名,字数\r\n", "坂井市,福井県,坂井市御中,3\r\n"]


def test_a_missing_relation_is_an_empty_cell():
    assert list(csv_lines(COLUMNS, [Row("坂井市")]))[1] == "坂井市,,坂井市御中,3\r\n"


def test_commas_quotes_and_line_breaks_survive():
    name = '見本, "甲"\n乙'
    text = "".join(csv_lines([Column("名称", "name")], [Row(name)]))
    assert list(csv.reader(text.splitlines(keepends=True)))[1] == [name]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM"],
)
def test_no_cell_runs_as_a_formula(text):
    assert neutralised(text) == f"'{text}"
    cell = next(
        csv.reader([list(csv_lines([Column("名称", "name")], [Row(text)]))[1]], strict=False)
    )
    assert cell[0].startswith("'")


@pytest.mark.parametrize("text", ["坂井市", "03-5210-9747", "1=1", "", "'引用"])
def test_other_cells_stay_as_they_are(text):
    assert neutralised(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "はい"),
        (False, "いいえ"),
        (0, "0"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 8, 5, 59, tzinfo=UTC), "2026-11-22 17:05"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026-11-23 00:00"),
    ],
)
def test_values_as_cells(value, text):
    assert as_text(value) == text


def test_a_download_has_its_name_and_its_bytes():
    response = csv_response("団体一覧.csv", COLUMNS, [Row("坂井市")])
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").startswith("名称,上位")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E5%9B%A3%E4%BD%93%E4%B8%80%E8%A6%A7.csv"
    )
