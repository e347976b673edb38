"""Requests to become a member: read, called about, settled."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import NOTHING, era_column, era_field
from core.admin.fields import EraDateField
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.admin.forms import ActionForm, ReasonForm
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.dates import today
from core.forms import PhoneField
from core.sheets import Column
from members import services
from members.enums import APPLICATION_MOVES, ApplicationMove, ApplicationStatus
from members.models import Application, ApplicationPerson
from members.services import Call

MUNICIPAL, TO_CHECK = "市町村のアドレス", "要確認"
ALL = "all"


class ApplicationStatusFilter(admin.SimpleListFilter):
    """By state; those that wait for somebody, unless another is chosen."""

    title = "状態"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [*ApplicationStatus.choices, (ALL, "すべて")]

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        yield first | {"display": "済んでいないもの"}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset.unsettled()
        return queryset if self.value() == ALL else queryset.filter(status=self.value())


class MoveAction(ObjectAction):
    """A move of ``APPLICATION_MOVES``; ``done`` says what has become of the application."""

    move: ApplicationMove
    done = ""
    row: Application

    @classmethod
    def applies_to(cls, row: Application) -> bool:
        return (row.status, cls.move) in APPLICATION_MOVES

    def act(self, form: ActionForm, by: Actor) -> str:
        self.settle(form, by)
        return f"{self.row.number} {self.row.organization.full_name}の申請を{self.done}"

    def settle(self, form: ActionForm, by: Actor) -> Application:
        raise NotImplementedError


class CallForm(ActionForm):
    """That somebody of the municipality has confirmed the application on the telephone."""

    called = forms.BooleanField(
        label="自治体が公表している番号に電話して確かめた",
        error_messages={
            "required": "自治体が公表している番号に電話して確かめてから、承認してください"
        },
    )
    number = PhoneField(
        label="電話した番号",
        max_length=20,
        width=12,
        help_text="自治体のホームページなどに載っている番号です。申請に書かれた番号ではありません",
    )
    whom = forms.CharField(
        label="電話に出た方",
        max_length=80,
        help_text="例：総務課 千里さん。個人の情報として、操作記録とは別に保存されます",
    )
    day = EraDateField(label="電話した日", initial=today)
    time = forms.TimeField(
        label="電話した時刻",
        input_formats=["%H:%M", "%H時%M分"],
        initial=lambda: timezone.localtime().strftime("%H:%M"),
        error_messages={"invalid": "電話した時刻は「14:05」のように入力してください"},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"day", "time"} <= data.keys() and self.at > timezone.now():
            raise ValidationError("電話した日時は、今より前にしてください")
        return data

    @property
    def at(self) -> datetime:
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        return timezone.make_aware(datetime.combine(day, time))

    @property
    def call(self) -> Call:
        return Call(self.at, self.cleaned_data["number"], self.cleaned_data["whom"])


class ApproveApplication(MoveAction):
    """Opens the membership and invites the people who were named."""

    name = "approve"
    title = button = "承認する"
    done = "承認し、担当の方に招待のメールを送りました"
    explanation = (
        "会員登録を今日から始め、担当部署を代表の部署として登録します。"
        "主担当と副担当の方に招待のメールを送り、申請した方に承認をお知らせします。"
    )
    form_class = CallForm
    move = ApplicationMove.APPROVE

    def settle(self, form: CallForm, by: Actor) -> Application:
        return services.approve_application(self.row, call=form.call, by=by, version=self.version)


class SendBackApplication(MoveAction):
    """Asks the applicant to correct something."""

    name = "send_back"
    title = button = "差し戻す"
    done = "差し戻し、申請した方に修正をお願いしました"
    explanation = "理由をメールで送ります。申請した方は、メールのリンクか番号から、入力した内容を直して申請し直せます。"
    form_class = ReasonForm
    move = ApplicationMove.SEND_BACK

    def settle(self, form: ReasonForm, by: Actor) -> Application:
        reason = form.cleaned_data["reason"]
        return services.send_back_application(self.row, by=by, reason=reason, version=self.version)


class RejectApplication(MoveAction):
    """Refuses the application."""

    name = "reject"
    title = "不承認"
    button = "不承認にする"
    done = "不承認とし、申請した方にお知らせしました"
    explanation = "理由をメールで送ります。同じ団体は、もう一度申請できます。"
    form_class = ReasonForm
    is_grave = True
    move = ApplicationMove.REJECT

    def settle(self, form: ReasonForm, by: Actor) -> Application:
        reason = form.cleaned_data["reason"]
        return services.reject_application(self.row, by=by, reason=reason, version=self.version)


class CancelApplication(MoveAction):
    """Takes the application back for the applicant."""

    name = "cancel"
    title = button = "取り消す"
    done = "取り消し、申請した方にお知らせしました"
    explanation = "申請した方から取りやめたいと連絡があったときに使います。理由をメールで送ります。"
    form_class = ReasonForm
    is_grave = True
    move = ApplicationMove.CANCEL

    def settle(self, form: ReasonForm, by: Actor) -> Application:
        reason = form.cleaned_data["reason"]
        return services.cancel_application(self.row, by=by, reason=reason, version=self.version)


class ApplicationPersonInline(ReadOnlyInline):
    """Whom the application names, and whether the address says that they are a municipality's."""

    model = ApplicationPerson
    fields = ["role", "kind", "person", "email", "mark"]

    @admin.display(description="氏名")
    def person(self, person: ApplicationPerson) -> str:
        return str(person)

    @admin.display(description="アドレスの種類")
    def mark(self, person: ApplicationPerson) -> str:
        return address_mark(person)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """会員登録申請: settled by its actions, never edited."""

    list_display = [
        "number",
        "organization",
        "office_name",
        era_column("applied_at", "申請日"),
        "lead_address",
        "status",
    ]
    list_display_links = ["number", "organization"]
    list_filter = [
        ApplicationStatusFilter,
        PrefectureFilter.through("organization__prefecture"),
        FiscalYearFilter.over("applied_at", title="申請の年度"),
        "is_sample",
    ]
    list_select_related = ["organization__prefecture", "organization__municipality"]
    search_fields = ["search_text", "organization__search_text"]
    search_help_text = "団体の名称・カナ・団体コード、部署名で探せます"
    view_on_site = False
    object_actions = (
        ApproveApplication,
        SendBackApplication,
        RejectApplication,
        CancelApplication,
    )
    inlines = [ApplicationPersonInline]
    applied_in_both_eras = staticmethod(era_field("applied_at", "申請日時"))
    called_in_both_eras = staticmethod(era_field("called_at", "電話した日時"))
    settled_in_both_eras = staticmethod(era_field("settled_at", "処理した日時"))
    holds_contacts = True
    sheet_columns = [
        Column("受付番号", "number"),
        Column("状態", "get_status_display"),
        Column("団体コード", "organization.code"),
        Column("団体", "organization.full_name"),
        Column("部署名", "office_name"),
        Column("電話番号", "phone"),
        Column("主担当", lambda application: str(application.lead)),
        Column("主担当のメールアドレス", lambda application: application.lead.email),
        Column("アドレスの種類", lambda application: address_mark(application.lead)),
        Column("申請日時", "applied_at"),
        Column("処理した日時", "settled_at"),
        Column("理由", "reason"),
        Column("見本", "is_sample"),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None):
        head = ["number", "status", "organization_link", "website", "applied_in_both_eras"]
        office = ["office_name", "postal_code", "address", "phone", "extension", "fax"]
        return [
            (None, {"fields": [*head, "is_sample"]}),
            ("担当部署", {"fields": [*office, "office_email"]}),
            ("連携の希望", {"fields": ["themes_listed", "seeks", "provides", "purpose"]}),
            (
                "電話での確認",
                {"fields": ["called_in_both_eras", "called_number", "called_whom", "called_by"]},
            ),
            ("処理", {"fields": ["reason", "settled_in_both_eras", "membership"]}),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return (
            super()
            .get_queryset(request)
            .select_related("organization__prefecture", "organization__municipality__prefecture")
        )

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["people"]

    @admin.display(description="受付番号", ordering="pk")
    def number(self, application: Application) -> str:
        return application.number

    @admin.display(description="主担当のアドレス")
    def lead_address(self, application: Application) -> str:
        return address_mark(application.lead)

    @admin.display(description="団体")
    def organization_link(self, application: Application) -> SafeString:
        organization = application.organization
        url = reverse("admin:members_organization_change", args=[organization.pk])
        return format_html(
            '<a href="{}">{}</a>（{}）', url, organization.full_name, organization.code
        )

    @admin.display(description="自治体のホームページ")
    def website(self, application: Application) -> SafeString | str:
        url = application.organization.website
        return format_html('<a href="{}">{}</a>（外部サイト）', url, url) if url else NOTHING


def address_mark(person: ApplicationPerson) -> str:
    """Whether the address alone says that it is a municipality's."""
    return MUNICIPAL if person.is_municipal else TO_CHECK
