"""The data files, read without the code that loads them, and copies with one cell changed."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from core.record import RecordError
from members.models import Organization
from tests.dumping import dump


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a data file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def loaded_as(
    model: type[Model], told: Callable[[Any], dict[str, str]]
) -> dict[str, dict[str, str]]:
    """The loaded rows of ``model`` by their id, each told in the columns of its data file."""
    rows = model._default_manager.exclude(record_id=None)
    return {row.record_id: told(row) for row in rows}


def in_file(path: Path, unordered: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """The rows of a data file by id; the items of ``unordered`` columns are sorted."""
    rows = rows_of(path)
    for row in rows:
        row.update({column: joined(row[column].split(";")) for column in unordered})
    return {row["id"]: row for row in rows}


def joined(items: Iterable[Any]) -> str:
    """Items whose order says nothing, as one cell."""
    return ";".join(sorted(str(item) for item in items))


def keys(related: Iterable[Any]) -> str:
    """The records in a relation by their ids, or sources by their keys, as one cell."""
    return joined(getattr(row, "key", None) or row.record_id for row in related)


def name_of(body: Organization) -> str:
    """What the data calls a body."""
    return body.full_name


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def number(value: int | None) -> str:
    return "" if value is None else str(value)


def flag(value: bool) -> str:
    return "1" if value else "0"


def copied(data: Path, to: Path, file: str, line: int = 2, **cells: str) -> Path:
    """A copy of the data files in ``to``, the row on ``line`` of ``file`` with other ``cells``."""
    for path in data.glob("*.csv"):
        (to / path.name).write_bytes(path.read_bytes())
    rows = rows_of(data / file)
    rows[line - 2].update(cells)
    with (to / file).open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to


def line_of(path: Path, record_id: str) -> int:
    """The line of a data file that the row ``record_id`` stands on."""
    ids = [row["id"] for row in rows_of(path)]
    return ids.index(record_id) + 2


@contextmanager
def refused(file: str, line: int, message: str, *rooms: str) -> Iterator[None]:
    """Expects a refusal that names the row on ``line`` of ``file``; ``rooms`` stay as they are."""
    before = dump(*rooms)
    with pytest.raises(RecordError) as refusal:
        yield
    assert str(refusal.value) == f"{file} {line}行目：{message}"
    assert dump(*rooms) == before
