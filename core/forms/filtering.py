"""Forms that narrow a list; their conditions stand in its address."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms.base import Form
from core.forms.widgets import CountedLabel


class FilterForm(Form):
    """Nothing in it is required, and its choices may say how many rows each would give."""

    marks_required = False

    def show_counts(self, name: str, counts: Mapping[Any, int]) -> None:
        """Prints beside each choice of ``name`` how many rows it would give.

        The choices of a select stand by the ids of their rows; 「すべて」 has no number.
        """
        field = self.fields[name]
        in_select = isinstance(field.widget, forms.Select)
        field.choices = [
            (value, label if value == "" else _counted(label, counts[value], in_select))
            for value, label in field.choices
        ]


def _counted(label: str, number: int, in_select: bool) -> str:
    """An option of a select holds nothing but text."""
    return f"{label}（{number}件）" if in_select else CountedLabel(label, number)
