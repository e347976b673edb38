"""Charts of numbers by label: upright bars and lying bars; and the scale of upright charts.

Every chart begins at zero, prints its values beside their marks, and knows nothing of what
it shows. ``drawing`` gives its marks, or None where there is nothing to draw; the template
only loops over them (look.md 8).
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from core.charts.marks import Drawing, width_of

WIDTH = 480
HEIGHT = 280
# The field of the upright charts: room for the scale at the left, for years below, and for
# the value over the highest mark.
LEFT, TOP, BOTTOM = 44, 30, 250
LABELS_AT = 272
# From so many points on a chart scrolls on a phone (look.md 8: more than 8).
CROWDED = 9


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
            WIDTH, HEIGHT, key=_key(self.series), is_crowded=len(self.labels) >= CROWDED
        )
        scale.draw_scale(drawing)
        pitch = (WIDTH - LEFT) / len(self.labels)
        width = min(pitch * 0.64, 44)
        every = ceil(len(self.labels) / 14)
        for number, values in enumerate(self._values):
            middle = LEFT + pitch * (number + 0.5)
            self._draw_column(drawing, scale, middle, width, values)
            if (len(self.labels) - 1 - number) % every == 0:
                drawing.word("lab", middle, LABELS_AT, self.labels[number])
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
