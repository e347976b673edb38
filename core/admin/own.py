"""The admin of the core's own rows: sources, the audit log and its seals."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin.base import ReadOnlyAdmin, RecordAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import FiscalYearFilter, SelectFilter
from core.audit import action_label
from core.history import HistoryLine, history_line, object_label
from core.models import AuditEntry, AuditSeal, MissedSearch, Source, SynonymSet
from core.sheets import Column
from core.templatetags.dates import both_eras_minute

EMPTY = "―"


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """出典."""

    list_display = ["title", "issuer", "date_text", "public", "key"]
    list_filter = ["public", "title_is_descriptive"]
    search_fields = ["title", "issuer", "key"]
    search_help_text = "題名・発行者・キーで探せます"
    fixed_fields = ("key",)
    fieldsets = [
        (None, {"fields": ["key", "title", "title_is_descriptive", "issuer", "date_text", "url"]}),
        ("公開", {"fields": ["public"], "description": "公開しない出典は、事務局だけに見えます"}),
        ("事務局のメモ", {"fields": ["note"]}),
    ]
    sheet_columns = [
        Column("キー", "key"),
        Column("題名", "title"),
        Column("題名は説明", "title_is_descriptive"),
        Column("発行者", "issuer"),
        Column("発行の時期", "date_text"),
        Column("URL", "url"),
        Column("公開", "public"),
        Column("メモ", "note"),
    ]


class ActionFilter(SelectFilter):
    """By what was done."""

    title = "操作"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        actions = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
        return [(action, action_label(action)) for action in actions]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ObjectTypeFilter(SelectFilter):
    """By the kind of row it was done to."""

    title = "対象の種類"
    parameter_name = "object_type"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        models = [model._meta for model in model_admin.admin_site._registry]
        return [(opts.label_lower, str(opts.verbose_name)) for opts in models]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """操作記録: nobody changes it, the break-glass account neither."""

    list_display = ["when_done", "what", "label", "type_label", "who", "channel", "reason"]
    list_display_links = ["when_done"]
    list_filter = [FiscalYearFilter.over("at"), ObjectTypeFilter, ActionFilter, "channel"]
    search_fields = ["object_label", "actor_organization", "actor_office", "reason"]
    search_help_text = "対象・団体・部署・理由で探せます"
    list_select_related = ["personal"]
    fieldsets = [
        (None, {"fields": ["when_done", "what", "object_link", "type_label"]}),
        ("操作した人", {"fields": ["who", "person", "told"]}),
        ("内容", {"fields": ["changes_text", "why"]}),
    ]
    sheet_columns = [
        Column("日時", "at"),
        Column("操作", lambda entry: action_label(entry.action)),
        Column("対象の種類", lambda entry: type_label(entry)),
        Column("対象", object_label),
        Column("団体", "actor_organization"),
        Column("部署", "actor_office"),
        Column("役割", "actor_role"),
        Column("方法", "get_channel_display"),
        Column("理由", "reason"),
    ]

    def may_act(self, request: HttpRequest, obj: models.Model) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context, **kwargs) -> HttpResponse:
        entry = kwargs.get("obj")
        context["subtitle"] = f"{action_label(entry.action)}：{object_label(entry)}"
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="日時", ordering="at")
    def when_done(self, entry: AuditEntry) -> SafeString:
        text = both_eras_minute(entry.at)
        return format_html('<time datetime="{}">{}</time>', entry.at.isoformat(), text)

    @admin.display(description="操作", ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return action_label(entry.action)

    @admin.display(description="対象", ordering="object_label")
    def label(self, entry: AuditEntry) -> str:
        return object_label(entry)

    @admin.display(description="対象の種類", ordering="object_type")
    def type_label(self, entry: AuditEntry) -> str:
        return type_label(entry)

    @admin.display(description="対象")
    def object_link(self, entry: AuditEntry) -> str | SafeString:
        name = entry.object_type.replace(".", "_")
        try:
            url = reverse(f"{self.admin_site.name}:{name}_change", args=[quote(entry.object_id)])
        except NoReverseMatch:
            return object_label(entry)
        return format_html('<a href="{}">{}</a>', url, object_label(entry))

    @admin.display(description="操作した団体と部署", ordering="actor_organization")
    def who(self, entry: AuditEntry) -> str:
        role = f"（{entry.actor_role}）" if entry.actor_role else ""
        return f"{entry.actor_organization}　{entry.actor_office}{role}".strip()

    @admin.display(description="氏名")
    def person(self, entry: AuditEntry) -> str:
        return _line_of(entry).person or EMPTY

    @admin.display(description="方法")
    def told(self, entry: AuditEntry) -> str:
        return _line_of(entry).told or entry.get_channel_display()

    @admin.display(description="理由")
    def why(self, entry: AuditEntry) -> str:
        return _line_of(entry).reason or EMPTY

    @admin.display(description="変更")
    def changes_text(self, entry: AuditEntry) -> str:
        lines = [f"{c.label}：{c.before} → {c.after}" for c in _line_of(entry).changes]
        return "\n".join(lines) or EMPTY


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    """封印: the list that the mailed seals are compared with."""

    list_display = [era_column("day", "日"), "rows", "value", era_column("sealed_at", "封印した日")]
    list_filter = [FiscalYearFilter.over("day")]
    search_fields = ["value"]
    search_help_text = "メールで届いた封印を、そのまま入力して探せます"
    fields = [
        era_field("day", "日"),
        "rows",
        "first_row",
        "last_row",
        "value",
        "previous",
        era_field("sealed_at", "封印した日時"),
    ]
    sheet_columns = [
        Column("日", "day"),
        Column("件数", "rows"),
        Column("最初の記録", "first_row"),
        Column("最後の記録", "last_row"),
        Column("封印", "value"),
        Column("前の日の封印", "previous"),
        Column("封印した日時", "sealed_at"),
    ]

    def may_act(self, request: HttpRequest, obj: models.Model) -> bool:
        return False


def type_label(entry: AuditEntry) -> str:
    """The kind of row, in Japanese; as it was written when the model is gone."""
    model = model_of(entry)
    return str(model._meta.verbose_name) if model else entry.object_type


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    """The model of the row that the entry tells of, while there is one."""
    try:
        return apps.get_model(entry.object_type)
    except (LookupError, ValueError):  # a run of a command names no row
        return None


def _line_of(entry: AuditEntry) -> HistoryLine:
    return history_line(entry, model_of(entry))


@admin.register(SynonymSet)
class SynonymSetAdmin(RecordAdmin):
    """同義語."""

    list_display = ["__str__", "is_used"]
    list_filter = ["is_used"]
    search_fields = ["words"]
    search_help_text = "言葉で探せます"
    fieldsets = [(None, {"fields": ["words", "is_used"]})]
    sheet_columns = [Column("同じ意味の言葉", "__str__"), Column("検索に使う", "is_used")]


@admin.register(MissedSearch)
class MissedSearchAdmin(ReadOnlyAdmin):
    """見つからなかった検索: what to call otherwise, or what is missing."""

    list_display = ["words", "count", "place", era_column("last_at", "最後に探した日")]
    list_filter = ["place"]
    search_fields = ["words"]
    search_help_text = "言葉で探せます"
    last = staticmethod(era_field("last_at", "最後に探した日時"))
    fieldsets = [(None, {"fields": ["words", "place", "count", "last"]})]
    sheet_columns = [
        Column("言葉", "words"),
        Column("回数", "count"),
        Column("探した場所", "place"),
        Column("最後に探した日時", "last_at"),
    ]
