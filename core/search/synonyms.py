"""Words of one meaning: who looks for one of them finds the others as well."""

from collections.abc import Iterable

from django.apps import apps

from core import kept

_KEY = "search-synonyms"


def meanings(word: str) -> list[str]:
    """The folded ``word``, and what the secretariat says means the same."""
    return _by_word().get(word, [word])


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
