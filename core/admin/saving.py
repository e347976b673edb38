"""Every save in the admin writes its audit row, in the same transaction."""

from typing import Any

from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from core import audit
from core.admin.actor import acting


class AuditedSaveMixin:
    """Mixed into a model's admin: before and after of each save go to the audit log.

    ``personal_fields`` names what goes to the erasable side row. The actions are
    ``<app>.add`` and ``<app>.edit``, whose labels the app registers. A row with a ``version``
    gets the next one when something has changed.
    """

    personal_fields: frozenset[str] = frozenset()

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool):
        # Read anew: the form has already written what was typed onto ``obj``.
        before = self.model._default_manager.get(pk=obj.pk) if change else None
        form.values_before = self.audit_values(request, before) if before else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets, change: bool):
        super().save_related(request, form, formsets, change)
        row = self.model._default_manager.get(pk=form.instance.pk)
        after = self.audit_values(request, row)
        changes = audit.differences(form.values_before, after, self.personal_fields)
        if not change:
            changes = {name: item for name, item in changes.items() if item.after}
        if change and not changes:
            return
        self._next_version(form.instance, change)
        verb = "edit" if change else "add"
        action = f"{self.opts.app_label}.{verb}"
        audit.record(action, form.instance, by=acting(request), changes=changes)

    def _next_version(self, row: models.Model, change: bool) -> None:
        if change and hasattr(row, "version"):
            row.version += 1
            row.save(update_fields=["version"])

    def audit_values(self, request: HttpRequest, row: models.Model) -> dict[str, Any]:
        """What the history keeps of ``row``: its own values, its lists, its inline rows."""
        own = {
            field.name: value_of(row, field) for field in row._meta.concrete_fields if kept(field)
        }
        lists = {
            field.name: [str(item) for item in getattr(row, field.name).all()]
            for field in row._meta.many_to_many
            if field.remote_field.through._meta.auto_created
        }
        inlines = {
            inline.relation_name: [row_text(item, inline) for item in inline.rows_of(row)]
            for inline in self.get_inline_instances(request, row)
            if not inline.read_only
        }
        return own | lists | inlines

    # The audit log is the history; Django's own log would keep names that cannot be erased.

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None


def kept(field: models.Field) -> bool:
    """Whether the history keeps a column: what people edit, without keys and counters."""
    return field.editable and not field.primary_key and field.name != "password"


def value_of(row: models.Model, field: models.Field) -> Any:
    """A column's value as the history keeps it: a related row by its name."""
    if field.is_relation:
        related = getattr(row, field.name)
        return None if related is None else str(related)
    return field.value_from_object(row)


def row_text(row: models.Model, inline) -> str:
    """An inline row in one line: its filled columns, in words."""
    parts = []
    for name in inline.text_fields:
        label = getattr(row, f"get_{name}_display", None)
        value = label() if label else getattr(row, name)
        if isinstance(value, models.Manager):
            value = "、".join(str(item) for item in value.all())
        if value not in (None, ""):
            parts.append(str(value))
    return "／".join(parts)
