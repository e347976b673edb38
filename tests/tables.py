"""The tables of a page, as text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Table:
    """A table: its caption, and every row's cells from the heading to the foot."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def body(self) -> list[list[str]]:
        """The rows under the heading."""
        return self.rows[1:]

    def column(self, heading: str) -> list[str]:
        place = self.rows[0].index(heading)
        return [row[place] for row in self.body]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("th", "td", "caption"):
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.tables[-1].rows[-1].append(self._text())
        elif tag == "caption":
            self.tables[-1].caption = self._text()

    def _text(self) -> str:
        text, self._words = "".join(self._words or []), None
        return re.sub("[ \t\n]+", " ", text).strip()


def tables_of(html: str) -> list[Table]:
    """The tables of ``html`` in their order; a line break in the markup is a space."""
    reader = _Reader()
    reader.feed(html)
    return reader.tables
