"""The queryset every model starts from."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.search import match


class RecordQuerySet(models.QuerySet):
    """Fetches forgotten relations for all rows at once instead of one query per row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetch_mode = RecordQuerySet.default_fetch_mode

    default_fetch_mode = models.FETCH_PEERS


class SearchableQuerySet(RecordQuerySet):
    """Rows with a ``search_text``."""

    def matching(self, query: str) -> Self:
        """The rows that hold every word of ``query`` (``core.search.match``)."""
        return match(self, query)


class DatedQuerySet(RecordQuerySet):
    """Rows with a date of the record (``core.models.Dated``)."""

    def certain_by(self, day: date) -> Self:
        """The rows whose happening was certain by ``day`` (domain.md: ``latest <= D``)."""
        return self.filter(latest__lte=day)


class PeriodQuerySet(RecordQuerySet):
    """Rows that hold from one day until another (``valid_from``, ``valid_until``)."""

    def on(self, day: date) -> Self:
        """The rows that hold on ``day``; both ends are inclusive, an empty end is open."""
        return self.filter(period_holds(day))


def period_holds(day: date, prefix: str = "") -> Q:
    """The condition that a period holds on ``day``; ``prefix`` follows a relation."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": day})
    )
