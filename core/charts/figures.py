"""A figure: a chart, and the same numbers as one table for the page, Excel and CSV alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from core.charts.marks import Drawing
from core.sheets import Column, Sheet, as_text


@dataclass(frozen=True)
class Cell:
    """A cell as the page prints it.

    ``css`` is n for a number, which stands at the right with its thousands marked, and n zero
    for one that stands back.
    """

    text: str
    heading: str
    css: str = ""
    url: str = ""

    @classmethod
    def of(cls, column: Column, row: Any) -> "Cell":
        value = column.value_of(row)
        if isinstance(value, int):
            return cls(f"{value:,}", column.heading, "n" if value else "n zero")
        return cls(as_text(value), column.heading)


@dataclass(frozen=True)
class TableRow:
    """A row as the page prints it: its head, which may be a link, and its other cells."""

    head: Cell
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """The numbers of a figure. ``name`` is that of the file.

    A row with a ``url`` is linked by its head. ``is_wide`` ones stack on a phone.
    """

    name: str
    columns: list[Column]
    rows: Sequence[Any]
    is_wide: bool = False

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.name, self.columns, self.rows)

    @cached_property
    def body(self) -> list[TableRow]:
        first, *others = self.columns
        return [
            TableRow(
                Cell(as_text(first.value_of(row)), first.heading, url=getattr(row, "url", "")),
                [Cell.of(column, row) for column in others],
            )
            for row in self.rows
        ]

    @cached_property
    def head(self) -> list[Cell]:
        """The headings; those of numbers stand at the right."""
        below = [row.cells for row in self.body[-1:]]
        numbers = ["", *(cell.css[:1] for cells in below for cell in cells)]
        return [
            Cell(column.heading, column.heading, css)
            for column, css in zip_longest(self.columns, numbers, fillvalue="")
        ]


@dataclass(frozen=True)
class Figure:
    """A chart of ``table``. Without a ``drawing`` there is nothing to show yet: ``finding``
    then says so, and otherwise tells in one sentence what the chart shows.

    ``slug`` is its name in the address of its file; ``by`` says what divides the numbers
    (年度別). ``notes`` stand below the chart. ``is_stated``: somebody published the numbers.
    """

    slug: str
    title: str
    unit: str
    finding: str
    drawing: Drawing | None
    table: Table
    by: str = ""
    notes: tuple[str, ...] = ()
    is_stated: bool = False

    @property
    def unit_text(self) -> str:
        """（年度別、単位：件）: stands behind the title."""
        return f"（{f'{self.by}、' if self.by else ''}単位：{self.unit}）"
