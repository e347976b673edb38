"""The search index on PostgreSQL: a GIN index over the pairs of letters of the folded text.

It is an index like any other: kept, restored and emptied with its table. A pair is a lexeme as
it stands, whatever its letters are; no parser or dictionary sees it. Positions are not kept, so
words of more than two letters are compared once more with the text.

Comparing is ``strpos``, not LIKE, whose guess of how many rows there will be leads the planner
astray. The function is said to be dear, because it is: it must never be computed for each row
of a query. And the index has no statistics, which would compute it for thousands of rows at
every ANALYZE.
"""

from collections.abc import Sequence

from core.search.columns import Common, IndexedColumn, Sql

# Words are common when so many of the newest rows hold them all. Then going through rows in
# their order ends soon, while the index would read long lists first.
MOST = 20
# A word is looked up by so many of its letters, and compared anyway.
LONGEST = 50

# ``<> 0``: of it the planner expects nearly all rows, of ``> 0`` a third for each word.
_HOLDS = "strpos({text}, %s) <> 0"


def create(index: IndexedColumn) -> list[str]:
    name, table, column = index.name, index.table, index.column
    pairs = (
        "SELECT letter || coalesce(lead(letter) OVER (ORDER BY place), '') AS gram "
        "FROM unnest(string_to_array(source, NULL)) WITH ORDINALITY AS letters(letter, place)"
    )
    body = f"SELECT coalesce(array_to_tsvector(array_agg(gram)), '') FROM ({pairs}) AS grams"
    lz4 = f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4"
    kind = "RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT COST 1000"
    return [
        # Where words are common, rows are compared one by one, and most of that is unpacking
        # the text: beside the row and with lz4 it takes a third. Not every PostgreSQL has lz4.
        f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE MAIN",
        f"DO $$ BEGIN {lz4}; EXCEPTION WHEN feature_not_supported THEN NULL; END $$",
        f"CREATE FUNCTION {name}_of(source text) {kind} AS $$ {body} $$",
        f"CREATE INDEX {name} ON {table} USING gin ({name}_of({column}))",
        f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0",
    ]


def fill(index: IndexedColumn) -> list[str]:
    return []  # made with the rows that are there


def drop(index: IndexedColumn) -> list[str]:
    column = f"ALTER TABLE {index.table} ALTER COLUMN {index.column}"
    return [
        f"DROP INDEX IF EXISTS {index.name}",
        f"DROP FUNCTION IF EXISTS {index.name}_of(text)",
        f"{column} SET STORAGE EXTENDED, ALTER COLUMN {index.column} SET COMPRESSION default",
    ]


def is_there(index: IndexedColumn) -> str:
    found = f"indexrelid = to_regclass('{index.name}') AND indisvalid"
    return f"SELECT count(*) FROM pg_index WHERE {found}"


def missing(index: IndexedColumn) -> str:
    return "SELECT 0"  # PostgreSQL writes no row without its indexes


def common(index: IndexedColumn, words: Sequence[str]) -> Sql:
    few = f"CASE WHEN {{all}} < {MOST} THEN {Common.FEW:d} ELSE {Common.MOST:d} END"
    return index.commonness(few, _HOLDS, words)


def condition(
    index: IndexedColumn, key: str, text: str, words: Sequence[str], common: Common
) -> Sql:
    """Few are an array, which is computed once: a subquery would be, for each row of a join."""
    if common != Common.FEW:
        return f"({_compared(text, words)})", tuple(words)
    long = [word for word in words if len(word) > 2]
    found = f"{index.name}_of({index.column}) @@ %s::tsquery"
    holds = f"{found} AND {_compared(index.column, long)}" if long else found
    keys = f"SELECT {index.key} FROM {index.table} WHERE {holds}"
    return f"{key} = ANY(ARRAY({keys}))", (_lexemes(words), *long)


def _compared(text: str, words: Sequence[str]) -> str:
    return " AND ".join([_HOLDS.format(text=text)] * len(words))


def _lexemes(words: Sequence[str]) -> str:
    """Every second pair of each word, and its last one; a single letter begins a pair."""
    return " & ".join(lexeme for word in words for lexeme in _pairs(word[:LONGEST]))


def _pairs(word: str) -> list[str]:
    if len(word) == 1:
        return [f"{_quoted(word)}:*"]
    last = len(word) - 2
    return [_quoted(word[at : at + 2]) for at in sorted({*range(0, last, 2), last})]


def _quoted(pair: str) -> str:
    """As the type ``tsquery`` reads it: nothing in quotes has a meaning but these two."""
    return "'{}'".format(pair.replace("\\", "\\\\").replace("'", "''"))
