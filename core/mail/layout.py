"""Mail as text that survives municipal networks: short lines, each URL alone on its own."""

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

# Columns of a line: 35 full-width characters, the custom of Japanese mail. RFC 5322 2.1.1
# wants at most 78; the rest is room for the marks of a quotation.
WIDTH = 70
# Up to the last character that a sentence's own punctuation could not be.
_URL = re.compile(r"https?://[!-;=?-~]*[0-9A-Za-z/_=&#%~+-]")
# What is not torn apart: a word of half-width characters, or one full-width character.
_PIECE = re.compile(r"[!-~]+|\s|.")
# Never first, never last on a line (JIS X 4051).
_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜´｀¨ヽヾゝゞ々ー）］｝〕〉》」』】～…‥％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NOT_LAST = frozenset("（［｛〔〈《「『【")


def laid_out(text: str) -> str:
    """``text`` in lines of at most ``WIDTH`` columns.

    Lines that are short enough stay as they were written. A URL is never broken, however long
    it is, and nothing stands beside it: gateways and mail programs tear others apart.
    """
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines += _lines(line)
    return "\n".join(lines)


def columns(text: str) -> int:
    """The width of ``text``; a full-width character takes two columns."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _lines(line: str) -> Iterator[str]:
    """``line`` with each URL on a line of its own, and what is around it folded."""
    start = 0
    for url in _URL.finditer(line):
        if before := line[start : url.start()].strip():
            yield from _folded(before)
        yield url[0]
        start = url.end()
    rest = line[start:]
    if start == 0:
        yield from _folded(rest)
    elif rest.strip():
        yield from _folded(rest.strip())


def _folded(line: str) -> Iterator[str]:
    """``line`` in pieces of at most ``WIDTH`` columns; a longer word stays whole."""
    if 2 * len(line) <= WIDTH or columns(line) <= WIDTH:
        yield line
        return
    pieces = _PIECE.findall(line)
    while pieces:
        count = _break_after(pieces)
        yield "".join(pieces[:count]).rstrip()
        pieces = pieces[count:]
        while pieces and pieces[0] == " ":
            del pieces[0]


def _break_after(pieces: list[str]) -> int:
    """How many of ``pieces`` the next line takes; at least one."""
    width = count = 0
    while count < len(pieces) and width + columns(pieces[count]) <= WIDTH:
        width += columns(pieces[count])
        count += 1
    if count == len(pieces):
        return count
    most = max(count, 1)
    while count > 1 and _splits_badly(pieces[count - 1], pieces[count]):
        count -= 1
    return count if count > 1 else most


def _splits_badly(last: str, first: str) -> bool:
    return last[-1] in _NOT_LAST or first[0] in _NOT_FIRST
