"""Reading a table that somebody uploads or pastes: Excel, CSV, or cells copied from Excel.

Nothing is guessed that could be wrong without being seen: a file is UTF-8 or Shift_JIS or it
is refused, a formula is named as one, and numbers stay as they were typed.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from django.core.files import File

from core.file_names import extension_of, size_text
from core.sheets.cells import Cell, CellKind, Row, SheetRefused, Table
from core.sheets.columns import looks_like_formula
from core.sheets.xlsx_reading import MAX_COLUMNS, xlsx_rows

MAX_BYTES = 5 * 1024**2
# Below what Django takes of a form (``DATA_UPLOAD_MAX_MEMORY_SIZE``); ten times the whole country.
MAX_PASTED_BYTES = 2 * 1024**2
# A text that an Excel file has once may stand in each of its cells.
MAX_CHARACTERS = 5 * 1024**2
# Every municipality with a few people each.
MAX_ROWS = 5_000

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UNREADABLE = (
    "文字コードを読み取れませんでした。"
    "Excelの形式（.xlsx）か「CSV UTF-8」で保存し直して、もう一度選んでください"
)
_OTHER_KIND = "Excel（.xlsx）かCSVのファイルを選んでください"

type Numbered = tuple[int, list[Cell]]


def read_table(source: File | str, name: str = "") -> Table:
    """The table in a file called ``name``, or in a text that was pasted.

    The first row that holds anything has the headings; rows without anything are left out,
    and counted. Raises ``SheetRefused`` for what is no table, is too large, or holds a column
    without a heading or a heading twice.
    """
    rows = _pasted_rows(source) if isinstance(source, str) else _file_rows(source, name)
    return _table(name, rows)


def folded_heading(text: str) -> str:
    """A heading as two spellings of it are compared: any width and case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _pasted_rows(text: str) -> Iterator[Numbered]:
    if len(text.encode(errors="replace")) > MAX_PASTED_BYTES:
        raise SheetRefused(
            f"貼り付けられるのは{size_text(MAX_PASTED_BYTES)}までです。ファイルで読み込んでください"
        )
    return _text_rows(text)


def _file_rows(file: File, name: str) -> Iterator[Numbered]:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        limit = size_text(MAX_BYTES)
        raise SheetRefused(
            f"ファイルが{limit}を超えています。いらない列や画像を消して、{limit}以下にしてください"
        )
    if data.startswith(_ZIP):
        return xlsx_rows(data, name)
    if data.startswith(_OLD_EXCEL):
        raise SheetRefused(
            "古い形式（.xls）か、パスワードの付いたExcelファイルです。"
            "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください"
        )
    if extension_of(name) in ("xlsx", "xlsm", "xls"):
        raise SheetRefused(f"中身がExcelのファイルではありません。{_OTHER_KIND}")
    return _text_rows(_decoded(data))


def _decoded(data: bytes) -> str:
    """``data`` as text, by its mark or by being valid throughout; UTF-8 first."""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp932")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)  # Excel's 「Unicode テキスト」
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(_UNREADABLE)


def _text_rows(text: str) -> Iterator[Numbered]:
    """The rows of a CSV or TSV text; a row with newlines within is one, as in Excel."""
    if "\x00" in text:
        raise SheetRefused(_OTHER_KIND)
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = "\t" if "\t" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetRefused(
                f'{number}行目の引用符（"）が閉じていないか、セルが長すぎるため、'
                "表を読み取れませんでした"
            ) from error
        yield number, [text_cell(cell) for cell in cells]


def text_cell(text: str) -> Cell:
    """A cell of a CSV; one of our own downloads is shown with ' so that it does not run."""
    if text.startswith("'") and looks_like_formula(text[1:]):
        return Cell(text[1:])
    return Cell(text, CellKind.FORMULA if text.lstrip().startswith("=") else CellKind.TEXT)


def _table(name: str, rows: Iterable[Numbered]) -> Table:
    filled = ((number, cells) for number, cells in rows if any(cell.text.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise SheetRefused("表に何も入っていません。見出しの行から読み込んでください")
    headings = _headings(first[1])
    read: list[Row] = []
    length = 0
    for number, cells in filled:
        if len(read) == MAX_ROWS:
            raise SheetRefused(
                f"一度に読み込めるのは{MAX_ROWS:,}行までです。表を分けて読み込んでください"
            )
        length += sum(len(cell.text) for cell in cells)
        if length > MAX_CHARACTERS:
            raise SheetRefused(
                f"{number}行目までの文字が多すぎます。いらない列を消すか、表を分けて読み込んでください"
            )
        read.append(Row(number, _by_heading(number, headings, cells)))
    return Table(name, [heading for heading in headings if heading], read)


def _headings(cells: list[Cell]) -> list[str]:
    headings = [" ".join(cell.text.split()) for cell in cells[:MAX_COLUMNS]]
    if any(cell.text.strip() for cell in cells[MAX_COLUMNS:]):
        raise SheetRefused(f"読み込めるのは{MAX_COLUMNS}列までです。いらない列を消してください")
    seen: dict[str, str] = {}
    for heading in filter(None, headings):
        key = folded_heading(heading)
        if key in seen:
            raise SheetRefused(f"見出し「{heading}」が2つあります。1つにしてください")
        seen[key] = heading
    return headings


def _by_heading(number: int, headings: list[str], cells: list[Cell]) -> dict[str, Cell]:
    found = {}
    for place, cell in enumerate(cells):
        if not cell.text.strip():
            continue
        heading = headings[place] if place < len(headings) else ""
        if not heading:
            raise SheetRefused(
                f"{number}行目の{place + 1}列目の「{cell.text[:20]}」の列に、見出しがありません"
            )
        found[heading] = cell
    return found
