"""A table as CSV: UTF-8 with the mark that Excel needs, or Shift_JIS for older programs."""

import codecs
import csv
from collections.abc import Iterator
from typing import Any

from core.sheets.columns import SELECTORS, Sheet, as_text, is_number, looks_like_formula
from core.sheets.formats import Encoding


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_bytes(sheet: Sheet, encoding: Encoding) -> Iterator[bytes]:
    """The table in ``encoding``, line by line, the headings first."""
    if encoding == Encoding.UTF8:
        yield codecs.BOM_UTF8
    for line in csv_lines(sheet):
        yield line.encode(encoding, errors="geta")


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The table line by line, each with its CRLF."""
    writer = csv.writer(_Echo())
    yield writer.writerow([column.heading for column in sheet.columns])
    for row in sheet.rows:
        yield writer.writerow([cell_text(column.value_of(row)) for column in sheet.columns])


def cell_text(value: Any) -> str:
    """``value`` as text that a spreadsheet shows instead of running it as a formula."""
    text = as_text(value)
    return f"'{text}" if looks_like_formula(text) and not is_number(value) else text


# What Shift_JIS of Windows has at another code point than Unicode's own, or nearly has.
_TWINS = {
    "〜": "～",
    "−": "－",
    "–": "－",
    "‑": "‐",
    "—": "―",
    "‖": "∥",
    "¢": "￠",
    "£": "￡",
    "¥": "￥",
    "¬": "￢",
    "•": "・",
    "\N{NO-BREAK SPACE}": " ",
}


def _as_geta(error: UnicodeError) -> tuple[str, int]:
    """What Shift_JIS cannot hold: its twin of the character, or 〓 as printers put it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    kept = (_TWINS.get(character, "〓") for character in lost if character not in SELECTORS)
    return "".join(kept), error.end


codecs.register_error("geta", _as_geta)
