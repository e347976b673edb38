"""A column with a search index, as the databases know it."""

from dataclasses import dataclass
from enum import IntEnum

# A statement or a part of one, and what stands in it for ``%s``.
type Sql = tuple[str, tuple[str, ...]]


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
