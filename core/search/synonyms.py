"""Words of one meaning: who looks for one of them finds the others as well."""

import re
from collections.abc import Iterable

from django.apps import apps

from core import kept

_KEY = "search-synonyms"
# Each way to say a word is looked up by itself: as many as a set has words.
MOST_MEANINGS = 10
# A single letter stands in too many words that mean something else.
_SHORTEST_INSIDE = 2


def meanings(word: str) -> list[str]:
    """The folded ``word``, and what the secretariat says means the same, ``MOST_MEANINGS`` at most.

    A word of a set means all of the set. Another one may hold such words: 子育て支援 also means
    育児支援. One place is replaced at a time; where two begin, it is the longer one.
    """
    sets = _by_word()
    if word in sets:
        return sets[word]
    inside = [known for known in sets if len(known) >= _SHORTEST_INSIDE and known in word]
    if not inside:
        return [word]
    found = [word]
    longest_first = "|".join(map(re.escape, sorted(inside, key=len, reverse=True)))
    for place in re.finditer(longest_first, word):
        before, after = word[: place.start()], word[place.end() :]
        found += [f"{before}{other}{after}" for other in sets[place[0]]]
    return list(dict.fromkeys(found))[:MOST_MEANINGS]


def all_meanings(found: Iterable[str]) -> list[str]:
    """``found`` first, then what means the same."""
    found = list(found)
    return list(dict.fromkeys([*found, *(other for word in found for other in meanings(word))]))


def _by_word() -> dict[str, list[str]]:
    """Every word of a set with all of the set; kept for a minute."""
    return kept.one(_KEY, _read)


def _read() -> dict[str, list[str]]:
    # By name: the tables are made of querysets, which search.
    used = apps.get_model("core", "SynonymSet").objects.filter(is_used=True)
    return {word: row.folded for row in used for word in row.folded}
