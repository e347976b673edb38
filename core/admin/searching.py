"""The admin's search: by name, kana in any width, and code, as everywhere in the portal."""

import unicodedata
from typing import Any

from django.contrib.admin.utils import lookup_spawns_duplicates
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.search import MOST_WORDS
from core.text import fold, normalise_kana


class FoldedSearchMixin:
    """Mixed into a model's admin; serves its list and every autocomplete that leads to it.

    Each word must be in one of ``search_fields``, which are paths: one ending in
    ``search_text`` is compared folded, one ending in ``kana`` as katakana, any other as it
    stands. A queryset that has ``found_by`` is asked instead, because it also knows codes.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if hasattr(queryset, "found_by"):
            return queryset.found_by(search_term), False
        words = unicodedata.normalize("NFKC", search_term).split()[:MOST_WORDS]
        conditions = [said_in(self.search_fields, word) for word in words]
        if any(lookup_spawns_duplicates(self.opts, path) for path in self.search_fields):
            return self._found_one_by_one(queryset, conditions), False
        return queryset.filter(*conditions), False

    def _found_one_by_one(self, queryset: QuerySet, conditions: list[Q]) -> QuerySet:
        """The rows that meet every condition, each asked by itself.

        Asked together, the many parties of an agreement would be joined anew for each word,
        and the database would plan and run for minutes.
        """
        for condition in conditions:
            found = self.model._default_manager.filter(condition).values_list("pk", flat=True)
            queryset = queryset.filter(pk__in=set(found))
        return queryset


def said_in(paths: tuple[str, ...], word: str) -> Q:
    """The condition that one of ``paths`` holds ``word``."""
    return Q.create([_comparison(path, word) for path in paths], connector=Q.OR)


def _comparison(path: str, word: str) -> tuple[str, Any]:
    if path.endswith("search_text"):
        return f"{path}__holds", [fold(word)]
    if path.endswith("kana"):
        return f"{path}__contains", normalise_kana(word)
    return f"{path}__icontains", word
