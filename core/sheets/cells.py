"""A table as it was read: its headings, and its rows with the numbers people see in Excel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import DomainError


class SheetRefused(DomainError):
    """A table cannot be read at all; the sentence says why, and what to do."""


class CellKind(StrEnum):
    """What a cell held, as far as its text does not say it."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, as text: a date as 2026-11-22, a formula with its sign =."""

    text: str
    kind: CellKind = CellKind.TEXT


EMPTY = Cell("")
# Where the headings stand among the rows that are kept; Excel counts from one.
_HEADINGS = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the number that Excel shows beside it, and its cells by heading."""

    number: int
    cells: dict[str, Cell]

    def __getitem__(self, heading: str) -> Cell:
        return self.cells.get(heading, EMPTY)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what its file is called (empty for one that was pasted), headings and rows."""

    name: str
    headings: list[str]
    rows: list[Row]


def as_json(table: Table) -> list[Any]:
    """The table as ``core.models.SheetUpload`` keeps it: its headings as row 0, then its rows."""
    rows = [
        [row.number, {heading: _plain(cell) for heading, cell in row.cells.items()}]
        for row in table.rows
    ]
    return [[_HEADINGS, table.headings], *rows]


def from_json(name: str, rows: list[Any]) -> Table:
    """The table that ``as_json`` was made of; a database may keep the cells in another order."""
    (_number, headings), *others = rows
    read = [
        Row(number, {heading: _cell(plain) for heading, plain in cells.items()})
        for number, cells in others
    ]
    return Table(name, headings, read)


def _plain(cell: Cell) -> str | list[str]:
    return cell.text if cell.kind == CellKind.TEXT else [cell.text, cell.kind]


def _cell(plain: str | list[str]) -> Cell:
    return Cell(plain) if isinstance(plain, str) else Cell(plain[0], CellKind(plain[1]))
