"""Which rows of a queryset the words of a query find."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from core.search.synonyms import meanings
from core.text import fold

# SQLite refuses a condition of a thousand words, or one that joins too many tables.
MOST_WORDS = 10


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
    """The rows of ``queryset`` whose folded text holds every word of ``query``, or a synonym.

    An empty query keeps every row. ``field`` may follow relations
    (``organization__search_text``); ``also`` names further folded texts of the row. A word may
    also stand in the text of rows related ``through`` many-valued relations: an agreement is
    found by its parties too. Each is asked in a query of its own, because joins of many rows
    for many words would multiply.
    """
    found = {word: meanings(word) for word in words(query)}
    plain = [word for word, others in found.items() if len(others) == 1]
    if plain and not through and not also:
        # All at once: an index finds rows with every word sooner than rows with each.
        queryset = queryset.filter(**{f"{field}__holds": plain})
        found = {word: others for word, others in found.items() if len(others) > 1}
    rows = queryset.model._default_manager
    for others in found.values():
        held = Q()
        for word in others:
            for text in (field, *also):
                held |= Q(**{f"{text}__holds": [word]})
            for relation in through:
                related = rows.filter(**{f"{relation}__search_text__holds": [word]})
                held |= Q(pk__in=related.order_by().values("pk"))
        queryset = queryset.filter(held)
    return queryset
