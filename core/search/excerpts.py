"""The line of a result that shows where a word of the query stands."""

from collections.abc import Iterable
from itertools import accumulate

from core.search.matching import words
from core.search.synonyms import all_meanings
from core.text import fold

# An excerpt begins this many characters before the word it shows, and is this long.
_BEFORE = 20
_LENGTH = 80


def excerpt(parts: Iterable[str], query: str) -> str:
    """One line of the first of ``parts`` that holds a word of ``query``, cut around that word.

    When none holds one, because the title or the kana does, the beginning of the first part;
    empty when there is no text at all.
    """
    lines = [line for part in parts if (line := " ".join(part.split()))]
    for word in all_meanings(words(query)):
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
