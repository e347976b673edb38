"""Queries that Django writes once in each process, and asks again and again.

Writing the SQL of a small query takes the ORM ten times as long as the database takes to answer
it, and what stands on every page of a member is many small queries. A prepared one says the same
in the same words, querysets and all; only its parameters change.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

_LARGEST = 2**63 - 1
# From here on no id and no day is real: what stands in for them is known by it.
_FIRST_NUMBER, _FIRST_DAY = 9_007_199_254_740_881, date(9973, 1, 1)


class Prepared:
    """The rows of a ``values_list`` that depends on nothing but numbers and days.

    ``build`` makes the queryset for parameters of these ``kinds`` (``int`` or ``date``), and
    compares columns with each as it is given. It is called once: a clock, a setting or a row that
    it reads by itself would stay as it was.
    """

    def __init__(self, build: Callable[..., QuerySet], *kinds: type) -> None:
        self._build = build
        self._stand_ins = [
            _FIRST_DAY + timedelta(days=place) if kind is date else _FIRST_NUMBER + place
            for place, kind in enumerate(kinds)
        ]

    def __call__(self, *values: int | date) -> list[tuple]:
        """The rows for these parameters, as the queryset would give them."""
        if any(isinstance(value, int) and abs(value) > _LARGEST for value in values):
            return []  # no column holds it
        if self._written is None:
            return []
        sql, places, converters = self._written
        given = [_adapted(value) for value in values]
        params = [place if number is None else given[number] for place, number in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return [tuple(row) for row in self._compiler.apply_converters(rows, converters)]

    def instances[M: Model](self, model: type[M], *values: int | date) -> list[M]:
        """The same rows as instances of ``model``, of whose ``columns`` the queryset is."""
        names = columns(model)
        return [model.from_db(connection.alias, names, row) for row in self(*values)]

    @cached_property
    def _compiler(self) -> Any:
        return self._build(*self._stand_ins).query.get_compiler(connection=connection)

    @cached_property
    def _written(self) -> tuple[str, list[tuple[Any, int | None]], dict] | None:
        """The SQL; each parameter, or which of the given ones stands there; the columns' types.

        None for a queryset that Django knows to be empty.
        """
        try:
            sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            return None
        stand_ins = [_adapted(value) for value in self._stand_ins]
        places = [(p, stand_ins.index(p) if p in stand_ins else None) for p in params]
        if {number for _param, number in places} - {None} != set(range(len(stand_ins))):
            raise ValueError("each parameter has to stand in the query as it is given")
        selected = [column for column, *_ in self._compiler.select]
        return sql, places, self._compiler.get_converters(selected)


def columns(model: type[Model]) -> list[str]:
    """All columns of ``model``, for a ``values_list`` whose rows are its instances."""
    return [field.attname for field in model._meta.concrete_fields]


def _adapted(value: int | date) -> Any:
    """As the database's driver takes it."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
