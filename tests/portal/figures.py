"""The figures of the statistics page as a reader has them: the chart's marks, and the table."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree as ET

from django.test import Client

URL = "/statistics/"
TODAY = date(2026, 11, 22)
# Nothing yet; the first projects and events; between two agreements; a day in 令和元年; all.
DAYS = [date(2007, 1, 1), date(2015, 6, 1), date(2017, 2, 27), date(2019, 9, 5), TODAY]
UNSURE = "年度を特定できないもの"

_ERAS = {"H": "平成", "R": "令和"}


@dataclass(frozen=True)
class ShownTable:
    """A table: its headings and its rows, as printed."""

    headings: list[str]
    rows: list[list[str]]

    def column(self, heading: str) -> dict[str, str]:
        """One column by the rows' heads."""
        place = self.headings.index(heading)
        return {row[0]: row[place] for row in self.rows}

    def numbers(self, heading: str) -> dict[str, int]:
        return {head: int(text.replace(",", "")) for head, text in self.column(heading).items()}


@dataclass(frozen=True)
class ShownChart:
    """A chart: its sentence, its texts, and its marks with their coordinates as numbers."""

    finding: str
    values: list[str]
    labels: list[str]
    marks: dict[str, list[dict[str, float | str]]]

    @property
    def bars(self) -> list[dict]:
        """The bars that have a length, from the first to the last label."""
        return self.marks["rect"]

    @property
    def paths(self) -> list[list[tuple[float, float]]]:
        return [
            [tuple(map(float, point.split(","))) for point in mark["points"].split()]
            for mark in self.marks["polyline"]
        ]


@cache
def page_on(day: date) -> str:
    """The page as of ``day``, fetched once: for modules in which every test has the record."""
    response = Client().get(URL, {"on": day.isoformat()})
    assert response.status_code == 200
    return response.text


def shown_table(html: str, name: str) -> ShownTable:
    """The table whose caption is ``name``."""
    markup = next(
        table
        for table in re.findall(r"<table.*?</table>", html, re.DOTALL)
        if re.search(rf"<caption[^>]*>{re.escape(name)}</caption>", unescape(table))
    )
    tree = ET.fromstring(markup)
    headings, *rows = [
        ["".join(cell.itertext()).strip() for cell in row] for row in tree.iter("tr")
    ]
    return ShownTable(headings, rows)


def table_on_page(name: str, **query: str) -> ShownTable:
    """The table whose caption is ``name``, as anybody is shown it."""
    return shown_table(Client().get(URL, query).text, name)


def shown_chart(html: str, slug: str) -> ShownChart:
    """The chart whose title has the id ``slug``-t."""
    markup = next(
        svg
        for svg in re.findall(r"<svg[^>]*>.*?</svg>", html, re.DOTALL)
        if f'<title id="{slug}-t">' in svg
    )
    tree = ET.fromstring(markup)
    texts = list(tree.iter("text"))
    values = [text for text in texts if text.get("class") == "val"]
    return ShownChart(
        finding=tree.findtext("desc"),
        values=[text.text for text in values],
        labels=[text.text for text in texts if text not in values],
        marks={
            tag: [{key: _number(value) for key, value in mark.items()} for mark in tree.iter(tag)]
            for tag in ("rect", "line", "polyline", "circle")
        },
    )


def _number(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def short_year(label: str) -> str:
    """平成27年度（2015年度） as the chart prints it: H27; 2019年（平成31年・令和元年）: R元."""
    letter, name = next((letter, name) for letter, name in reversed(_ERAS.items()) if name in label)
    return letter + re.search(rf"{name}(\d+|元)年", label)[1]


def in_proportion(lengths: list[float], values: list[int]) -> bool:
    """Whether each length is its value times one unit, to the rounding of the coordinates."""
    unit = max(lengths) / max(values)
    return all(
        abs(length - value * unit) <= 0.11 for length, value in zip(lengths, values, strict=True)
    )


def rises(path: list[tuple[float, float]], floor: float) -> list[float]:
    """The heights over ``floor`` at which a step line runs on, from left to right."""
    return [floor - y for (x, y), (after, same) in pairwise(path) if y == same and after > x]
