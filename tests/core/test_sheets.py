"""Tables for Excel, as other programs read them: Excel files by calamine, CSV by ``csv``."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from openpyxl import load_workbook

from core.sheets import Column, Sheet, as_text, sheet_response
from tests.downloads import csv_rows, xlsx_rows

FORMULAS = [
    "=1+1",
    "+81",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "−5",
    "–5",
    "\ufe0f=1+1",
    "\U000e0100@x",
    "\ufe0f\ufe0f-1",
]
NO_FORMULAS = ["坂井市", "03-5210-9747", "1=1", "'引用", "#N/A", "12e5", "TRUE", " 前に空白"]


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


def sheet(*values: Any, name: str = "見本") -> Sheet:
    """A table of one column with ``values``."""
    return Sheet(name, [Column("値", lambda value: value)], values)


def content(table: Sheet, ending: str, encoding: str = "") -> bytes:
    """The bytes of the file."""
    with answer(table, ending, encoding) as response:
        return b"".join(response)


@contextmanager
def answer(table: Sheet, ending: str, encoding: str = "") -> Iterator[HttpResponseBase]:
    """The response, with its file closed: closing itself would close the database too."""
    response = sheet_response(table, ending, encoding)
    yield response
    if isinstance(response, FileResponse):
        response.file_to_stream.close()


def csv_values(*values: Any, encoding: str = "") -> list[str]:
    written = content(sheet(*values), "csv", encoding)
    return [cell for (cell,) in csv_rows(written, encoding or "utf-8-sig")[1:]]


def xlsx_values(*values: Any) -> list[Any]:
    return [cell for (cell,) in xlsx_rows(content(sheet(*values), "xlsx"))[1:]]


READERS: dict[str, Callable[..., list]] = {"csv": csv_values, "xlsx": xlsx_values}


class TestBoth:
    @pytest.mark.parametrize(("ending", "rows_of"), [("csv", csv_rows), ("xlsx", xlsx_rows)])
    def test_columns_are_paths_methods_and_functions(self, ending, rows_of):
        rows = [Row("坂井市", Row("福井県")), Row("福井県")]
        heading, first, second = rows_of(content(Sheet("団体", COLUMNS, rows), ending))
        assert heading == ["名称", "上位", "宛名", "字数"]
        assert [*first[:3], int(first[3])] == ["坂井市", "福井県", "坂井市御中", 3]
        assert [*second[:3], int(second[3])] == ["福井県", "", "福井県御中", 3]

    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    def test_codes_keep_their_leading_zeros(self, read):
        assert read("011002", "0352109747", "0") == ["011002", "0352109747", "0"]

    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    def test_commas_quotes_and_line_breaks_survive(self, read):
        assert read('見本, "甲"\n乙', "", "終") == ['見本, "甲"\n乙', "", "終"]

    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    @pytest.mark.parametrize("text", NO_FORMULAS)
    def test_other_cells_stay_as_they_are(self, read, text):
        assert read(text) == [text]

    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    def test_names_are_not_normalised(self, read):
        text = "㈱①髙﨑～〜5−3𠮷\ufa19Ａ"
        assert read(text) == [text]

    @pytest.mark.parametrize("ending", READERS)
    @time_machine.travel("2026-11-22T23:59+09:00")
    def test_the_file_is_named_for_its_table_and_day(self, ending):
        with answer(sheet(name="団体"), ending) as response:
            header = response["Content-Disposition"]
        assert header == f"attachment; filename*=UTF-8''%E5%9B%A3%E4%BD%93_2026-11-22.{ending}"

    @pytest.mark.parametrize(
        ("ending", "encoding"), [("ods", ""), ("", ""), ("csv", "ebcdic"), ("xlsx", "latin-1")]
    )
    def test_no_other_format_is_answered(self, ending, encoding):
        with pytest.raises(Http404):
            sheet_response(sheet(), ending, encoding)

    def test_a_table_without_rows_has_its_headings(self):
        assert csv_rows(content(sheet(), "csv")) == [["値"]]
        assert xlsx_rows(content(sheet(), "xlsx")) == [["値"]]


class TestCsv:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_no_cell_runs_as_a_formula(self, text):
        assert csv_values(text) == [f"'{text}"]

    def test_a_number_is_no_formula(self):
        assert csv_values(-5, -1.5, Decimal("-0.25")) == ["-5", "-1.5", "-0.25"]

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
    def test_values_as_text(self, value, text):
        assert as_text(value) == text
        assert csv_values(value) == [text]

    def test_utf_8_begins_with_its_mark_and_ends_lines_for_excel(self):
        written = content(sheet("坂井市"), "csv")
        assert written == b"\xef\xbb\xbf" + "値\r\n坂井市\r\n".encode()
        response = sheet_response(sheet(), "csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"

    def test_shift_jis_has_no_mark(self):
        written = content(sheet("坂井市"), "csv", "CP932")
        assert written == "値\r\n坂井市\r\n".encode("cp932")
        response = sheet_response(sheet(), "csv", "CP932")
        assert response["Content-Type"] == "text/csv; charset=Shift_JIS"

    @pytest.mark.parametrize("text", ["㈱①", "髙﨑", "～－―∥", "連携", "ｶﾅ"])
    def test_shift_jis_of_windows_holds_what_it_holds(self, text):
        assert csv_values(text, encoding="cp932") == [text]

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("10〜12時", "10～12時"),
            ("−5度", "'－5度"),
            ("5−3", "5－3"),
            ("連携—提案", "連携―提案"),
            ("葛\U000e0100城市", "葛城市"),
            ("\u00a5100", "￥100"),
        ],
    )
    def test_a_character_with_a_twin_in_shift_jis_becomes_it(self, text, kept):
        assert csv_values(text, encoding="cp932") == [kept]

    def test_what_shift_jis_lacks_is_a_geta(self):
        assert csv_values("𠮷野", "🎉", "Zürich", encoding="cp932") == ["〓野", "〓", "Z〓rich"]

    def test_rows_are_sent_as_they_are_read(self):
        read = []

        def rows():
            for number in range(3):
                read.append(number)
                yield number

        response = sheet_response(Sheet("見本", [Column("値", lambda row: row)], rows()), "csv")
        lines = iter(response)
        assert [next(lines) for _ in range(3)] == [b"\xef\xbb\xbf", "値\r\n".encode(), b"0\r\n"]
        assert read == [0]


class TestXlsx:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_cell_that_looks_like_a_formula_is_shown(self, text):
        written = content(sheet(text), "xlsx")
        assert xlsx_values(text) == [text]
        with zipfile.ZipFile(io.BytesIO(written)) as parts:
            xml = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in xml
        assert re.search(r'<c r="A2"[^>]* t="inlineStr">', xml)
        cell = load_workbook(io.BytesIO(written)).active["A2"]
        assert cell.quotePrefix
        assert cell.data_type == "s"

    def test_numbers_are_numbers(self):
        values = xlsx_values(0, -5, 7214, 1.5, Decimal("0.25"))
        assert values == [0, -5, 7214, 1.5, 0.25]
        assert all(isinstance(value, float) for value in values)

    def test_days_are_days_and_times_are_those_of_tokyo(self):
        day, moment = date(2026, 11, 22), datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
        assert xlsx_values(day, moment) == [day, datetime.fromisoformat("2026-11-23T00:30")]

    def test_a_day_before_those_that_excel_counts_is_text(self):
        assert xlsx_values(date(1889, 5, 1)) == ["1889-05-01"]

    def test_yes_no_and_nothing(self):
        assert xlsx_values(True, False, None, "終") == ["はい", "いいえ", "", "終"]

    def test_characters_that_the_format_lacks_are_left_out(self):
        assert xlsx_values("前\x00\x0b\x1f\ufffe後", "\x00", "終") == ["前後", "", "終"]

    def test_a_text_that_reads_like_an_escape_is_none(self):
        assert xlsx_values("_x0041_", "_x005F_x") == ["_x0041_", "_x005F_x"]

    def test_a_long_table_is_never_kept_whole(self):
        long = ("連携" * 500 for _ in range(4_000))  # 8 MB
        tracemalloc.start()
        try:
            with answer(Sheet("見本", [Column("値", str)], long), "xlsx"):
                _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 2_000_000

    @pytest.mark.parametrize("character", ["あ", "𠮷"])
    def test_a_text_longer_than_a_cell_says_that_it_goes_on(self, character):
        units = len(character.encode("utf-16-le")) // 2
        fitting = character * (32_767 // units)
        assert xlsx_values(fitting) == [fitting]
        (cut,) = xlsx_values(fitting + "終わり")
        assert cut.endswith("…")
        assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
        assert set(cut) == {character, "…"}

    def test_it_prints_one_page_wide_with_headings_that_stay(self):
        written = content(Sheet("団体", COLUMNS, [Row("坂井市")] * 2), "xlsx")
        tab = load_workbook(io.BytesIO(written)).active
        assert tab.freeze_panes == "A2"
        assert tab.print_title_rows == "$1:$1"
        assert (tab.page_setup.orientation, tab.page_setup.paperSize) == ("landscape", 9)
        assert tab.sheet_properties.pageSetUpPr.fitToPage
        assert tab.page_setup.fitToHeight == 0
        assert tab.auto_filter.ref == "A1:D3"
        assert tab["A1"].font.bold

    @pytest.mark.parametrize(
        ("name", "tab"), [("2026/11：一覧", "2026・11：一覧"), ("長" * 40, "長" * 31)]
    )
    def test_the_tab_is_named_as_excel_allows(self, name, tab):
        written = content(sheet(name=name), "xlsx")
        assert load_workbook(io.BytesIO(written)).sheetnames == [tab]

    def test_it_says_what_it_is(self):
        with answer(sheet(), "xlsx") as response:
            assert response["Content-Type"].endswith("spreadsheetml.sheet")
