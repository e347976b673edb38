"""The admin of the events' room."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse

from core.admin.actions import ObjectAction
from core.admin.actor import acting
from core.admin.base import RecordAdmin
from core.admin.fields import EraDateField
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.admin.forms import DATE_HELP, ActionForm, DatedForm, ReasonForm
from core.admin.inlines import RecordInline
from core.audit import Actor
from core.forms import wording
from core.history import keep_private
from core.sheets import Column
from core.text import joined
from events import services
from events.enums import Action, EventStatus
from events.models import Event, EventRole
from events.sheets import bodies_of

# What an organization has not submitted is its own.
keep_private(Action.WRITE, Action.DELETE)


class RoleInline(RecordInline):
    model = EventRole
    fields = ["role", "organization", "body_text", "order"]
    autocomplete_fields = ["organization"]
    related = ("organization__prefecture",)


class EventAction(ObjectAction):
    """An action that is open in one of the states ``of``."""

    of: tuple[EventStatus, ...] = ()
    row: Event

    @classmethod
    def applies_to(cls, row: Event) -> bool:
        return row.status in cls.of


class Publish(EventAction):
    """Puts a draft of the secretariat's own on the site."""

    name = "publish"
    title = button = "イベントを公開する"
    explanation = "公開すると、だれでもサイトで見られます。公開したイベントは削除できません。"
    of = (EventStatus.DRAFT,)

    def act(self, form: ActionForm, by: Actor) -> str:
        services.publish(self.row, by=by)
        return "イベントを公開しました"


class Approve(Publish):
    """Puts on the site what an organization has submitted."""

    name = "approve"
    title = button = "イベントを承認する"
    explanation = (
        "承認すると、だれでもサイトで見られます。登録した団体の担当者に知らせます。"
        "公開したイベントは削除できません。"
    )
    of = (EventStatus.SUBMITTED,)


class SendBack(EventAction):
    """Gives a submitted event back, with what is to be mended."""

    name = "send_back"
    title = button = "イベントを差し戻す"
    explanation = (
        "登録した団体の担当者に理由を知らせ、直してもう一度提出してもらいます。"
        "次に提出されるまで、この一覧には載りません。"
    )
    form_class = ReasonForm
    is_grave = True
    of = (EventStatus.SUBMITTED,)

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.send_back(self.row, reason=form.cleaned_data["reason"], by=by)
        return "イベントを差し戻しました"

    def get_success_url(self) -> str:
        # Its own page is the organization's again.
        return self.back_url or reverse(self.model_admin.url_name("changelist"))


class Postpone(EventAction):
    """Says that the event will not be on its day."""

    name = "postpone"
    title = button = "イベントを延期する"
    explanation = "イベントのページに、延期したことと理由を表示します。"
    form_class = ReasonForm
    of = (EventStatus.PUBLISHED,)

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.postpone(self.row, reason=form.cleaned_data["reason"], by=by)
        return "イベントを延期にしました"


class NewDaysForm(ActionForm):
    """The new days of a postponed event."""

    first = EraDateField(label="新しい開始日")
    last = EraDateField(label="新しい終了日", required=False, help_text="1日だけのときは空けます")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", wording.date_not_before("新しい終了日", "開始日", first))
        return cleaned


class Republish(EventAction):
    """Gives a postponed event its new days."""

    name = "republish"
    title = button = "新しい日で公開する"
    form_class = NewDaysForm
    of = (EventStatus.POSTPONED,)

    def act(self, form: NewDaysForm, by: Actor) -> str:
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        services.republish(self.row, first=first, last=last or first, by=by)
        return "新しい日でイベントを公開しました"


class Cancel(EventAction):
    """Calls the event off."""

    name = "cancel"
    title = button = "イベントを中止する"
    explanation = "イベントのページは残り、中止したことと理由を表示します。中止は取り消せません。"
    form_class = ReasonForm
    is_grave = True
    of = (EventStatus.PUBLISHED, EventStatus.POSTPONED)

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.cancel(self.row, reason=form.cleaned_data["reason"], by=by)
        return "イベントを中止にしました"


@admin.register(Event)
class EventAdmin(RecordAdmin):
    """イベント."""

    form = DatedForm
    list_display = ["title", "days", "kind", "status", "hosts_text"]
    list_filter = [
        "status",
        FiscalYearFilter,
        "themes",
        PrefectureFilter.through("organizations__prefecture"),
        "kind",
        "held_confirmed",
        "is_sample",
    ]
    search_fields = ["search_text", "organizations__search_text", "record_id"]
    search_help_text = "題名・会場・概要・登壇者と、団体の名称・カナ・団体コードで探せます"
    autocomplete_fields = ["agreements", "collaborations", "themes", "sources"]
    readonly_fields = ["status", "status_reason", "owner"]
    object_actions = (Approve, SendBack, Publish, Postpone, Republish, Cancel)
    inlines = [RoleInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", ("status", "status_reason"), "owner"]}),
        (
            "開催した日",
            {
                "fields": [("earliest", "latest"), "precision", ("end_unknown", "held_confirmed")],
                "description": DATE_HELP,
            },
        ),
        ("会場", {"fields": ["venue", "address"]}),
        ("内容", {"fields": ["summary", "themes", "tagline", "stated_theme", "speakers"]}),
        (
            "参加",
            {
                "fields": [
                    ("attendance_qualifier", "attendance"),
                    "participating_note",
                    ("capacity", "fee"),
                ]
            },
        ),
        ("協定と連携事業", {"fields": ["agreements", "collaborations"]}),
        (
            "出典と事務局のメモ",
            {"fields": ["sources", "confidence", "note", "record_id", "is_sample"]},
        ),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("題名", "title"),
        Column("種類", "kind"),
        Column("状態", "get_status_display"),
        Column("登録した団体", "owner"),
        Column("開催した日", "when_text"),
        Column("最も早い日", "earliest"),
        Column("最も遅い日", "latest"),
        Column("会場", "venue"),
        Column("住所", "address"),
        Column("主催", lambda event: bodies_of(event, EventRole.HOST)),
        Column("参加", lambda event: bodies_of(event, EventRole.PARTICIPANT)),
        Column("分野", lambda event: joined(event.themes.all())),
        Column("来場者・参加者の数", "attendance_text"),
        Column("実績を確認済み", "held_confirmed"),
        Column("概要", "summary"),
        Column("メモ", "note"),
        Column("見本", "is_sample"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Without what an organization still writes: that is its own."""
        return super().get_queryset(request).for_secretariat().select_related("owner__prefecture")

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["roles__organization__prefecture", "themes"]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets, change: bool) -> None:
        before = set(form.instance.collaborations.all()) if change else set()
        super().save_related(request, form, formsets, change)
        after = set(form.instance.collaborations.all())
        added, removed = after - before, before - after
        services.note_links(form.instance, added=added, removed=removed, by=acting(request))

    def view_on_site(self, obj: Event) -> str | None:
        return None if obj.is_draft else obj.get_absolute_url()

    @admin.display(description="開催した日", ordering="latest")
    def days(self, event: Event) -> str:
        return event.when_text

    @admin.display(description="主催")
    def hosts_text(self, event: Event) -> str | None:
        return bodies_of(event, EventRole.HOST) or None
