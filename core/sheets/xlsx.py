"""A table as an Excel file: written row by row into a file on the disk, never kept whole."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.sheets.columns import Column, Sheet, as_text, is_number, looks_like_formula

# A sheet's name in Excel has no more characters, and none of these.
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "・"))
# Excel calls a file broken that has more in a cell, counted as UTF-16 does …
_LONGEST_TEXT = 32_767
# … or a character that XML has not.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What Excel reads as the character of that code.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# The first year whose days Excel can count.
_FIRST_YEAR = 1900
# The format of cells whose text Excel leaves alone.
_TEXT = "@"
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def xlsx_file(sheet: Sheet) -> IO[bytes]:
    """The table as an open file, at its beginning; whoever closes it, deletes it.

    It prints on A4: one page wide, with the headings on each page.
    """
    book = Workbook(write_only=True)
    tab = book.create_sheet(sheet.name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME])
    _set_page(tab, sheet)
    tab.append([_heading(tab, column) for column in sheet.columns])
    count = 1
    for count, row in enumerate(sheet.rows, start=2):  # noqa: B007 - the last one is used below
        tab.append([_cell(tab, column, column.value_of(row)) for column in sheet.columns])
    tab.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count}"
    if sheet.notes:
        _write_notes(book, sheet.notes)
    with ExitStack() as unfinished:
        file = unfinished.enter_context(TemporaryFile())
        book.save(file)
        file.seek(0)
        unfinished.pop_all()
    return file


def _write_notes(book: Workbook, notes: Sequence[str]) -> None:
    tab: Any = book.create_sheet("記入のしかた")
    column = Column("記入のしかた", str, width=100)
    tab.column_dimensions["A"].width = column.width
    for note in notes:
        tab.append([_text_cell(tab, column, note)])


def _set_page(tab: Any, sheet: Sheet) -> None:
    """Widths, paper and headings that stay; before the rows, as the file has them first."""
    tab.freeze_panes = "A2"
    tab.print_title_rows = "1:1"
    tab.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    tab.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    tab.page_setup.fitToHeight = 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    for number, column in enumerate(sheet.columns, start=1):
        dimension = tab.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        if sheet.to_fill_in:
            dimension.number_format = _TEXT


def _heading(tab: Any, column: Column) -> Cell:
    cell = _text_cell(tab, column, column.heading)
    cell.font = _BOLD
    return cell


def _cell(tab: Any, column: Column, value: Any) -> Cell:
    """Numbers and dates as such, so that Excel reckons with them; all else as text."""
    if is_number(value):
        return WriteOnlyCell(tab, value)
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        return _day_cell(tab, value)
    text = as_text(value)
    return _text_cell(tab, column, text) if text else WriteOnlyCell(tab)


def _day_cell(tab: Any, value: date) -> Cell:
    if not isinstance(value, datetime):
        cell = WriteOnlyCell(tab)
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(tab, timezone.localtime(value).replace(tzinfo=None))
    cell.number_format = "yyyy-mm-dd hh:mm"
    return cell


def _text_cell(tab: Any, column: Column, text: str) -> Cell:
    cell = WriteOnlyCell(tab, written_text(text))
    cell.data_type = "s"  # openpyxl takes = for a formula and #N/A for an error
    if looks_like_formula(text):
        cell.quotePrefix = True  # so that it stays text when somebody edits the cell
    if "\n" in text or 2 * len(text) > column.width:
        cell.alignment = _WRAPPED
    return cell


def written_text(text: str) -> str:
    """``text`` as a cell holds it: without what XML has not, marked where Excel would misread."""
    return _ESCAPED.sub("_x005F_", _fitting(_NOT_IN_XML.sub("", text)))


def _fitting(text: str) -> str:
    """``text``, or as much of it as a cell holds, ending in …."""
    if len(text) <= _LONGEST_TEXT // 2:  # no character has more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    return units[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", errors="ignore") + "…"
