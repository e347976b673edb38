"""The base of every form outside the admin."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.forms import wording
from core.forms.bound import PortalBoundField


class ErrorItem(NamedTuple):
    """One line of the error summary; ``target`` is the id it leads to, or empty."""

    message: str
    target: str


class SummaryRow(NamedTuple):
    """One line of a check page: a label, what was answered, and the id of its field."""

    label: str
    value: str | list[str]
    target: str


class PortalForm:
    """Mixed into Django's forms: the portal's fields, messages and check page.

    ``marks_required`` is False in filters, where nothing is ※必須; ``non_field_target`` is
    the field that errors of the whole form lead to.
    """

    bound_field_class = PortalBoundField
    template_name = "components/form_fields.html"
    use_required_attribute = False
    marks_required = True
    non_field_target = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def full_clean(self) -> None:
        # Here and not in __init__: a subclass may add or rename fields after it.
        for bound in self:
            wording.speak(bound.field, bound.spoken_name)
        super().full_clean()

    @property
    def error_items(self) -> list[ErrorItem]:
        """Every message of the form in the order of its fields, for the summary above it."""
        target = self[self.non_field_target].target_id if self.non_field_target else ""
        items = [ErrorItem(message, target) for message in self.non_field_errors()]
        for bound in self:
            place = "" if bound.is_hidden else bound.target_id
            items += [ErrorItem(message, place) for message in bound.errors]
        return items

    @property
    def summary_rows(self) -> list[SummaryRow]:
        """The answers of a valid form, for a check page; passwords and hidden fields left out."""
        return [
            SummaryRow(bound.label, self._display(bound), bound.target_id)
            for bound in self.visible_fields()
            if not isinstance(bound.field.widget, forms.PasswordInput)
        ]

    def _display(self, bound: PortalBoundField) -> str | list[str]:
        value = self.cleaned_data.get(bound.name)
        display = getattr(bound.field, "display", str)
        return display(value) or "（入力なし）"

    def conflicts_with_answers(self, saved: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The fields that ``saved``, answers by name, fills otherwise: label, before."""
        return [
            {"label": bound.label, "before": before or "（入力なし）"}
            for bound in self.visible_fields()
            if bound.name in self.cleaned_data
            and (before := bound.field.display(saved[bound.name]))
            != bound.field.display(self.cleaned_data[bound.name])
        ]

    @property
    def hidden_inputs(self) -> SafeString:
        """What was posted for this form, as hidden fields of a check page.

        The server validates it again when it comes back. Passwords are never carried.
        """
        return self.hidden_inputs_of([bound.name for bound in self])

    def hidden_inputs_of(self, names: Collection[str]) -> SafeString:
        """What was posted for some fields, on a page that shows the others."""
        pairs = [
            pair
            for bound in self
            if bound.name in names and not isinstance(bound.field.widget, forms.PasswordInput)
            for pair in self._carried(bound)
        ]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)

    def _carried(self, bound: PortalBoundField) -> list[tuple[str, str]]:
        """The names and values of one field; files have been kept, and are carried by keys."""
        if carried := getattr(bound.field, "carried", None):
            return carried(bound.html_name)
        return [(name, value) for name in _html_names(bound) for value in self._posted(name)]

    def _posted(self, name: str) -> list[Any]:
        if hasattr(self.data, "getlist"):
            return self.data.getlist(name)
        value = self.data.get(name, [])
        return value if isinstance(value, list) else [value]


def _html_names(bound: PortalBoundField) -> list[str]:
    widget = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        return [bound.html_name + suffix for suffix in widget.widgets_names]
    return [bound.html_name]


class Form(PortalForm, forms.Form):
    """A form in the portal's look."""
