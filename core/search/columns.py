"""A column with a search index, as the databases know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

# A statement or a part of one, and what stands in it for ``%s``.
type Sql = tuple[str, tuple[str, ...]]

# So many of the newest rows tell how common words are.
NEWEST = 200


class Common(IntEnum):
    """In how many rows all words of a query stand: that says which way is the shortest."""

    FEW = 0  # those rows lead the query, whatever else it asks
    MANY = 1  # they are looked up, and each row that the query reads is sought among them
    MOST = 2  # each row that the query reads is compared


@dataclass(frozen=True)
class IndexedColumn:
    """The folded text in ``column`` of ``table``, whose rows are known by ``key``."""

    table: str
    key: str
    column: str

    @property
    def name(self) -> str:
        """What the index is called; the names of its parts begin so."""
        return f"{self.table}_{self.column}_grams"

    def commonness(self, decided: str, holds: str, words: Sequence[str]) -> Sql:
        """Asks the newest rows in how many of them each word stands, after what is ``decided``.

        In that, ``{all}`` is the number of those with all words; ``holds`` compares ``{text}``
        with one.
        """
        names = [f"held_{number}" for number in range(len(words))]
        held = ", ".join(f"{holds.format(text=self.column)} AS {name}" for name in names)
        newest = f"SELECT {held} FROM {self.table} ORDER BY {self.key} DESC LIMIT {NEWEST}"
        every = f"count(*) FILTER (WHERE {' AND '.join(names)})"
        each = ", ".join(f"count(*) FILTER (WHERE {name})" for name in names)
        asked = f"SELECT {decided.format(all=every)}, {each} FROM ({newest}) AS newest"
        return asked, tuple(words)
