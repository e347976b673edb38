"""Rows shown within another row's page."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from core.admin.fields import (
    EraDateField,
    KnownAutocompleteSelect,
    KnownAutocompleteSeveral,
    LinesField,
    PlainWidgetsMixin,
)
from core.admin.forms import RecordInlineForm


class RecordFormSet(BaseInlineFormSet):
    """Inline rows whose box for taking a row out has a name."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].widget.attrs["aria-label"] = "この行を外す"


class RecordInline(PlainWidgetsMixin, admin.TabularInline):
    """Inline rows that are edited here; the audit row of the page tells of them.

    ``fields`` is always given; ``related`` and ``prefetched`` name what a row's own text needs,
    so that many rows cost no further query.
    """

    form = RecordInlineForm
    formset = RecordFormSet
    formfield_overrides = {
        models.DateField: {"form_class": EraDateField},
        models.TextField: {"form_class": LinesField},
    }
    read_only = False
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    rows_to_add = 3

    def get_extra(self, request: HttpRequest, obj=None, **kwargs) -> int:
        """Some empty rows on an add page; later one, for those without JavaScript."""
        return self.rows_to_add if obj is None else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self._with_related(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownAutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name in self.get_autocomplete_fields(request):
            field.widget = KnownAutocompleteSeveral(db_field, self.admin_site)
            field.widget.choices = field.choices
        return field

    @property
    def relation_name(self) -> str:
        """The name of these rows on the page's row; the history's name for the change."""
        return self._key.remote_field.get_accessor_name()

    @property
    def text_fields(self) -> list[str]:
        """The columns that the history tells of."""
        return [name for name in self.fields if name != self._key.name]

    @property
    def _key(self) -> models.ForeignKey:
        """The column by which a row belongs to the page's row."""
        return next(
            field
            for field in self.opts.fields
            if field.is_relation and issubclass(self.parent_model, field.related_model)
        )

    def rows_of(self, parent: models.Model) -> QuerySet:
        """The rows of ``parent``, with what their texts need."""
        return self._with_related(getattr(parent, self.relation_name).all())

    def _with_related(self, rows: QuerySet) -> QuerySet:
        # Without names, Django would follow every relation.
        rows = rows.select_related(*self.related) if self.related else rows
        return rows.prefetch_related(*self.prefetched)


class ReadOnlyInline(RecordInline):
    """Rows that are only shown here; each links to its own page where it has one."""

    read_only = True
    can_delete = False
    extra = 0
    max_num = 0
    show_change_link = True
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        """All of them; what is no column of the model is a method of the inline."""
        return list(self.fields)

    def get_extra(self, request: HttpRequest, obj=None, **kwargs) -> int:
        return 0

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
