"""The folded text that a row is found by, and the comparison of words with it."""

from typing import Any

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Contains, Lookup

from core.search import indexes
from core.text import fold


class SearchTextField(models.TextField):
    """The folded text a row is found by, written whenever the row is saved.

    It holds what the row's method ``parts`` returns (``searchable_parts``, unless another is
    named), and is never edited by hand. ``indexed`` says that the table has a search index,
    which a migration makes (``core.search.operations``).
    """

    def __init__(
        self, *args: Any, parts: str = "searchable_parts", indexed: bool = False, **kwargs: Any
    ) -> None:
        kwargs.update(blank=True, default="", editable=False)
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.indexed = indexed

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = self.text_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text

    def text_of(self, row: Any) -> str:
        """What ``row`` is found by as it stands now."""
        return "\n".join(fold(part) for part in getattr(row, self.parts)() if part)


@SearchTextField.register_lookup
class Holds(Lookup):
    """``search_text__holds=["防災", "訓練"]``: every one of these folded words, as it stands."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """An indexed field is asked for by its index, which may cost a small query."""
        if not self.rhs:
            raise FullResultSet
        if isinstance(self.lhs, Col) and getattr(self.lhs.target, "indexed", False):
            key, _ = compiler.compile(Col(self.lhs.alias, self.lhs.target.model._meta.pk))
            text, _ = compiler.compile(self.lhs)
            return indexes.index_of(self.lhs.target).condition(connection, key, text, self.rhs)
        parts = [compiler.compile(Contains(self.lhs, word)) for word in self.rhs]
        params = tuple(param for _, own in parts for param in own)
        return f"({' AND '.join(sql for sql, _ in parts)})", params
