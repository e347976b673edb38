"""Controls of the admin that Django does not have."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db import models

from core.date_input import DateInputError, parse_day

BLANK = "選んでください"


class EraDateField(forms.DateField):
    """A day in one line, with the calendar: 2026-11-22, 2026/11/22, 令和8年11月22日, R8.11.22."""

    widget = AdminDateWidget
    default_error_messages = {"invalid": "Enter a date."}
    portal_messages = {
        "invalid": "{name}は「2026-11-22」または「令和8年11月22日」のように入力してください"
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            day = parse_day(str(value))
        except DateInputError as error:
            raise ValidationError(error.message, code="invalid") from error
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class LinesField(forms.CharField):
    """Several lines; each newline counts and is kept as one character, as browsers count it.

    They send two, so a text that is saved as it stands would look changed.
    """

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class _PossibleKeys:
    """Mixed into an autocomplete: a forged key, which no row could have, is shown as none.

    Django's would look it up to show its row again, and fail.
    """

    def optgroups(self, name, value, attr=None):
        possible = [key for key in value if is_possible(key, self.field.related_model)]
        return super().optgroups(name, possible, attr)


def is_possible(key: str, model: type[models.Model]) -> bool:
    """Whether a row of ``model`` could have ``key``; an empty one stands for no row."""
    column = model._meta.pk
    try:
        column.run_validators(column.to_python(key))
    except ValidationError:
        return False
    return "\x00" not in key


class AutocompleteOne(_PossibleKeys, AutocompleteSelect):
    """One row, found by typing."""


class AutocompleteSeveral(_PossibleKeys, AutocompleteSelectMultiple):
    """Several rows, each taken out by itself: no button clears them all at once."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class PlainWidgetsMixin:
    """Mixed into an admin: Japanese blank choices, and no icons beside a select but 追加."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = AutocompleteSeveral(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        include_blank = db_field.blank or not db_field.has_default()
        blank = [("", BLANK)]
        kwargs.setdefault("choices", db_field.get_choices(include_blank, blank_choice=blank))
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field and field.widget, RelatedFieldWidgetWrapper):
            wrapper = field.widget
            wrapper.can_change_related = wrapper.can_view_related = False
            wrapper.can_delete_related = False
        return field


class KnownAutocompleteSelect(AutocompleteOne):
    """An autocomplete that is told its present row instead of asking for it.

    Without it, a page with many inline rows asks once for each of them.
    """

    known: Any = None

    def optgroups(self, name, value, attr=None):
        if self.known is None or list(value) != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        label = self.choices.field.label_from_instance(self.known)
        return [(None, [*empty, self.create_option(name, self.known.pk, label, True, 1)], 0)]


class KnownAutocompleteSeveral(AutocompleteSeveral):
    """``KnownAutocompleteSelect`` for several rows."""

    known: Any = None

    def optgroups(self, name, value, attr=None):
        if self.known is None or set(value) != {str(row.pk) for row in self.known}:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance
        options = [
            self.create_option(name, row.pk, label(row), True, place)
            for place, row in enumerate(self.known)
        ]
        return [(None, options, 0)]
