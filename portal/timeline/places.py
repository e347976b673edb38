"""Where a date of the record stands among others, however little of it is known.

A day stands at its first day. A month stands behind its days (of several months, the first),
a year or a fiscal year behind everything in it. A date that is only known to lie between two
days stands before what happened on the later one: the bounds come from the lines of the
newsletter's chronology around it, so that the place is the one that the newsletter gave it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from core.dates import Precision, RecordDate, add_months, fiscal_year_of


class Rank(IntEnum):
    """What stands first of everything that is placed on one day."""

    BETWEEN = 0
    DAY = 1
    MONTH = 2
    YEAR = 3


_RANKS = {
    Precision.BETWEEN: Rank.BETWEEN,
    Precision.DAY: Rank.DAY,
    Precision.MONTH: Rank.MONTH,
    Precision.YEAR: Rank.YEAR,
    Precision.FISCAL_YEAR: Rank.YEAR,
}


@dataclass(frozen=True, order=True)
class Place:
    """A place in the chronology; places compare as they stand."""

    day: date
    rank: Rank
    earliest: date

    @property
    def fiscal_year(self) -> int:
        """The one fiscal year under which the place stands."""
        return fiscal_year_of(self.day)


def place_of(when: RecordDate) -> Place | None:
    """The place of ``when``; None when nothing is known of it."""
    if when.earliest is None or when.latest is None:
        return None
    rank = _RANKS[Precision(when.precision)]
    if rank is Rank.DAY:
        day = when.earliest
    elif rank is Rank.MONTH:
        day = _last_of_month(when.earliest)
    else:
        day = when.latest
    return Place(day, rank, when.earliest)


def _last_of_month(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
