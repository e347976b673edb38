"""One search for every list: all words of the query, inside words, any width and kana."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from django.db import models
from django.db.models import Q

from core.text import fold

# SQLite refuses a condition of a thousand words, or one that joins too many tables.
MOST_WORDS = 10

# An excerpt begins this many characters before the word it shows, and is this long.
_BEFORE = 20
_LENGTH = 80


class SearchTextField(models.TextField):
    """The folded text a row is found by, written whenever the row is saved.

    It holds what the row's method ``parts`` returns (``searchable_parts``, unless another is
    named), and is never edited by hand.
    """

    def __init__(self, *args: Any, parts: str = "searchable_parts", **kwargs: Any) -> None:
        kwargs.update(blank=True, default="", editable=False)
        super().__init__(*args, **kwargs)
        self.parts = parts

    def pre_save(self, model_instance: Any, add: bool) -> str:
        parts = getattr(model_instance, self.parts)()
        text = "\n".join(fold(part) for part in parts if part)
        setattr(model_instance, self.attname, text)
        return text


def words(query: str) -> list[str]:
    """The folded words of ``query``; of a whole page pasted in, the first ones."""
    return fold(query).split()[:MOST_WORDS]


def match[S: models.QuerySet](
    queryset: S,
    query: str,
    field: str = "search_text",
    through: Sequence[str] = (),
    also: Sequence[str] = (),
) -> S:
    """The rows of ``queryset`` whose folded text holds every word of ``query``.

    An empty query keeps every row. ``field`` may follow relations
    (``organization__search_text``); ``also`` names further folded texts of the row. A word may
    also stand in the text of rows related ``through`` many-valued relations: an agreement is
    found by its parties too. Each is asked in a query of its own, because joins of many rows
    for many words would multiply.
    """
    rows = queryset.model._default_manager
    for word in words(query):
        held = Q(**{f"{field}__contains": word})
        for other in also:
            held |= Q(**{f"{other}__contains": word})
        for relation in through:
            related = rows.filter(**{f"{relation}__search_text__contains": word})
            held |= Q(pk__in=related.order_by().values("pk"))
        queryset = queryset.filter(held)
    return queryset


def excerpt(parts: Iterable[str], query: str) -> str:
    """One line of the first of ``parts`` that holds a word of ``query``, cut around that word.

    When none holds one, because the title or the kana does, the beginning of the first part;
    empty when there is no text at all.
    """
    lines = [line for part in parts if (line := " ".join(part.split()))]
    for word in words(query):
        for line in lines:
            if (at := _position(line, word)) is not None:
                return _cut(line, at)
    return _cut(lines[0], 0) if lines else ""


def _position(line: str, word: str) -> int | None:
    """Where the folded ``word`` begins in ``line``; folding may change how long a text is."""
    pieces = [fold(character) for character in line]
    at = "".join(pieces).find(word)
    if at < 0:
        return None
    ends = accumulate(len(piece) for piece in pieces)
    return next(index for index, end in enumerate(ends) if end > at)


def _cut(line: str, at: int) -> str:
    start = max(0, at - _BEFORE) if len(line) > _LENGTH else 0
    end = start + _LENGTH
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
