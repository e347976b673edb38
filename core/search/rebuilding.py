"""Whether all is found that should be, and making it so again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, connections, transaction

from core.search import indexes
from core.search.fields import SearchTextField

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """Of one table: its rows, those with another text than they should have, and those that
    its index misses (None where there is no index)."""

    rows: int
    texts: int
    missing: int | None

    @property
    def is_well(self) -> bool:
        return not self.texts and not self.missing

    @property
    def text(self) -> str:
        said = f"{self.rows:,}件、本文の違い{self.texts:,}件"
        return said if self.missing is None else f"{said}、索引の違い{self.missing:,}件"


def rebuild(*, check: bool) -> Iterator[tuple[str, Outcome]]:
    """Writes the folded texts that differ, and makes every index anew; with ``check`` counts alone.

    One table at a time, its texts and its index each in a transaction of its own.
    """
    for field in _fields():
        with transaction.atomic():
            rows, texts = _texts(field, write=not check)
        missing = _index(field, write=not check) if field.indexed else None
        yield f"{field.model._meta.label}.{field.name}", Outcome(rows, texts, missing)


def _fields() -> list[SearchTextField]:
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SearchTextField)
    ]


def _texts(field: SearchTextField, *, write: bool) -> tuple[int, int]:
    """How many rows there are, and how many had another text than they should have."""
    rows, differing = 0, 0
    found = field.model._default_manager.order_by("pk")
    for some in batched(found.iterator(ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False):
        wrong = [row for row in some if getattr(row, field.attname) != field.text_of(row)]
        rows, differing = rows + len(some), differing + len(wrong)
        if write and wrong:
            for row in wrong:
                setattr(row, field.attname, field.text_of(row))
            field.model._default_manager.bulk_update(wrong, [field.name])
    return rows, differing


def _index(field: SearchTextField, *, write: bool) -> int:
    """How many rows the index missed."""
    index = indexes.index_of(field)
    with transaction.atomic():
        missing = index.missing(connection)
        if write:
            index.rebuild(connection)
    return missing


def missing() -> int:
    """How many rows the indexes miss, or hold for nothing."""
    return sum(index.missing(connection) for index in indexes.declared())


def mend(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Makes an index anew whose triggers went with a table that a migration has made anew.

    That is how Django changes a table on SQLite. An index that was never made, or that a
    migration has dropped, stays away.
    """
    database = connections[using]
    if database.vendor == "sqlite":
        for index in indexes.declared(sender.label):
            if index.is_left_behind(database):
                index.rebuild(database)
