"""Charts of numbers that change from day to day, over some weeks or months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import ceil

from core.charts.bars import BOTTOM, CROWDED, HEIGHT, LABELS_AT, LEFT, TOP, WIDTH, Upright
from core.charts.marks import LETTER, Drawing, width_of
from core.charts.times import Track

# How many days may lie between two that are named, and how many names have room.
_STEPS = (1, 2, 7, 14, 28, 56, 84, 168)
_MOST_NAMED = 6


@dataclass(frozen=True)
class Due:
    """A day that an upright line marks, and what it is called."""

    day: date
    text: str


# Room for half the name of the last day.
_RIGHT = WIDTH - 36


class Days:
    """A time axis of days, the first and the last at its ends."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.length = max((last - first).days, 1)

    def x(self, day: date) -> float:
        return LEFT + (_RIGHT - LEFT) * (day - self.first).days / self.length

    def draw(self, drawing: Drawing) -> None:
        """Every day's name, or every second, or of one day of the week."""
        for day in self._named():
            x = self.x(day)
            drawing.line("axis", x, BOTTOM, x, BOTTOM + 5)
            drawing.word("lab", x, LABELS_AT, f"{day.month}月{day.day}日")

    def _named(self) -> Iterator[date]:
        most = self.length + 1
        step = next((days for days in _STEPS if ceil(most / days) <= _MOST_NAMED), most)
        return (self.first + timedelta(days=number) for number in range(0, most, step))


@dataclass(frozen=True)
class Course:
    """How numbers grow: one point a day for each track, joined by lines, later ones dashed.

    The axis reaches from ``first`` to ``last``, which may be days to come; ``due`` is marked.
    """

    tracks: list[Track]
    first: date
    last: date
    due: Due | None = None

    @cached_property
    def drawing(self) -> Drawing | None:
        if not any(track.changes for track in self.tracks):
            return None
        scale = Upright(max(change.value for track in self.tracks for change in track.changes))
        days = Days(self.first, self.last)
        most = max(len(track.changes) for track in self.tracks)
        drawing = Drawing(WIDTH, HEIGHT, is_crowded=most >= CROWDED)
        scale.draw_scale(drawing)
        days.draw(drawing)
        if self.due:
            self._draw_due(drawing, days, self.due)
        for number, track in enumerate(self.tracks):
            points = [(days.x(change.day), scale.y(change.value)) for change in track.changes]
            drawing.path("line dashed" if number else "line", points)
        self._draw_ends(drawing, scale, days)
        return drawing

    @staticmethod
    def _draw_due(drawing: Drawing, days: Days, due: Due) -> None:
        x = days.x(due.day)
        drawing.line("axis dashed", x, TOP, x, BOTTOM)
        anchor = "end" if x + width_of(due.text) / 2 > WIDTH else "middle"
        drawing.word("lab", WIDTH if anchor == "end" else x, TOP - 18, due.text, anchor)

    def _draw_ends(self, drawing: Drawing, scale: Upright, days: Days) -> None:
        """Each track's name and last value over its end, from the lowest up, none on another."""
        lowest = float(HEIGHT)
        last_first = list(reversed(self.tracks))
        last_first.sort(key=lambda track: track.changes[-1].value)
        for track in last_first:
            end = track.changes[-1]
            x, text = days.x(end.day), f"{track.name} {end.value:,}"
            y = min(scale.y(end.value) - 9, lowest)
            lowest = y - LETTER - 4
            has_room = x - width_of(text) >= LEFT
            drawing.word(
                "val", x if has_room else LEFT + 4, y, text, "end" if has_room else "start"
            )
