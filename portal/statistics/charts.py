"""Charts of numbers: upright bars, lying bars, published dots and steps over time.

Every chart begins at zero, prints its values beside their marks, and knows nothing of what
it shows. ``drawing`` gives its marks, or None where there is nothing to draw; the template
only loops over them (look.md 8).
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import ceil

from core.dates import short_year_text
from portal.statistics.marks import LETTER, Drawing, width_of

WIDTH = 480
HEIGHT = 280
# The field of the upright charts: room for the scale at the left, for years below, and for
# the value over the highest mark.
LEFT, TOP, BOTTOM = 44, 30, 250
_YEARS_AT = 272
# From so many points on a chart scrolls on a phone (look.md 8: more than 8).
_CROWDED = 9


def nice_ticks(most: int) -> list[int]:
    """From 0 to at least ``most`` in at most four steps of 1, 2 or 5 times a power of ten."""
    step = next(
        factor * 10**power
        for power in range(20)
        for factor in (1, 2, 5)
        if factor * 10**power * 4 >= most
    )
    return list(range(0, step * max(1, ceil(most / step)) + 1, step))


@dataclass(frozen=True)
class Series:
    """The numbers of one series, one for each label of its chart.

    ``css`` is how its bars are filled: in full, as a pale part (pale), or dashed for what is
    not confirmed (unsure).
    """

    name: str
    values: list[int]
    css: str = "bar"


def _key(series: list[Series]) -> tuple[Series, ...]:
    """What explains the fillings, where there are several."""
    return tuple(series) if len(series) > 1 else ()


def _values_text(parts: list[int]) -> str:
    """5, or for several series 5+2; a further one that is zero is left out."""
    first, *others = parts
    return "+".join(f"{value:,}" for value in [first, *filter(None, others)])


class Upright:
    """A chart with its scale at the left."""

    def __init__(self, most: int) -> None:
        self.ticks = nice_ticks(most)

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / self.ticks[-1]

    def draw_scale(self, drawing: Drawing) -> None:
        for tick in self.ticks:
            y = self.y(tick)
            drawing.line("grid" if tick else "axis", LEFT, y, WIDTH, y)
            drawing.word("lab", LEFT - 8, y + 4, f"{tick:,}", "end")


@dataclass(frozen=True)
class Columns:
    """Upright bars, one for each label; of several series one upon the other."""

    labels: list[str]
    series: list[Series]

    @cached_property
    def drawing(self) -> Drawing | None:
        if not self.labels:
            return None
        scale = Upright(max(sum(values) for values in self._values))
        drawing = Drawing(
            WIDTH, HEIGHT, key=_key(self.series), is_crowded=len(self.labels) >= _CROWDED
        )
        scale.draw_scale(drawing)
        pitch = (WIDTH - LEFT) / len(self.labels)
        width = min(pitch * 0.64, 44)
        every = ceil(len(self.labels) / 14)
        for number, values in enumerate(self._values):
            middle = LEFT + pitch * (number + 0.5)
            self._draw_column(drawing, scale, middle, width, values)
            if (len(self.labels) - 1 - number) % every == 0:
                drawing.word("lab", middle, _YEARS_AT, self.labels[number])
        return drawing

    @property
    def _values(self) -> list[list[int]]:
        """The values of each label, one for each series."""
        return [list(values) for values in zip(*(row.values for row in self.series), strict=True)]

    def _draw_column(
        self, drawing: Drawing, scale: Upright, middle: float, width: float, values: list[int]
    ) -> None:
        foot = 0
        for series, value in zip(self.series, values, strict=True):
            if value:
                top = scale.y(foot + value)
                height = scale.y(foot) - top
                drawing.box(series.css, middle - width / 2, top, width, height)
            foot += value
        drawing.word("val", middle, scale.y(foot) - 6, _values_text(values))


@dataclass(frozen=True)
class Rows:
    """Lying bars, one for each label, with their values behind them.

    ``texts`` are printed instead of the plain values: 約389,800.
    """

    labels: list[str]
    series: list[Series]
    texts: list[str] | None = None

    @cached_property
    def drawing(self) -> Drawing | None:
        values = [list(row) for row in zip(*(row.values for row in self.series), strict=True)]
        if not any(any(row) for row in values):
            return None
        texts = self.texts or [_values_text(row) for row in values]
        left = max(width_of(label) for label in self.labels) + 12
        right = WIDTH - max(width_of(text) for text in texts) - 10
        ticks = nice_ticks(max(sum(row) for row in values))
        unit = (right - left) / ticks[-1]
        height = _ROW * len(self.labels) + 34
        drawing = Drawing(WIDTH, height, key=_key(self.series))
        foot = height - 28
        for tick in ticks:
            x = left + unit * tick
            drawing.line("grid" if tick else "axis", x, 4, x, foot)
            drawing.word("lab", x, foot + 20, f"{tick:,}")
        for number, row in enumerate(values):
            y = 6 + _ROW * number
            drawing.word("lab", left - 8, y + 16, self.labels[number], "end")
            end = self._draw_row(drawing, left, y, unit, row)
            drawing.word("val", end + 6, y + 16, texts[number], "start")
        return drawing

    def _draw_row(
        self, drawing: Drawing, left: float, y: float, unit: float, values: list[int]
    ) -> float:
        """Draws the bars of one label; returns where they end."""
        x = left
        for series, value in zip(self.series, values, strict=True):
            if value:
                drawing.box(series.css, x, y + 2, unit * value, _ROW - 8)
            x += unit * value
        return x


_ROW = 26


class Years:
    """A time axis of whole calendar years."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.start = date(first, 1, 1).toordinal()
        self.length = date(last + 1, 1, 1).toordinal() - self.start

    def x(self, day: date) -> float:
        return LEFT + (WIDTH - LEFT) * (day.toordinal() - self.start) / self.length

    def draw(self, drawing: Drawing) -> None:
        """The years' names in the middle of each, every second or third where it is narrow."""
        every = ceil((self.last - self.first + 1) / 12)
        for year in range(self.first, self.last + 1):
            x = self.x(date(year, 1, 1))
            if year > self.first:
                drawing.line("axis", x, BOTTOM, x, BOTTOM + 5)
            if (self.last - year) % every == 0:
                drawing.word("lab", self.x(date(year, 7, 2)), _YEARS_AT, short_year_text(year))


@dataclass(frozen=True)
class Stated:
    """A figure published once: between which days, its number, and how it is printed."""

    first: date
    last: date
    value: int
    text: str

    @property
    def middle(self) -> date:
        return self.first + (self.last - self.first) / 2


@dataclass(frozen=True)
class Lollipops:
    """Published figures as dots on their dates, each by itself: nothing joins them."""

    points: list[Stated]

    @cached_property
    def drawing(self) -> Drawing | None:
        if not self.points:
            return None
        scale = Upright(max(point.value for point in self.points))
        years = Years(
            min(point.first for point in self.points).year,
            max(point.last for point in self.points).year,
        )
        drawing = Drawing(WIDTH, HEIGHT, is_crowded=len(self.points) >= _CROWDED)
        scale.draw_scale(drawing)
        years.draw(drawing)
        places = [years.x(point.middle) for point in self.points]
        for number, (x, point) in enumerate(zip(places, self.points, strict=True)):
            y = scale.y(point.value)
            drawing.line("line", x, BOTTOM, x, y)
            drawing.dot("dot", x, y)
            shift, anchor = self._beside(places, number)
            drawing.word("val", x + shift, y - 11, point.text, anchor)
        return drawing

    @staticmethod
    def _beside(places: list[float], number: int) -> tuple[int, str]:
        """Where a value stands: over its dot, or to the side away from a close neighbour."""
        x = places[number]
        if number + 1 < len(places) and places[number + 1] - x < _CLOSE:
            return -8, "end"
        if number and x - places[number - 1] < _CLOSE:
            return 8, "start"
        return (6, "end") if x > WIDTH - _CLOSE else (0, "middle")


_CLOSE = 60


@dataclass(frozen=True)
class Change:
    """From ``day`` on it is ``value``."""

    day: date
    value: int


@dataclass(frozen=True)
class Track:
    """One series of a step chart: its changes, the earliest first."""

    name: str
    changes: list[Change]


@dataclass(frozen=True)
class Steps:
    """Numbers that hold until they change, up to ``last``; the tracks after the first are dashed."""

    tracks: list[Track]
    last: date

    @cached_property
    def drawing(self) -> Drawing | None:
        changes = [change for track in self._stepped for change in track.changes]
        if not changes:
            return None
        scale = Upright(max(change.value for change in changes))
        # A year ahead: it stood at zero before, and the first values stand at its left.
        years = Years(min(change.day for change in changes).year - 1, self.last.year)
        most = max(len(track.changes) for track in self._stepped)
        drawing = Drawing(WIDTH, HEIGHT, is_crowded=most >= _CROWDED)
        scale.draw_scale(drawing)
        years.draw(drawing)
        corners = [self._corners(track, scale, years) for track in self._stepped]
        for number, points in enumerate(corners):
            drawing.path("line dashed" if number else "line", points)
        taken = Taken([edge for points in corners for edge in pairwise(points)])
        for track in self._stepped:
            self._draw_end(drawing, taken, track, scale, years)
        for track in self._stepped:
            self._draw_values(drawing, taken, track, scale, years)
        return drawing

    @property
    def _stepped(self) -> list[Track]:
        return [track for track in self.tracks if track.changes]

    def _corners(self, track: Track, scale: Upright, years: Years) -> list[tuple[float, float]]:
        points, y = [], scale.y(0)
        for change in track.changes:
            x = years.x(change.day)
            points += [(x, y), (x, y := scale.y(change.value))]
        return [*points, (years.x(self.last), y)]

    def _draw_end(
        self, drawing: Drawing, taken: "Taken", track: Track, scale: Upright, years: Years
    ) -> None:
        """The name of a track and its last value, over the end of its line."""
        x, y = years.x(self.last), scale.y(track.changes[-1].value) - 9
        name = f"{track.name} " if track.name else ""
        text = f"{name}{track.changes[-1].value:,}"
        taken.take(x, y, text)
        drawing.word("val", x, y, text, "end")

    def _draw_values(
        self, drawing: Drawing, taken: "Taken", track: Track, scale: Upright, years: Years
    ) -> None:
        """The other values at the left of their step, those that hold longest first.

        One that would cover a line or another value is left to the table.
        """
        held = [(later.day - change.day, change) for change, later in pairwise(track.changes)]
        for _, change in sorted(held, key=lambda pair: pair[0], reverse=True):
            x, y, text = years.x(change.day) - 6, scale.y(change.value) + 5, f"{change.value:,}"
            if taken.take(x, y, text):
                drawing.word("val", x, y, text, "end")


class Taken:
    """The room of a chart that lines and words have taken."""

    def __init__(self, edges: list) -> None:
        self.boxes = [
            (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) for (x1, y1), (x2, y2) in edges
        ]

    def take(self, end: float, base: float, text: str) -> bool:
        """Takes the room of ``text`` that ends at ``end``; False where some of it is taken."""
        box = (end - width_of(text), base - LETTER, end, base + 3)
        if box[0] < LEFT or any(_overlap(box, other) for other in self.boxes):
            return False
        self.boxes.append(box)
        return True


def _overlap(one: tuple, other: tuple) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
