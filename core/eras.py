"""Japanese eras (元号): which era a day lies in, and how a year is written in both."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Era:
    """One era; ``last`` is its last day, or None while it runs.

    ``year_one`` is its 元年. ``first`` is later only for 明治, which is counted here from the
    day on which Japan took the Gregorian calendar.
    """

    name: str
    letter: str
    year_one: int
    first: date
    last: date | None

    def contains(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def number_of(self, year: int) -> int:
        """The year of the era: 8 for 2026."""
        return year - self.year_one + 1

    def year_text(self, year: int) -> str:
        """令和8年; the first year is 元年."""
        return f"{self.name}{self._number_text(year)}年"

    def short_text(self, year: int) -> str:
        """R8; the first year is R元."""
        return f"{self.letter}{self._number_text(year)}"

    def _number_text(self, year: int) -> str:
        number = self.number_of(year)
        return "元" if number == 1 else str(number)


# Source: the era ordinances (元号を改める政令 and its predecessors); the days are inclusive.
ERAS = (
    Era("明治", "M", 1868, date(1873, 1, 1), date(1912, 7, 29)),
    Era("大正", "T", 1912, date(1912, 7, 30), date(1926, 12, 24)),
    Era("昭和", "S", 1926, date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", 1989, date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", 2019, date(2019, 5, 1), None),
)


def era_on(day: date) -> Era | None:
    """The era of ``day``; None before 1873, when Japan took the Gregorian calendar."""
    return next((era for era in reversed(ERAS) if era.contains(day)), None)


def eras_of_year(year: int) -> list[Era]:
    """The eras that share ``year``: two in 1912, 1926, 1989 and 2019."""
    return [
        era
        for era in ERAS
        if era.first <= date(year, 12, 31) and (era.last is None or era.last >= date(year, 1, 1))
    ]
