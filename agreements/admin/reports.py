"""The admin of year reports: what the wards have submitted, and what the secretariat says to it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from agreements import services
from agreements.enums import REPORTED, Action
from agreements.models import CollaborationParty, YearReport, YearReportStep, names_of
from core.admin.actions import ObjectAction
from core.admin.attachments import FilesAdmin
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import PrefectureFilter, SelectFilter
from core.admin.forms import ActionForm, ReasonForm
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.dates import fiscal_year_text
from core.history import keep_private
from core.sheets import Column

# What a ward has not submitted is its own.
keep_private(Action.WRITE_REPORT, Action.DELETE_REPORT)


class SubmittedAction(ObjectAction):
    """An answer to what a ward has submitted."""

    row: YearReport

    @classmethod
    def applies_to(cls, row: YearReport) -> bool:
        return row.is_submitted


class AcceptReport(SubmittedAction):
    """Takes a submitted report into the record."""

    name = "accept"
    title = button = "年度実績を承認する"
    explanation = (
        "公開している連携事業では、実績・来場者の数・写真と資料を、だれでも読めるようになります。"
        "助成金の額は公開しません。区の担当者に知らせます。"
    )

    def act(self, form: ActionForm, by: Actor) -> str:
        services.accept_report(self.row, by=by, version=self.version)
        return "年度実績を承認しました"


class SendBackReport(SubmittedAction):
    """Gives a submitted report back, with what is to be mended."""

    name = "send_back"
    title = button = "年度実績を差し戻す"
    explanation = (
        "状態を下書きに戻します。区の担当者に理由を知らせ、直してもう一度提出してもらいます。"
        "次に提出されるまで、この一覧には載りません。"
    )
    form_class = ReasonForm
    is_grave = True

    def act(self, form: ReasonForm, by: Actor) -> str:
        reason = form.cleaned_data["reason"]
        services.send_back_report(self.row, reason=reason, by=by, version=self.version)
        return "年度実績を差し戻しました"

    def get_success_url(self) -> str:
        # Its own page is the ward's again.
        return self.back_url or reverse(self.model_admin.url_name("changelist"))


class StepInline(ReadOnlyInline):
    model = YearReportStep
    when = staticmethod(era_field("at", "日時"))
    fields = ["when", "move", "signature", "reason"]
    show_change_link = False


class StateFilter(admin.SimpleListFilter):
    """By state; a draft is not for the secretariat."""

    title = "状態"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [(status.value, status.label) for status in REPORTED]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() in REPORTED else queryset


def yen_field(field: str, description: str) -> Callable[[YearReport], str]:
    """An amount on a page that only shows it: 1,200,000円."""

    @admin.display(description=description)
    def shown(report: YearReport) -> str:
        yen = getattr(report, field)
        return "未確認" if yen is None else f"{yen:,}円"

    return shown


class YearFilter(SelectFilter):
    """By the fiscal year that is reported on."""

    title = "年度"
    parameter_name = "fiscal_year"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        rows = model_admin.get_queryset(request).order_by("-fiscal_year")
        years = rows.values_list("fiscal_year", flat=True).distinct()
        return [(str(year), fiscal_year_text(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen is None or chosen not in {value for value, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(fiscal_year=chosen)


@admin.register(YearReport)
class YearReportAdmin(ReadOnlyAdmin, FilesAdmin):
    """年度実績, once submitted: a draft is its wards' own.

    Accepted ones are corrected with their joint project.
    """

    list_display = [
        "collaboration",
        "year",
        "wards_column",
        "status",
        era_column("submitted_at", "提出日"),
    ]
    list_filter = [
        StateFilter,
        YearFilter,
        PrefectureFilter.through("collaboration__organizations__prefecture"),
        "collaboration__is_sample",
    ]
    list_select_related = ["collaboration"]
    search_fields = [
        "result",
        "collaboration__search_text",
        "collaboration__organizations__search_text",
    ]
    search_help_text = "実績・連携事業の題名と、団体の名称・カナ・団体コードで探せます"
    ordering = ["-fiscal_year", "-pk"]
    object_actions = (AcceptReport, SendBackReport)
    inlines = [StepInline]
    submitted = staticmethod(era_field("submitted_at", "提出日時"))
    accepted = staticmethod(era_field("accepted_at", "承認日時"))
    applied = staticmethod(yen_field("grant_applied", "申請額"))
    granted = staticmethod(yen_field("grant_granted", "交付決定額"))
    settled = staticmethod(yen_field("grant_settled", "確定額"))
    fieldsets = [
        (None, {"fields": ["collaboration", "year", "result", "visitors_column", "files"]}),
        ("助成金", {"fields": ["applied", "granted", "settled"]}),
        ("状態", {"fields": ["status", "signature", "submitted", "accepted"]}),
    ]
    sheet_columns = [
        Column("年度", str),
        Column("年度（西暦）", "fiscal_year"),
        Column("連携事業", "collaboration.title", width=44),
        Column("特別区", lambda report: names_of(report.collaboration.wards), width=28),
        Column("連携先", lambda report: names_of(report.collaboration.partners), width=44),
        Column("実績", "result", width=44),
        Column("来場者・参加者の数", "visitors"),
        Column("数に付く言葉", "visitors_qualifier"),
        Column("助成金の申請額（円）", "grant_applied"),
        Column("助成金の交付決定額（円）", "grant_granted"),
        Column("助成金の確定額（円）", "grant_settled"),
        Column("状態", "get_status_display"),
        Column("提出した部署", "signature"),
        Column("提出日時", "submitted_at"),
        Column("承認日時", "accepted_at"),
        Column("見本", "collaboration.is_sample"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[YearReport]:
        return super().get_queryset(request).reported()

    def get_list_prefetch(self, request: HttpRequest) -> Sequence[Any]:
        parties = CollaborationParty.objects.select_related(
            "organization__municipality", "organization__prefecture"
        )
        return [Prefetch("collaboration__parties", parties)]

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, report: YearReport) -> str:
        return str(report)

    @admin.display(description="特別区")
    def wards_column(self, report: YearReport) -> str:
        return report.collaboration.wards_text

    @admin.display(description="来場者・参加者")
    def visitors_column(self, report: YearReport) -> str:
        return report.visitors_text or "未確認"
