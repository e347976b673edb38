"""Fields answered by choosing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.choices import flatten_choices

from core import kept
from core.forms.fields import Described
from core.forms.widgets import MultipleChecks, RadioChecks, Select

# So many digits fit every column of numbers.
_LONGEST_KEY = 18


class _Chosen(Described):
    """Shows the labels of what was chosen."""

    def display(self, value: Any) -> str | list[str]:
        labels = {str(key): str(label) for key, label in flatten_choices(self.choices)}
        if isinstance(value, list | tuple):
            return [labels.get(str(item), str(item)) for item in value]
        return labels.get(str(value), "") if value not in (None, "") else ""


class ChoiceField(_Chosen, forms.ChoiceField):
    """One of several in a select; ``empty_label`` adds a first choice that means none."""

    widget = Select

    def __init__(self, *, choices: Any = (), empty_label: str | None = None, **kwargs: Any) -> None:
        if empty_label is not None:
            choices = [("", empty_label), *choices]
        super().__init__(choices=choices, **kwargs)


class _Grouped:
    """Choices that all stand on the page; ``columns`` sets short ones side by side."""

    checks: type[forms.Widget]

    def __init__(self, *, columns: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", self.checks(columns=columns))
        super().__init__(**kwargs)


class RadioField(_Grouped, _Chosen, forms.ChoiceField):
    """One of few, as radio buttons in a fieldset."""

    checks = RadioChecks


class ChecksField(_Grouped, _Chosen, forms.MultipleChoiceField):
    """Any of few, as checkboxes in a fieldset."""

    checks = MultipleChecks


class _ChosenModel(Described):
    """Shows the chosen rows."""

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset=queryset, **kwargs)

    def clean(self, value: Any) -> Any:
        """Refuses a forged key that the database could not even compare."""
        keys = value if isinstance(value, list | tuple) else [value]
        if any(len(str(key)) > _LONGEST_KEY or "\x00" in str(key) for key in keys):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)

    def display(self, value: Any) -> str | list[str]:
        if value is None:
            return ""
        if isinstance(value, QuerySet | list):
            return [self.label_from_instance(row) for row in value]
        return self.label_from_instance(value)


class ModelChoiceField(_ChosenModel, forms.ModelChoiceField):
    """One row in a select."""

    widget = Select

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset, **{"empty_label": "選んでください", **kwargs})


class KeptChoiceField(ModelChoiceField):
    """One row in a select, of rows that are the same for all: the chosen one is kept for a minute.

    For lists, which would ask for each condition in their address.
    """

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return kept.many(f"forms.{self.queryset.model._meta.label}", [value], self._rows)[value]

    def _rows(self, keys: list[Any]) -> dict[Any, Any]:
        """Raises ``ValidationError`` for what is no choice."""
        return {key: super(KeptChoiceField, self).to_python(key) for key in keys}


class ModelRadioField(_Grouped, _ChosenModel, forms.ModelChoiceField):
    """One row of few, as radio buttons in a fieldset."""

    checks = RadioChecks

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset=queryset, **{"empty_label": None, **kwargs})


class ModelChecksField(_Grouped, _ChosenModel, forms.ModelMultipleChoiceField):
    """Any rows of few, as checkboxes in a fieldset: 分野."""

    checks = MultipleChecks

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset=queryset, **kwargs)
