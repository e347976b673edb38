"""Bringing tables of data into the database, again and again, with the same outcome.

A row is written when it is new or when its data has changed since it was last loaded;
otherwise it stays as it is, with whatever the secretariat has corrected. No row is deleted
because the data lacks it.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.audit import Actor, Change, differences, record, record_run
from core.enums import Action
from core.models import Loaded, Recorded, Source

DATA = Path(__file__).parent / "data"


class RecordError(Exception):
    """A row of the data cannot be loaded. The message names the file, the line and the cell."""


@dataclass(frozen=True)
class DataRow:
    """One row of a data file, and where it stands.

    ``parts`` are the rows of another file that belong to it, as the parties of an agreement.
    """

    place: str
    cells: Mapping[str, str]
    parts: tuple["DataRow", ...] = ()

    def __getitem__(self, column: str) -> str:
        try:
            return self.cells[column]
        except KeyError:
            raise self.error(f"「{column}」の列がありません") from None

    def error(self, message: str) -> RecordError:
        """The refusal of this row."""
        return RecordError(f"{self.place}：{message}")

    @cached_property
    def digest(self) -> str:
        """Changes whenever a cell of the row or of its parts does."""
        cells = [dict(row.cells) for row in (self, *self.parts)]
        return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()

    def items(self, column: str) -> list[str]:
        """The cell's items, which are separated by ``;``."""
        return [item.strip() for item in self[column].split(";") if item.strip()]

    def lines(self, column: str) -> str:
        """The cell's items, one to a line."""
        return "\n".join(self.items(column))

    def flag(self, column: str) -> bool:
        return self[column] == "1"

    def day(self, column: str) -> date | None:
        if not self[column]:
            return None
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            raise self.error(f"{column}の「{self[column]}」は日付ではありません") from None

    def number(self, column: str) -> int | None:
        if not self[column]:
            return None
        try:
            return int(self[column])
        except ValueError:
            raise self.error(f"{column}の「{self[column]}」は整数ではありません") from None

    def one_of[T](self, column: str, choices: Mapping[str, T]) -> T:
        """What ``choices`` gives for the cell."""
        try:
            return choices[self[column]]
        except KeyError:
            raise self.error(f"{column}の「{self[column]}」は決められた値ではありません") from None


def read_rows(path: Path) -> list[DataRow]:
    """The rows of a CSV file. Raises ``RecordError`` for a row with too few or many cells."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, cells in enumerate(csv.DictReader(file, restval=None), start=2):
            row = DataRow(f"{path.name} {line}行目", cells)
            if None in cells or None in cells.values():
                raise row.error("列の数が見出しと違います")
            rows.append(row)
    return rows


def with_parts(rows: list[DataRow], parts: list[DataRow], column: str) -> list[DataRow]:
    """``rows`` with the ``parts`` whose ``column`` holds their id.

    Raises ``RecordError`` for a part that belongs to none of them.
    """
    by_id: dict[str, list[DataRow]] = {row["id"]: [] for row in rows}
    for part in parts:
        find(part, part[column], by_id, "番号").append(part)
    return [DataRow(row.place, row.cells, tuple(by_id[row["id"]])) for row in rows]


@dataclass
class Outcome[M: models.Model]:
    """What a load did to one table: its data rows and its objects, by their key in the data.

    ``rewritten`` holds, of each changed object, the fields that differ from before.
    """

    name: str
    rows: dict[str, DataRow] = field(default_factory=dict)
    by_key: dict[str, M] = field(default_factory=dict)
    added: list[tuple[DataRow, M]] = field(default_factory=list)
    changed: list[tuple[DataRow, M]] = field(default_factory=list)
    rewritten: list[tuple[M, dict[str, Change]]] = field(default_factory=list)

    @property
    def touched(self) -> list[tuple[DataRow, M]]:
        return [*self.added, *self.changed]

    @property
    def counts(self) -> str:
        return f"追加{len(self.added):,}件、変更{len(self.changed):,}件"

    def __str__(self) -> str:
        return f"{self.name} {len(self.by_key):,}件（{self.counts}）"


def load_rows[M: Loaded](
    existing: Mapping[str, M],
    model: type[M],
    rows: Iterable[DataRow],
    *,
    key: Callable[[DataRow], str],
    values: Callable[[DataRow], Mapping[str, Any]],
) -> Outcome[M]:
    """Adds the data rows that are new to ``model``, rewrites those whose data changed.

    ``existing`` holds the table's rows by the key that ``key`` reads from a data row;
    ``values`` gives the fields of a data row. Raises ``RecordError`` for a key that stands
    twice and for a value that the field does not take.
    """
    outcome: Outcome[M] = Outcome(str(model._meta.verbose_name))
    for row in rows:
        name = key(row)
        if name in outcome.by_key:
            raise row.error(f"「{name}」が2回あります")
        found = existing.get(name)
        outcome.rows[name] = row
        outcome.by_key[name] = found or model()
        if found is None:
            outcome.added.append((row, outcome.by_key[name]))
        elif found.record_digest != row.digest:
            outcome.changed.append((row, found))
    for row, obj in outcome.added:
        _fill(obj, row, values(row))
    for row, obj in outcome.changed:
        outcome.rewritten.append((obj, _fill(obj, row, values(row))))
    # In bulk: a first load adds thousands. A change is rare, and saving writes search_text.
    model._default_manager.bulk_create([obj for _, obj in outcome.added])
    for _, obj in outcome.changed:
        obj.save()
    return outcome


def _fill(obj: Loaded, row: DataRow, values: Mapping[str, Any]) -> dict[str, Change]:
    """Sets ``values`` on ``obj``; returns those that differ from before."""
    before = {name: getattr(obj, name, None) for name in values} if obj.pk else {}
    for name, value in values.items():
        setattr(obj, name, value)
    obj.record_digest = row.digest
    if obj.pk and hasattr(obj, "version"):
        # A form opened before the load is refused as stale.
        obj.version += 1
    try:
        # Relations come from the database already.
        obj.clean_fields(exclude=[f.name for f in obj._meta.fields if f.is_relation])
    except ValidationError as refusal:
        reasons = "、".join(f"{name} {'、'.join(m)}" for name, m in refusal.message_dict.items())
        raise row.error(reasons) from refusal
    return differences(before, values)


def recorded_values(row: DataRow) -> dict[str, Any]:
    """The fields that every row of the public record has (``core.models.Recorded``)."""
    return {"record_id": row["id"], "note": row["note"], "confidence": row["confidence"]}


def recorded(model: type[Recorded]) -> dict[str, Any]:
    """The rows of ``model`` that came from the data, by their id in it."""
    rows = model._default_manager.exclude(record_id=None)
    return {str(row.record_id): row for row in rows}


def link_sources(outcome: Outcome, sources: Mapping[str, Source], column: str = "sources") -> None:
    """Gives each touched row the sources that its data row names by key."""
    for row, obj in outcome.touched:
        obj.sources.set(find(row, name, sources, "出典") for name in row.items(column))


def find[M](row: DataRow, name: str, by_name: Mapping[str, M], what: str) -> M:
    """What ``name`` means. Raises ``RecordError`` naming the row when nothing has the name."""
    try:
        return by_name[name]
    except KeyError:
        raise row.error(f"「{name}」という{what}はありません") from None


def load_sources(*, by: Actor) -> Outcome[Source]:
    """Brings in the sources that rows of the record refer to."""
    existing = {source.key: source for source in Source.objects.all()}
    outcome = load_rows(
        existing,
        Source,
        read_rows(DATA / "sources.csv"),
        key=lambda row: row["key"],
        values=_source_values,
    )
    note_run(Action.LOAD_RECORD, [outcome], by=by)
    return outcome


def _source_values(row: DataRow) -> dict[str, Any]:
    return {
        "key": row["key"],
        "title": row["title"],
        "title_is_descriptive": row.flag("title_is_descriptive"),
        "issuer": row["issuer"],
        "date_text": row["date"],
        "url": row["url"],
        "public": row.flag("public"),
        "note": row["note"],
    }


def note_run(action: str, outcomes: list[Outcome], *, by: Actor) -> list[Outcome]:
    """Writes one audit row of a room's load if anything changed; returns ``outcomes``.

    Each rewritten object has one of its own besides, with what it said before: it may have
    been a correction.
    """
    for outcome in outcomes:
        for obj, changes in outcome.rewritten:
            record(action, obj, by=by, changes=changes)
    counts = {outcome.name: outcome.counts for outcome in outcomes if outcome.touched}
    if counts:
        record_run(action, by=by, counts=counts)
    return outcomes
