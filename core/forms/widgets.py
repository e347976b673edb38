"""Controls that Django does not have in the portal's shape."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from core.dates import Precision, RecordDate


class CountedLabel(str):
    """A choice's label with how many rows it would give: 募集中 (14件)."""

    number: int

    def __new__(cls, text: str, number: int) -> "CountedLabel":
        label = super().__new__(cls, text)
        label.number = number
        return label

    def __getnewargs__(self) -> tuple[str, int]:
        """For copies: a form copies its fields."""
        return str(self), self.number


class _Checks:
    """Choices one below the other, or in columns from 30em, each a 44px target."""

    template_name = "components/checks.html"

    def __init__(self, *args: Any, columns: bool = False, **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(*args, **kwargs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["columns"] = self.columns
        return context


class RadioChecks(_Checks, forms.RadioSelect):
    """One of several."""


class MultipleChecks(_Checks, forms.CheckboxSelectMultiple):
    """Any of several."""


@dataclass(frozen=True)
class DatePart:
    """One of the text fields of a date. ``name`` is the part's name in ``core.date_input``."""

    key: str
    name: str
    label: str
    width: int


YEAR = DatePart("y", "year", "年", 8)
MONTH = DatePart("m", "month", "月", 4)
DAY = DatePart("d", "day", "日", 4)


class DatePartsInput(forms.MultiWidget):
    """A date as separate text fields, posted as ``due_y``, ``due_m``, ``due_d``."""

    template_name = "components/date_parts.html"

    def __init__(self, parts: tuple[DatePart, ...]) -> None:
        self.parts = parts
        text_fields = {
            part.key: forms.TextInput({"class": "input", "inputmode": "numeric"}) for part in parts
        }
        super().__init__(text_fields)

    def decompress(self, value: date | None) -> list[str]:
        return [str(getattr(value, part.name)) if value else "" for part in self.parts]

    def get_context(self, name, value, attrs):
        """Adds each part's label; ``wrong_parts`` and ``error_ids`` mark the wrong ones."""
        attrs = dict(attrs or {})
        wrong = attrs.pop("wrong_parts", ())
        error_ids = attrs.pop("error_ids", "")
        attrs.pop("aria-invalid", None)
        context = super().get_context(name, value, attrs)
        for part, subwidget in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            subwidget["part"] = part
            subwidget["attrs"]["id"] = f"{attrs.get('id', name)}-{part.key}"
            if part.name in wrong:
                subwidget["attrs"] |= {"aria-invalid": "true", "aria-describedby": error_ids}
        return context


class RecordDateInput(DatePartsInput):
    """A date of the record, with the parts of it that are known."""

    def decompress(self, value: RecordDate | None) -> list[str]:
        """The parts of one day, month, year or fiscal year; of any other date none."""
        if value is None or value.bounds is None:
            return ["", "", ""]
        first, last = value.bounds
        year, month, day = str(first.year), str(first.month), str(first.day)
        known = {
            Precision.DAY: (first == last, [year, month, day]),
            Precision.MONTH: (
                (first.year, first.month) == (last.year, last.month),
                [year, month, ""],
            ),
            Precision.YEAR: (first.year == last.year, [year, "", ""]),
            Precision.FISCAL_YEAR: (first.year + 1 == last.year, [f"{year}年度", "", ""]),
        }
        is_one, parts = known[Precision(value.precision)]
        return parts if is_one else ["", "", ""]
