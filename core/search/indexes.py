"""The index of all pairs of neighbouring letters (bigrams) over a folded text.

Both databases keep it themselves, whoever writes the text (``core.search.sqlite``,
``core.search.postgresql``); nothing in the portal has to think of it. The index only narrows:
what it finds is what comparing the text letter by letter would find
(``docs/adr/0021-pairs-of-letters.md``).
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

from django.apps import apps

from core import kept
from core.search import postgresql, sqlite
from core.search.columns import Common, IndexedColumn, Sql


class Vendor(Protocol):
    """What a database has to say about an index; the modules say what each means."""

    def create(self, index: IndexedColumn) -> list[str]: ...
    def fill(self, index: IndexedColumn) -> list[str]: ...
    def drop(self, index: IndexedColumn) -> list[str]: ...
    def is_there(self, index: IndexedColumn) -> str: ...
    def missing(self, index: IndexedColumn) -> str: ...
    def common(self, index: IndexedColumn, words: Sequence[str]) -> Sql: ...
    def condition(
        self, index: IndexedColumn, key: str, text: str, words: Sequence[str], common: Common
    ) -> Sql: ...


_VENDORS: dict[str, Vendor] = {"sqlite": sqlite, "postgresql": postgresql}


class SearchIndex(IndexedColumn):
    """The index over one column, whichever database keeps it."""

    def create(self, execute: Any, vendor: str) -> None:
        """Makes it, for the rows that are there and all that come."""
        for statement in [*_VENDORS[vendor].create(self), *_VENDORS[vendor].fill(self)]:
            execute(statement)

    def drop(self, execute: Any, vendor: str) -> None:
        for statement in _VENDORS[vendor].drop(self):
            execute(statement)

    def rebuild(self, connection: Any) -> None:
        """Makes it anew, also where it is gone."""
        with connection.cursor() as cursor:
            self.drop(cursor.execute, connection.vendor)
            self.create(cursor.execute, connection.vendor)

    def is_whole(self, connection: Any) -> bool:
        """Whether the database still keeps it."""
        return bool(self._number(connection, _VENDORS[connection.vendor].is_there(self)))

    def is_left_behind(self, connection: Any) -> bool:
        """Whether it is there and the table keeps it no more."""
        there = self.name in connection.introspection.table_names()
        return there and not self.is_whole(connection)

    def missing(self, connection: Any) -> int:
        """How many rows it does not know, or should not know any more."""
        vendor = _VENDORS[connection.vendor]
        if not self.is_whole(connection):
            return self._number(connection, f"SELECT count(*) FROM {self.table}")
        return self._number(connection, vendor.missing(self))

    def condition(self, connection: Any, key: str, text: str, words: Sequence[str]) -> Sql:
        """That the row with this ``key`` and this folded ``text`` holds every word."""
        common, *held = self._common(connection, words)
        # Rows are compared with one word after the other, until one of them is not there.
        rarest_first = [word for _, word in sorted(zip(held, words, strict=True))]
        vendor = _VENDORS[connection.vendor]
        return vendor.condition(self, key, text, rarest_first, Common(common))

    def _common(self, connection: Any, words: Sequence[str]) -> list[int]:
        """Kept for a minute; it is about speed alone, so an old answer does no harm."""
        digest = hashlib.sha256("\n".join([self.name, *words]).encode()).hexdigest()
        name = f"search-{connection.alias}-{digest}"
        asked = _VENDORS[connection.vendor].common(self, words)
        return kept.one(name, lambda: self._row(connection, *asked))

    def _number(self, connection: Any, statement: str) -> int:
        return self._row(connection, statement)[0]

    @staticmethod
    def _row(connection: Any, statement: str, params: tuple[str, ...] | None = None) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return [int(number) for number in cursor.fetchone()]


def index_of(field: Any) -> SearchIndex:
    """The index over ``field`` of a model."""
    opts = field.model._meta
    return SearchIndex(opts.db_table, opts.pk.column, field.column)


def declared(app_label: str | None = None) -> list[SearchIndex]:
    """Every index that a field of an installed app declares, or of one app."""
    configs = [apps.get_app_config(app_label)] if app_label else apps.get_app_configs()
    fields = [
        field
        for config in configs
        for model in config.get_models()
        for field in model._meta.local_fields
    ]
    return [index_of(field) for field in fields if getattr(field, "indexed", False)]
