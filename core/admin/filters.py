"""Filters that every list shares: prefecture and fiscal year, chosen from a select."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.db import models
from django.db.models import Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.dates import fiscal_year_bounds, fiscal_year_of, fiscal_year_text, today
from core.models import UndeliverableAddress


class SelectFilter(admin.SimpleListFilter):
    """A filter with many choices: a select and a button instead of a link for each."""

    template = "admin/select_filter.html"

    def value(self) -> str | None:
        """The chosen value; an empty one, which the form sends for すべて, is none."""
        return super().value() or None

    def choices(self, changelist) -> Iterator[dict[str, Any]]:
        """As Django's, with each choice's value; notes what else the form has to send again."""
        own = {self.parameter_name, PAGE_VAR, ERROR_FLAG}
        self.carried = [
            (name, value)
            for name, values in changelist.filter_params.items()
            for value in values
            if name not in own
        ]
        values = ["", *(value for value, _ in self.lookup_choices)]
        for value, choice in zip(values, super().choices(changelist), strict=True):
            yield choice | {"value": value}


class PrefectureFilter(SelectFilter):
    """By prefecture; ``path`` leads to it from the row."""

    title = "都道府県"
    parameter_name = "prefecture"
    path = "prefecture"

    @classmethod
    def through(cls, path: str) -> type["PrefectureFilter"]:
        """The filter for rows whose prefecture is at ``path``."""
        return type(cls.__name__, (cls,), {"path": path})

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        model = get_fields_from_path(model_admin.model, self.path)[-1].related_model
        return [(row.pk, str(row)) for row in model._default_manager.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen is None:
            return queryset
        rows = queryset.model._default_manager.filter(**{self.path: chosen})
        # Of keys, because a path over many rows would show a row once for each.
        return queryset.filter(pk__in=rows.values("pk"))


class FiscalYearFilter(SelectFilter):
    """By fiscal year: rows that lie, or may lie, in it. ``first`` and ``last`` bound a row."""

    title = "年度"
    parameter_name = "fiscal_year"
    first = "earliest"
    last = "latest"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model, model_admin) -> None:
        self.model_admin = model_admin
        super().__init__(request, params, model, model_admin)

    @classmethod
    def over(cls, first: str, last: str = "", title: str = "年度") -> type["FiscalYearFilter"]:
        """The filter for rows bounded by other columns; with one of them for both."""
        return type(cls.__name__, (cls,), {"first": first, "last": last or first, "title": title})

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        rows = model_admin.get_queryset(request).order_by()
        bounds = rows.aggregate(first=Min(self.first), last=Max(self.last))
        if bounds["first"] is None or bounds["last"] is None:
            return []
        years = range(_fiscal_year(bounds["last"]), _fiscal_year(bounds["first"]) - 1, -1)
        return [(str(year), fiscal_year_text(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen is None or chosen not in {value for value, _ in self.lookup_choices}:
            return queryset
        start, end = fiscal_year_bounds(int(chosen))
        return queryset.filter(
            **{self._day(self.first, "lte"): end, self._day(self.last, "gte"): start}
        )

    def _day(self, path: str, comparison: str) -> str:
        """The lookup that compares days, also where the column holds a moment."""
        field = get_fields_from_path(self.model_admin.model, path)[-1]
        moment = "__date" if isinstance(field, models.DateTimeField) else ""
        return f"{path}{moment}__{comparison}"


def _fiscal_year(value: date | datetime) -> int:
    return fiscal_year_of(timezone.localdate(value) if isinstance(value, datetime) else value)


class FilledFilter(admin.SimpleListFilter):
    """By whether a column holds something, in the words of that column."""

    column = ""
    words = ("", "")

    @classmethod
    def of(cls, column: str, title: str, filled: str, empty: str) -> type["FilledFilter"]:
        """The filter ``title`` with the choices ``filled`` and ``empty``."""
        attributes = {
            "column": column,
            "title": title,
            "parameter_name": column,
            "words": (filled, empty),
        }
        return type(cls.__name__, (cls,), attributes)

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        filled, empty = self.words
        return [("yes", filled), ("no", empty)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("yes", "no"):
            return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"})
        return queryset


class DeadAddressFilter(admin.SimpleListFilter):
    """By whether the row's address is noted as one that nothing reaches (不達)."""

    title = "不達"
    parameter_name = "dead"
    path = ""

    @classmethod
    def of(cls, path: str) -> type["DeadAddressFilter"]:
        """The filter for rows whose address is at ``path``."""
        return type(cls.__name__, (cls,), {"path": path})

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "不達のアドレス"), ("no", "不達のアドレスを除く")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        dead = Q(**{f"{self.path}__in": UndeliverableAddress.objects.values("address")})
        if self.value() in ("yes", "no"):
            return queryset.filter(dead if self.value() == "yes" else ~dead)
        return queryset


class PeriodFilter(admin.SimpleListFilter):
    """Rows that hold today, will hold, or held (``valid_from``, ``valid_until``)."""

    title = "期間"
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("now", "現在"), ("later", "これから"), ("past", "終了")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "now":
            return queryset.on(today())
        if self.value() == "later":
            return queryset.filter(valid_from__gt=today())
        if self.value() == "past":
            return queryset.filter(valid_until__lt=today())
        return queryset
