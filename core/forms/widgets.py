"""Controls that Django does not have in the portal's shape.

They are written here and not in templates, of which Django takes two for each choice: a list's
filter with its 47 prefectures took longer than the list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

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


_SELECTED = mark_safe(" selected")
_CHECK = '<label class="check"><input{}>{}{}</label>'
_NUMBER = '<span class="num">{}件</span>'


def _attributes(values: Mapping[str, Any]) -> SafeString:
    """`` name="value"`` for each of ``values``; its name alone for True, nothing for False."""
    shown = [(name, value) for name, value in values.items() if value is not False]
    parts = [
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in shown
    ]
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


class Select(forms.Select):
    """One of many; without groups."""

    def render(self, name, value, attrs=None, renderer=None):
        own = _attributes({"name": name, **self.build_attrs(self.attrs, attrs)})
        chosen = self.format_value(value)
        rows = (
            (key, _SELECTED if str(key) in chosen else "", label) for key, label in self.choices
        )
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html("<select{}>{}</select>", own, options)


class _Checks:
    """Choices one below the other, or in columns from 30em, each a 44px target.

    A label that is a ``CountedLabel`` is followed by its number.
    """

    def __init__(self, *args: Any, columns: bool = False, **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(*args, **kwargs)

    def render(self, name, value, attrs=None, renderer=None):
        css = "checks checks--cols" if self.columns else "checks"
        chosen = self.format_value(value)
        boxes = format_html_join("", _CHECK, self._boxes(name, chosen, attrs))
        return format_html('<div class="{}">{}</div>', css, boxes)

    def _boxes(self, name, chosen, attrs) -> Iterator[tuple[SafeString, str, SafeString | str]]:
        for option in self.options(name, chosen, attrs):
            own = {"type": option["type"], "name": name, "value": option["value"]}
            number = getattr(option["label"], "number", None)
            count = "" if number is None else format_html(_NUMBER, number)
            yield _attributes(own | option["attrs"]), option["label"], count


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

    def render(self, name, value, attrs=None, renderer=None):
        """Each part with its own label."""
        subwidgets = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        parts = format_html_join("", _PART, map(_part, subwidgets))
        return format_html('<div class="row">{}</div>', parts)


_PART = '<span class="sub w-{}"><label for="{}">{}</label><input{}></span>'


def _part(subwidget: dict[str, Any]) -> tuple[int, str, str, SafeString]:
    part, attrs, value = subwidget["part"], subwidget["attrs"], subwidget["value"]
    typed = {} if value is None else {"value": value}
    own = {"type": subwidget["type"], "name": subwidget["name"], **typed, **attrs}
    return part.width, attrs["id"], part.label, _attributes(own)


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
