"""What a table is made of: its name, its columns, its rows, and what stands in a cell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.sheets.formats import Carrier

# A cell that starts so would be run as a formula, by a Japanese Excel at full width too; the
# last two become a full-width minus in Shift_JIS.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−", "–")
# They choose the shape of the character before them; Shift_JIS drops them.
SELECTORS = "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


@dataclass(frozen=True)
class Column:
    """One column: its heading, and the row's value for it (an attribute path or a function).

    A number of persons, yen or cases is an ``int``, and Excel reckons with it; a code or a
    telephone number is a ``str``, and keeps its leading zeros. ``width`` is that of the
    column in Excel, in half-width characters.
    """

    heading: str
    value: str | Callable[[Any], Any]
    width: int = 20

    def value_of(self, row: Any) -> Any:
        """What stands in the column for ``row``; None when a relation on the way is missing."""
        return self.value(row) if callable(self.value) else _follow(row, self.value)

    def in_file(self, carrier: Carrier) -> "Column":
        """The column as one kind of file has it; the same in all, but for ``editing``'s marks."""
        return self


@dataclass(frozen=True)
class Sheet:
    """A table: what its file is called (連携協定), its columns and its rows.

    One ``to_fill_in`` takes in Excel what is typed as text, with its leading zeros; ``notes``
    say on a tab of their own how. A CSV has neither.
    """

    name: str
    columns: list[Column]
    rows: Iterable[Any]
    notes: Sequence[str] = ()
    to_fill_in: bool = False


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name)
        if row is None:
            return None
        if callable(row):
            row = row()
    return row


def is_number(value: Any) -> bool:
    """Whether ``value`` is one to reckon with; to Python, はい and いいえ are too."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def as_text(value: Any) -> str:
    """A cell: 2026-11-22, 2026-11-22 17:05 (Tokyo), はい／いいえ, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that is given ``text`` as typed would run it."""
    return text.lstrip(SELECTORS).startswith(_FORMULA_STARTS)
