"""Folding for search, tidying of what people type, and texts that list things.

Only telephone numbers, postal codes, numeric codes, kana, e-mail addresses and dates are
normalised (look.md 9); names and free text stay as they were typed, because NFKC would turn
㈱ into (株) and ① into 1.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

# Every dash that people type between the parts of a number. ー is one only there: in kana
# it is a letter.
_HYPHENS_AND_SPACES = re.compile(r"[\s\-‐‑‒–—―−ー]")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def fold(text: str) -> str:
    """``text`` as search compares it: NFKC, lower case, katakana as hiragana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)


def normalise_digits(text: str) -> str:
    """A number typed with any width, spaces or dashes, as plain characters."""
    return _HYPHENS_AND_SPACES.sub("", unicodedata.normalize("NFKC", text))


def normalise_kana(text: str) -> str:
    """Kana as full-width katakana, trimmed."""
    return unicodedata.normalize("NFKC", text).strip().translate(_HIRAGANA_TO_KATAKANA)


def normalise_email(text: str) -> str:
    """An e-mail address as it is stored and compared: half width, trimmed, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def normalise_phone(text: str) -> str:
    """A telephone number with its hyphens where they were typed, half width, no spaces.

    ``０３ー５２１０ー９７４７`` becomes ``03-5210-9747``; ``0352109747`` stays without hyphens,
    because where they belong depends on the area code.
    """
    half_width = unicodedata.normalize("NFKC", text).strip()
    parts = [part for part in re.split(_HYPHENS_AND_SPACES.pattern + r"+|[()]", half_width) if part]
    return "-".join(parts)


def normalise_postal_code(text: str) -> str:
    """A postal code as seven digits (``1020072``) if it has them; else what was typed."""
    return normalise_digits(text).removeprefix("〒")


def lines_of(text: str) -> list[str]:
    """What ``text`` lists, one thing a line: trimmed, without empty lines."""
    return [line for line in map(str.strip, text.splitlines()) if line]


def joined(items: Iterable[Any]) -> str:
    """``items`` by their names in one line: 観光、産業."""
    return "、".join(map(str, items))
