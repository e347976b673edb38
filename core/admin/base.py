"""``RecordAdmin``: what every model's admin has in common."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from core.admin.actions import ObjectAction
from core.admin.columns import listed_field
from core.admin.fields import EraDateField, LinesField, PlainWidgetsMixin
from core.admin.forms import RecordForm
from core.admin.history import HistoryMixin
from core.admin.once import AddedOnceMixin
from core.admin.saving import AuditedSaveMixin
from core.admin.searching import FoldedSearchMixin
from core.admin.sheets import SheetMixin


class RecordChangeList(ChangeList):
    """Django's list, named for its rows, with the prefetches that its columns need."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if not self.is_popup:
            self.title = str(self.opts.verbose_name_plural)

    def get_queryset(self, request: HttpRequest, exclude_parameters=None) -> models.QuerySet:
        rows = super().get_queryset(request, exclude_parameters)
        return rows.prefetch_related(*self.model_admin.get_list_prefetch(request))


class RecordAdmin(
    PlainWidgetsMixin,
    AuditedSaveMixin,
    AddedOnceMixin,
    FoldedSearchMixin,
    SheetMixin,
    HistoryMixin,
    admin.ModelAdmin,
):
    """A model's admin for the secretariat.

    Lists have a search, filters and files for Excel; every save writes its audit row and refuses a
    stale form; rows are retired, never deleted; ``object_actions`` are the named actions.
    ``fixed_fields`` may be filled when a row is added and are only shown afterwards.
    """

    form = RecordForm
    formfield_overrides = {
        models.DateField: {"form_class": EraDateField},
        models.TextField: {"form_class": LinesField},
    }
    list_per_page = 50
    list_max_show_all = 500
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    search_help_text = (
        "名称・カナ・団体コードで探せます。空白で区切ると、すべてを含むものを探します"
    )
    actions = None
    object_actions: tuple[type[ObjectAction], ...] = ()
    fixed_fields: tuple[str, ...] = ()

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        for field in model._meta.many_to_many:
            shown = listed_field(field.name, str(field.verbose_name))
            setattr(self, _listed(field.name), shown)

    def get_fieldsets(self, request: HttpRequest, obj=None):
        """As declared; who may only read finds related rows joined by 「、」, not by a comma."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        several = {field.name for field in self.opts.many_to_many}

        def shown(line: Any) -> Any:
            if isinstance(line, list | tuple):
                return tuple(shown(name) for name in line)
            return _listed(line) if line in several else line

        return [
            (title, options | {"fields": [shown(line) for line in options["fields"]]})
            for title, options in fieldsets
        ]

    def url_name(self, page: str) -> str:
        """The name of one of this model's pages: ``changelist``, ``change``, an action's name."""
        return f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def get_urls(self) -> list:
        own = [
            path(
                f"<path:object_id>/{action.name}/",
                self.admin_site.admin_view(action.as_view(model_admin=self)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{action.name}",
            )
            for action in self.object_actions
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordChangeList

    def get_list_prefetch(self, request: HttpRequest) -> Sequence[Any]:
        """What the columns of list and download read from many related rows."""
        return ()

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Of the model's columns, those that a filter of the list asks.

        Django takes every column, also one that is not shown: a password's hash or a draft in
        the audit log could be guessed letter by letter.
        """
        column = lookup.partition("__")[0]
        if column in {field.name for field in self.opts.get_fields()}:
            asked = any(f"{lookup}__".startswith(f"{path}__") for path in self._filter_paths())
            if not asked:
                return False
        return super().lookup_allowed(lookup, value, request)

    def _filter_paths(self) -> list[str]:
        """What each filter of the list is called in its address."""
        named = (item[0] if isinstance(item, tuple) else item for item in self.list_filter)
        return [getattr(item, "parameter_name", item) for item in named]

    def may_act(self, request: HttpRequest, obj: models.Model) -> bool:
        """Whether the named actions on ``obj`` are open to whoever is logged in."""
        return self.has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> tuple[str, ...]:
        return (*self.readonly_fields, *(self.fixed_fields if obj else ()))

    def view_on_site(self, obj: models.Model) -> str | None:
        """Its page on the portal, when it has one."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def render_change_form(self, request: HttpRequest, context, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        context["action_links"] = self.action_links(request, obj) if obj else []
        context["title"] = self._title(request, obj)
        return super().render_change_form(request, context, **kwargs)

    def _title(self, request: HttpRequest, obj: models.Model | None) -> str:
        if obj is None:
            return f"{self.opts.verbose_name}を追加"
        changes = self.has_change_permission(request, obj)
        return f"{self.opts.verbose_name}を{'変更' if changes else '表示'}"

    def action_links(self, request: HttpRequest, obj: models.Model) -> list[dict[str, Any]]:
        """The buttons of ``obj``: label, address and kind (``action``, ``grave``)."""
        if not self.may_act(request, obj):
            return []
        return [
            {
                "label": action.title,
                "url": reverse(self.url_name(action.name), args=[quote(obj.pk)]),
                "kind": "grave" if action.is_grave else "action",
            }
            for action in self.object_actions
            if action.applies_to(obj)
        ]


def _listed(field: str) -> str:
    """What the rows of a many-valued relation are called where they are only shown."""
    return f"{field}_listed"


class ReadOnlyAdmin(RecordAdmin):
    """Rows that the admin only shows; what may happen to them are its named actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def may_act(self, request: HttpRequest, obj: models.Model) -> bool:
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")
