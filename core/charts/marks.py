"""What a chart is drawn with: lines, boxes, paths, dots and words, in units of its view box.

A class of ``css`` names how a mark is filled and stroked (static/css/charts.css).
"""

from dataclasses import dataclass, field
from typing import Any

# The size of letters in units (look.md 8), and about how much of it a half-width one takes.
LETTER = 14.5
_HALF = 0.6


def at(position: float) -> str:
    """A coordinate, to a tenth of a unit: 44, 129.5."""
    return f"{position:.1f}".removesuffix(".0")


def width_of(text: str) -> float:
    """About how wide ``text`` is printed, in units."""
    return sum(LETTER * (_HALF if character.isascii() else 1) for character in text)


@dataclass(frozen=True)
class Line:
    css: str
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Box:
    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Path:
    """A line through ``points``: 44,250 60,250 60,180."""

    css: str
    points: str


@dataclass(frozen=True)
class Dot:
    css: str
    x: str
    y: str


@dataclass(frozen=True)
class Word:
    """A text that begins, ends or has its middle (``anchor``) at ``x``."""

    css: str
    x: str
    y: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """The marks of one chart. ``key`` explains its series (``name``, ``css``) where it has several.

    A crowded one scrolls on a phone instead of shrinking.
    """

    width: int
    height: int
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    key: tuple[Any, ...] = ()
    is_crowded: bool = False

    def line(self, css: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self.lines.append(Line(css, at(x1), at(y1), at(x2), at(y2)))

    def box(self, css: str, x: float, y: float, width: float, height: float) -> None:
        self.boxes.append(Box(css, at(x), at(y), at(width), at(height)))

    def path(self, css: str, points: list[tuple[float, float]]) -> None:
        self.paths.append(Path(css, " ".join(f"{at(x)},{at(y)}" for x, y in points)))

    def dot(self, css: str, x: float, y: float) -> None:
        self.dots.append(Dot(css, at(x), at(y)))

    def word(self, css: str, x: float, y: float, text: str, anchor: str = "middle") -> None:
        self.words.append(Word(css, at(x), at(y), anchor, text))
