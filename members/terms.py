"""利用規約: the terms of use that everybody accepts before the members' pages open.

The room that keeps the text says which terms are in force (``register``); this one knows none
of those above it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core import kept


@dataclass(frozen=True)
class Terms:
    """The text as it is published; ``html`` is safe, ``url`` a page that anybody may open."""

    edition: int
    title: str
    url: str
    html: str


type Source = Callable[[], Terms | None]


def _none() -> Terms | None:
    """The answer until a room has registered its own."""
    return None


_source: Source = _none


def register(source: Source) -> Source:
    """Makes ``source()`` the answer to which terms are in force; None where there are none.

    Returns the answer that held before.
    """
    global _source
    before, _source = _source, source
    return before


def in_force() -> Terms | None:
    """The terms as they stand at this moment."""
    return _source()


def edition_in_force() -> int:
    """The edition that has to be accepted; 0 when there is none.

    Asked at every request, so each process keeps it for a minute (``settings.CACHES``).
    """
    return kept.one("members.terms.edition", read_edition)


def read_edition() -> int:
    """The edition that has to be accepted, as it stands at this moment; 0 when there is none."""
    terms = in_force()
    return terms.edition if terms else 0
