"""The search index on SQLite: a full-text table that triggers keep.

The full-text table holds positions alone, no text (``content=''``). Its words are the pairs of
letters of the folded text, in the order in which they stand, each as hexadecimal digits: then
signs, spaces and emoji are letters like any other, nothing that is typed has a meaning to the
full-text engine, and a phrase of pairs is found exactly where the letters stand side by side.

SQLite before 3.43 deletes from such a table only by the very words that were put in; the
triggers make them anew from the old text.
"""

from collections.abc import Sequence

from core.search.columns import Common, IndexedColumn, Sql

# Up to so many rows lead a query: fetching and sorting them costs less than 10 ms.
FEW = 3000
# Words stand in most rows when they do in so many of the newest ones: of those that the list
# goes through, fewer must be compared than would be looked up.
MOST = 30
# A word is looked up by so many of its letters, and compared if it has more.
LONGEST = 50

_HOLDS = "instr({text}, %s) > 0"
_KEPT_ON = ("insert", "update", "delete")


def _grams(text: str) -> str:
    """The pairs of letters of the expression ``text``; the last letter stands alone.

    In SQL, not in Python, so that whoever writes the table keeps the index.
    """
    return (
        f"(WITH RECURSIVE place(i, n) AS (SELECT 1, length({text}) "
        "UNION ALL SELECT i + 1, n FROM place WHERE i < n) "
        f"SELECT group_concat(hex(substr({text}, i, 2)), ' ') FROM place)"
    )


def _phrases(words: Sequence[str]) -> str:
    """Every word as a phrase of pairs; a single letter is the beginning of a pair."""
    return " AND ".join(_phrase(word[:LONGEST]) for word in words)


def _phrase(word: str) -> str:
    pairs = [word[at : at + 2].encode().hex() for at in range(max(1, len(word) - 1))]
    return f'"{" ".join(pairs)}"{" *" if len(word) == 1 else ""}'


def create(index: IndexedColumn) -> list[str]:
    name, table, key, column = index.name, index.table, index.key, index.column
    put = f"INSERT INTO {name}(rowid, grams) VALUES (NEW.{key}, {_grams(f'NEW.{column}')});"
    take = (
        f"INSERT INTO {name}({name}, rowid, grams) "
        f"VALUES ('delete', OLD.{key}, {_grams(f'OLD.{column}')});"
    )
    changed = f"UPDATE OF {column} ON {table} WHEN OLD.{column} IS NOT NEW.{column}"
    return [
        f"CREATE VIRTUAL TABLE {name} USING fts5(grams, content='', tokenize='ascii')",
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER {name}_update AFTER {changed} BEGIN {take} {put} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {take} END",
    ]


def fill(index: IndexedColumn) -> list[str]:
    rows = f"SELECT {index.key}, {_grams(index.column)} FROM {index.table}"
    return [f"INSERT INTO {index.name}(rowid, grams) {rows}"]


def drop(index: IndexedColumn) -> list[str]:
    triggers = [f"DROP TRIGGER IF EXISTS {index.name}_{event}" for event in _KEPT_ON]
    return [*triggers, f"DROP TABLE IF EXISTS {index.name}"]


def is_there(index: IndexedColumn) -> str:
    """The table and its triggers, which go with a table that a migration makes anew."""
    names = ", ".join(f"'{index.name}{part}'" for part in ("", *(f"_{on}" for on in _KEPT_ON)))
    return f"SELECT count(*) = 4 FROM sqlite_master WHERE name IN ({names})"


def missing(index: IndexedColumn) -> str:
    known = f"{index.name}_docsize"
    return (
        f"SELECT (SELECT count(*) FROM {index.table} WHERE {index.key} NOT IN "
        f"(SELECT id FROM {known})) + (SELECT count(*) FROM {known} WHERE id NOT IN "
        f"(SELECT {index.key} FROM {index.table}))"
    )


def common(index: IndexedColumn, words: Sequence[str]) -> Sql:
    """Reads the newest rows, and then no more of the index than it takes to know."""
    found = f"SELECT 1 FROM {index.name} WHERE {index.name} MATCH %s LIMIT {FEW + 1}"
    most = f"WHEN {{all}} >= {MOST} THEN {Common.MOST:d}"
    few = f"WHEN (SELECT count(*) FROM ({found})) <= {FEW} THEN {Common.FEW:d}"
    decided = f"CASE {most} {few} ELSE {Common.MANY:d} END"
    asked, params = index.commonness(decided, _HOLDS, words)
    return asked, (_phrases(words), *params)


def condition(
    index: IndexedColumn, key: str, text: str, words: Sequence[str], common: Common
) -> Sql:
    if common == Common.MOST:
        return f"({_compared(text, words)})", tuple(words)
    # The sign keeps SQLite from fetching every row found before it sorts them.
    sought = f"+{key}" if common == Common.MANY else key
    long = [word for word in words if len(word) > LONGEST]
    found = f"{sought} IN (SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s)"
    holds = f"{found} AND {_compared(text, long)}" if long else found
    return f"({holds})", (_phrases(words), *long)


def _compared(text: str, words: Sequence[str]) -> str:
    return " AND ".join([_HOLDS.format(text=text)] * len(words))
