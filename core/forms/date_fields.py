"""Dates typed in parts, in the western calendar or in an era."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.date_input import (
    DateInputError,
    names_fiscal_year,
    parse_date,
    parse_year,
    parse_year_month,
)
from core.dates import Precision, RecordDate, day_text, fiscal_year_bounds, month_text
from core.forms.bound import PortalBoundField
from core.forms.fields import Described
from core.forms.widgets import DAY, MONTH, YEAR, DatePart, DatePartsInput, RecordDateInput


class PartsBoundField(PortalBoundField):
    """Knows which part of the date is wrong."""

    @property
    def wrong_parts(self) -> set[str]:
        """The names of the wrong parts; all of them when the error is about the whole date."""
        names = {part.name for part in self.field.parts}
        errors = self.form.errors.as_data().get(self.name, [])
        return ({error.code for error in errors} & names) or (names if errors else set())

    @property
    def target_id(self) -> str:
        """The first wrong part, or the first part."""
        wrong = self.wrong_parts
        part = next((part for part in self.field.parts if part.name in wrong), self.field.parts[0])
        return f"{self.auto_id}-{part.key}"

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if isinstance(widget or self.field.widget, DatePartsInput):
            attrs["wrong_parts"] = self.wrong_parts
            attrs["error_ids"] = " ".join(line.id for line in self.error_lines)
        return attrs


class _PartsField(Described, forms.Field):
    """A date typed in parts; accepts 2027, 令和9, R9 and 令和元 as a year.

    An error names its part, which alone is marked and which the summary leads to.
    """

    bound_field_class = PartsBoundField
    parts: tuple[DatePart, ...]
    parse: Callable[..., date | RecordDate]
    input_class = DatePartsInput
    default_error_messages = {
        "missing": "Enter the %(part)s.",
        "part": "%(message)s",
        "whole": "%(message)s",
    }
    portal_messages = {
        "missing": "{name}の%(part)sを入力してください",
        "part": "{name}の%(message)s",
        "whole": "{name}を確認してください。%(message)s",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": self.input_class(self.parts), **kwargs})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        typed = [str(item or "").strip() for item in value]
        if not any(typed):
            return None
        if missing := self._missing(typed):
            raise self._error("missing", missing)
        try:
            return type(self).parse(*typed)
        except DateInputError as error:
            part = next(part for part in self.parts if part.name == error.part)
            kind = "part" if error.message.startswith(f"{part.label}は") else "whole"
            raise self._error(kind, part, error.message) from error

    def _missing(self, typed: list[str]) -> DatePart | None:
        """The first part without which the others say nothing."""
        return next((part for part, item in zip(self.parts, typed, strict=True) if not item), None)

    def _error(self, kind: str, part: DatePart, message: str = "") -> ValidationError:
        params = {"part": part.label, "message": message}
        return ValidationError(self.error_messages[kind], code=part.name, params=params)


class DatePartsField(_PartsField):
    """A day: 年・月・日."""

    parts = (YEAR, MONTH, DAY)
    parse = staticmethod(parse_date)

    def display(self, value: date | None) -> str:
        return day_text(value) if value else ""


class YearMonthField(_PartsField):
    """A month: 年・月. Its value is the month's first day."""

    parts = (YEAR, MONTH)
    parse = staticmethod(parse_year_month)

    def display(self, value: date | None) -> str:
        return month_text(value) if value else ""


def parse_known(year: str, month: str, day: str) -> RecordDate:
    """What was typed, as far as it goes: a day, a month, a year, or 「令和2年度」 alone.

    Raises ``DateInputError``.
    """
    if month and names_fiscal_year(year):
        raise DateInputError("year", "年は、月まで分かるときは「年度」を付けずに入力してください")
    if day:
        known = parse_date(year, month, day)
        return RecordDate(known, known, Precision.DAY)
    if month:
        first = parse_year_month(year, month)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return RecordDate(first, last, Precision.MONTH)
    number = parse_year(year)
    if names_fiscal_year(year):
        return RecordDate(*fiscal_year_bounds(number), Precision.FISCAL_YEAR)
    return RecordDate(date(number, 1, 1), date(number, 12, 31), Precision.YEAR)


class RecordDateField(_PartsField):
    """A date of the record as far as it is known: 年, 年・月 or 年・月・日 (``RecordDate``)."""

    parts = (YEAR, MONTH, DAY)
    parse = staticmethod(parse_known)
    input_class = RecordDateInput

    def _missing(self, typed: list[str]) -> DatePart | None:
        year, month, day = typed
        if not year:
            return YEAR
        return MONTH if day and not month else None

    def display(self, value: RecordDate | None) -> str:
        return str(value) if value and value.earliest else ""
