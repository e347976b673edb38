"""Charts of numbers over time: published dots, and steps; both begin at zero."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import ceil

from core.charts.bars import BOTTOM, CROWDED, HEIGHT, LABELS_AT, LEFT, WIDTH, Upright
from core.charts.marks import LETTER, Drawing, width_of
from core.dates import short_year_text


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
                drawing.word("lab", self.x(date(year, 7, 2)), LABELS_AT, short_year_text(year))


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
        drawing = Drawing(WIDTH, HEIGHT, is_crowded=len(self.points) >= CROWDED)
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
        drawing = Drawing(WIDTH, HEIGHT, is_crowded=most >= CROWDED)
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
