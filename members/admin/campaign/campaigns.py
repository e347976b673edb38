"""年度確認: prepared with its days and texts, read before it goes out, started, ended."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone

from core.admin.base import RecordAdmin
from core.admin.columns import era_column, era_field
from core.admin.forms import RecordForm
from core.dates import day_text, today
from core.sheets import Column
from members.admin.campaign.board import Board, BoardExport, Calls
from members.admin.campaign.moves import EndCampaign, ReadMails, SendTrial, StartCampaign
from members.admin.campaign.proposing import proposed
from members.models import Campaign


class CampaignForm(RecordForm):
    """The days and texts of a campaign; a fiscal year is written with its four digits."""

    fiscal_year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2999,
        help_text="西暦の4桁で入力します。令和9年度は2027です",
    )

    def clean_deadline(self) -> date:
        deadline: date = self.cleaned_data["deadline"]
        started_at = self.instance.started_at
        if started_at and deadline < (first := timezone.localdate(started_at)):
            reason = f"回答期限は、開始した日（{day_text(first)}）以降の日付にしてください"
            raise forms.ValidationError(reason)
        return deadline


@admin.register(Campaign)
class CampaignAdmin(RecordAdmin):
    """Once it has been started, what the members have been told stays; later days may move."""

    form = CampaignForm
    list_display = [
        "title_text",
        era_column("deadline", "回答期限"),
        "standing",
        era_column("started_at", "開始した日"),
        era_column("ended_at", "終了した日"),
    ]
    search_fields = ["fiscal_year"]
    search_help_text = "年度（西暦の4桁）で探せます"
    object_actions = (StartCampaign, SendTrial, EndCampaign)
    started = staticmethod(era_field("started_at", "開始した日時"))
    ended = staticmethod(era_field("ended_at", "終了した日時"))
    readonly_fields = ["started", "ended"]
    fieldsets = [
        (None, {"fields": ["fiscal_year", "deadline", "includes_wards"]}),
        (
            "回答がない部署に、もう一度送る日",
            {
                "fields": ["deputies_on", "office_on", "desk_on"],
                "description": (
                    "開始した日に、主担当へ送ります。回答がない部署には、"
                    "ここで決めた日に、送る相手を増やしてもう一度送ります。"
                ),
            },
        ),
        (
            "メールの文",
            {
                "fields": ["opening", "reminder"],
                "description": (
                    "この文に続けて、登録されている連絡先、回答期限、リンクとコードを"
                    "書き添えます。できあがるメールは「メールを確かめる」で読めます。"
                ),
            },
        ),
        ("経過", {"fields": ["started", "ended"]}),
    ]
    sheet_columns = [
        Column("年度", "fiscal_year"),
        Column("回答期限", "deadline"),
        Column("副担当にも送る日", "deputies_on"),
        Column("部署の共用アドレスにも送る日", "office_on"),
        Column("代表の部署にも送る日", "desk_on"),
        Column("特別区にも送る", "includes_wards"),
        Column("開始した日時", "started_at"),
        Column("終了した日時", "ended_at"),
    ]

    def get_urls(self) -> list:
        pages = {
            "board/": ("board", Board),
            "board/calls/": ("calls", Calls),
            "board/export.<str:ending>": ("board_export", BoardExport),
            "<int:pk>/mails/": ("mails", ReadMails),
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                route,
                self.admin_site.admin_view(view.as_view(model_admin=self)),
                name=f"{prefix}_{name}",
            )
            for route, (name, view) in pages.items()
        ]
        return own + super().get_urls()

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None):
        shown = super().get_fieldsets(request, obj)
        return shown if obj else shown[:-1]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return proposed(today()) | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None):
        """What the members have been told already, and everything once it has ended."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.started_at is None:
            return fields
        if obj.ended_at is None:
            return (*fields, "fiscal_year", "includes_wards", "opening")
        return tuple(name for _, options in self.fieldsets for name in options["fields"])

    def changelist_view(self, request: HttpRequest, extra_context=None):
        tools = [("年度確認の状況", reverse(self.url_name("board")))]
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def action_links(self, request: HttpRequest, obj: Campaign) -> list[dict[str, Any]]:
        """The named actions, after the pages that only show something."""
        pages = [("メールを確かめる", reverse(self.url_name("mails"), args=[obj.pk]))]
        if obj.started_at:
            query = {"year": obj.fiscal_year}
            pages.append(("年度確認の状況", reverse(self.url_name("board"), query=query)))
        shown = [{"label": label, "url": url, "kind": "plain"} for label, url in pages]
        return shown + super().action_links(request, obj)

    @admin.display(description="年度確認", ordering="fiscal_year")
    def title_text(self, campaign: Campaign) -> str:
        return campaign.title

    @admin.display(description="状態")
    def standing(self, campaign: Campaign) -> str:
        if campaign.started_at is None:
            return "準備中"
        return "実施中" if campaign.is_running else "終了"
