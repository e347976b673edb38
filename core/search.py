"""One search for every list: all words of the query, inside words, any width and kana."""

from typing import Any

from django.db import models

from core.text import fold

# SQLite refuses a condition of a thousand words, or one that joins too many tables.
MOST_WORDS = 10


class SearchTextField(models.TextField):
    """The folded text a row is found by, written whenever the row is saved.

    ``source`` names a method of the model that returns the parts to be found, or a plain
    attribute. The column is never edited by hand.
    """

    def __init__(self, *args: Any, source: str = "searchable_parts", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(blank=True, default="", editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.source != "searchable_parts":
            kwargs["source"] = self.source
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        parts = getattr(model_instance, self.source)()
        text = "\n".join(fold(part) for part in parts if part)
        setattr(model_instance, self.attname, text)
        return text


def match[Q: models.QuerySet](queryset: Q, query: str, field: str = "search_text") -> Q:
    """The rows of ``queryset`` whose folded text holds every word of ``query``.

    An empty query keeps every row. ``field`` may follow relations
    (``organization__search_text``). Of a whole page pasted in, the first words count.
    """
    for word in fold(query).split()[:MOST_WORDS]:
        queryset = queryset.filter(**{f"{field}__contains": word})
    return queryset
