"""A field of a form as the templates see it."""

from typing import NamedTuple

from django import forms
from django.forms import BoundField

_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
_BARE = (*_GROUPS, forms.CheckboxInput, forms.FileInput, forms.MultiWidget)


class ErrorLine(NamedTuple):
    """One message at a field, with the id that the field's control refers to."""

    id: str
    message: str


class PortalBoundField(BoundField):
    """Adds ids, classes and spoken names to Django's bound field.

    Rendered by ``components/field.html``: label, hint, error, control (look.md 9).
    """

    @property
    def template_name(self) -> str:
        return self.field.template_name or "components/field.html"

    @property
    def spoken_name(self) -> str:
        """The name used in messages."""
        return str(getattr(self.field, "error_label", "") or self.label)

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_lines(self) -> list[ErrorLine]:
        """The field's messages; the first one's id is ``<field id>-err``."""
        return [
            ErrorLine(f"{self.auto_id}-err{number or ''}", message)
            for number, message in enumerate(self.errors)
        ]

    @property
    def aria_describedby(self) -> str:
        """The ids of hint and errors, in the order in which they stand."""
        hint = [self.hint_id] if self.help_text else []
        return " ".join(hint + [line.id for line in self.error_lines])

    @property
    def target_id(self) -> str:
        """The id that the error summary and 修正する lead to: the control, or the group's first."""
        return f"{self.auto_id}_0" if isinstance(self.field.widget, _GROUPS) else self.auto_id

    @property
    def is_single_check(self) -> bool:
        """Whether the control is one checkbox, whose label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def requirement(self) -> str:
        """``required``, ``optional``, or empty where the form marks neither."""
        if not getattr(self.form, "marks_required", True) or self.is_single_check:
            return ""
        return "required" if self.field.required else "optional"

    @property
    def optional_label(self) -> str:
        return getattr(self.field, "optional_label", "※任意")

    @property
    def note(self) -> str:
        """Text behind the label, such as 「（当てはまるものすべて）」."""
        return getattr(self.field, "note", "")

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if isinstance(widget, _GROUPS):
            # The message belongs to the fieldset: a single radio button cannot be invalid.
            attrs.pop("aria-invalid", None)
        if css := self._control_class(widget):
            attrs["class"] = f"{widget.attrs['class']} {css}" if "class" in widget.attrs else css
        return attrs

    def _control_class(self, widget: forms.Widget) -> str:
        if widget.is_hidden or isinstance(widget, _BARE):
            return ""
        kind = "input"
        if isinstance(widget, forms.Textarea):
            kind = "textarea"
        elif isinstance(widget, forms.Select):
            kind = "select"
        width = getattr(self.field, "width", None)
        return f"{kind} w-{width}" if width else kind
