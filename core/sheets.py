"""Tables for Excel: one declaration of the columns serves every download."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.utils import timezone

# A cell that starts so would be run as a formula, by a Japanese Excel at full width too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """One column: its heading, and the row's value for it (an attribute path or a function)."""

    heading: str
    value: str | Callable[[Any], Any]

    def of(self, row: Any) -> str:
        """The cell of ``row`` as text."""
        result = self.value(row) if callable(self.value) else _follow(row, self.value)
        return as_text(result)


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name)
        if row is None:
            return None
        if callable(row):
            row = row()
    return row


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


def neutralised(text: str) -> str:
    """``text`` so that a spreadsheet shows it instead of running it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_lines(columns: list[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The table line by line, beginning with the byte order mark that Excel needs."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([column.heading for column in columns])
    for row in rows:
        yield writer.writerow([neutralised(column.of(row)) for column in columns])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(
    filename: str, columns: list[Column], rows: Iterable[Any]
) -> StreamingHttpResponse:
    """The table as a download named ``filename`` (with its .csv ending), UTF-8 with BOM."""
    response = StreamingHttpResponse(
        csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response
