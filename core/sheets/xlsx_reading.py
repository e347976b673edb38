"""The cells of an Excel file, and the guard in front of it.

openpyxl believes what a file says of itself; so its parts are measured before it sees them.
It is given the file with formulas instead of the values that Excel last reckoned: those may
be years old, and nobody sees which cell holds one.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from core.enums import FileKind
from core.files import office
from core.files.kinds import Unfit
from core.sheets.cells import EMPTY, Cell, CellKind, SheetRefused
from core.sheets.columns import as_text

# A sheet of 5,000 rows and 20 columns unpacks to a third of it.
MAX_UNPACKED_BYTES = 30 * 1024**2
# Each opens or closes an element, which costs some hundred bytes once it is parsed.
MAX_TAGS = 1_500_000
MAX_COLUMNS = 100
# Excel has no more rows; a file may say so.
_LAST_ROW = 1_048_576
_CHUNK = 1024**2
_TOO_MUCH = "表が大きすぎます。いらないシート・列・画像を消して、保存し直してください"
_BROKEN = "Excelファイルを読み取れませんでした。Excelで開き、「Excel ブック（.xlsx）」で保存し直してください"
# What no program for tables writes, and what a parser could be led astray with.
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_ZEROS = re.compile("0+")


def xlsx_rows(data: bytes, name: str) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the first visible sheet, each with its number; rows between may be missing.

    Links to other files are never followed. Raises ``SheetRefused``.
    """
    _check(data, name or "ファイル")
    with warnings.catch_warnings():
        # What openpyxl cannot keep (validation, colours) plays no part in reading.
        warnings.simplefilter("ignore")
        try:
            yield from _rows(data)
        except SheetRefused:
            raise
        except Exception as error:
            # openpyxl raises whatever its parser stumbles over; none of it is ours.
            raise SheetRefused(_BROKEN) from error


def _rows(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        tabs = [tab for tab in book.worksheets if tab.sheet_state == "visible"]
        if not tabs:
            raise SheetRefused("Excelファイルに、表のシートがありません")
        tabs[0].reset_dimensions()
        missing: Any = None
        rows: Iterator[Any] = tabs[0].iter_rows(max_col=MAX_COLUMNS + 1)
        for number, cells in enumerate(rows, start=1):
            if number > _LAST_ROW:
                return
            # For every row that the file leaves out openpyxl gives one and the same.
            if cells is not missing:
                yield number, [_cell(cell) for cell in cells]
            if cells[0] is EMPTY_CELL and cells[-1] is EMPTY_CELL:
                missing = cells
    finally:
        book.close()


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell(str(getattr(value, "text", value))[:200], CellKind.FORMULA)
    if cell.data_type == "e":
        return Cell(str(value), CellKind.ERROR)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return Cell(
            value.date().isoformat() if midnight else f"{value:%Y-%m-%d %H:%M}", CellKind.DATE
        )
    if isinstance(value, date):
        return Cell(value.isoformat(), CellKind.DATE)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(_number_text(value, cell.number_format), CellKind.NUMBER)
    return Cell(unescaped(as_text(value)))


def _number_text(value: float, number_format: str) -> str:
    """A number as Excel shows a code: no .0, and the zeros that its format puts before it."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return text.zfill(len(number_format)) if _ZEROS.fullmatch(number_format) else text


def unescaped(text: str) -> str:
    """``text`` without the marks that Excel writes for what XML has not."""
    return text.replace("_x000D_", "").replace("_x005F_", "_")


def _check(data: bytes, name: str) -> None:
    """Raises ``SheetRefused`` for what is no plain workbook or unpacks to too much."""
    try:
        kind = office.kind_of(data)
    except Unfit as unfit:
        raise SheetRefused(f"「{name}」{unfit.reason}") from unfit
    if kind is not FileKind.XLSX:
        raise SheetRefused("Excelの表のファイル（.xlsx）ではありません")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise SheetRefused(_TOO_MUCH)
        written = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
        if sum(_tags(archive, part) for part in written) > MAX_TAGS:
            raise SheetRefused(_TOO_MUCH)


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many tags a part has, read piece by piece. Raises ``SheetRefused`` for declarations."""
    count, before = 0, b""
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            if not before and piece.startswith(_OTHER_UNICODE):
                raise SheetRefused(_BROKEN)
            seen = before + piece
            if any(word in seen.upper() for word in _DECLARATIONS):
                raise SheetRefused(_BROKEN)
            count += piece.count(b"<")
            before = seen[-len(max(_DECLARATIONS, key=len)) :]
    return count
