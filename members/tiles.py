"""The map of the 47 prefectures: its tiles, and the classes of their colour (look.md 8)."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from members.models import Prefecture

# Each class begins at this number of municipalities.
LEVELS = (1, 10, 20, 40)


@dataclass(frozen=True)
class Tile:
    """A prefecture on a map: whether it is marked, its number, and where the classes begin.

    Without a number (None) there is nothing to count in it. It leads to ``address``, or to the
    prefecture's own page.
    """

    prefecture: Prefecture
    on: bool
    count: int | None
    levels: tuple[int, ...] = LEVELS
    address: str = ""

    @property
    def code(self) -> str:
        return self.prefecture.code

    @property
    def short_name(self) -> str:
        return self.prefecture.short_name

    @property
    def three(self) -> bool:
        """Whether the name has three characters and needs two lines or smaller type."""
        return len(self.short_name) == 3

    @property
    def row(self) -> int:
        return self.prefecture.tile_row

    @property
    def col(self) -> int:
        return self.prefecture.tile_column

    @property
    def url(self) -> str:
        return self.address or self.prefecture.get_absolute_url()

    @property
    def level(self) -> int:
        """The class of the colour, from 0 (none) to 4."""
        return sum((self.count or 0) >= least for least in self.levels)


def level_labels(levels: tuple[int, ...] = LEVELS) -> list[str]:
    """0、1～9 …: the classes of the map in words."""
    ranges = [(start, following - 1) for start, following in pairwise(levels)]
    between = [f"{start}～{end}" if start < end else f"{start}" for start, end in ranges]
    return ["0", *between, *(f"{start}以上" for start in levels[-1:])]


def even_levels(most: int) -> tuple[int, ...]:
    """Where up to four classes of one width begin, for numbers up to ``most``; none for zero."""
    return tuple(range(1, most + 1, ceil(most / 4))) if most else ()
