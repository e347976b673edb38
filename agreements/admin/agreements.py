"""Agreements in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from agreements import services
from agreements.enums import Renewal, Side
from agreements.models import Agreement, AgreementParty, names_of
from core.admin.actions import ObjectAction
from core.admin.base import RecordAdmin
from core.admin.columns import day_or_none, era_column, when
from core.admin.fields import EraDateField
from core.admin.filters import FilledFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import DATE_HELP, DatedForm, ReasonForm
from core.admin.inlines import RecordFormSet, RecordInline
from core.audit import Actor
from core.dates import day_text, today
from core.sheets import Column


class AgreementForm(DatedForm):
    """Only an agreement that is not renewed has a last day."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ends_on") and cleaned.get("renews") != Renewal.NONE:
            sentence = "満了日は、更新が「更新なし」の協定だけに入力してください"
            self.add_error("ends_on", sentence)
        return cleaned


class PartyFormSet(RecordFormSet):
    """An agreement has somebody on either side."""

    def clean(self) -> None:
        super().clean()
        sides = {
            form.cleaned_data.get("side")
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        }
        if not any(self.errors) and not {Side.SPECIAL_WARDS, Side.COUNTERPART} <= sides:
            raise ValidationError("当事者は、特別区側と相手方を1団体以上ずつ選んでください")


class PartyInline(RecordInline):
    model = AgreementParty
    formset = PartyFormSet
    fields = ["side", "organization", "name_at_signing", "order"]
    autocomplete_fields = ["organization"]
    related = ("organization__prefecture",)


class TerminateForm(ReasonForm):
    """From when an agreement no longer holds, and why."""

    field_order = ["on", "reason"]
    on = EraDateField(
        label="終了日", initial=today, help_text="この日から、協定の効力がないものとして数えます"
    )


class Terminate(ObjectAction):
    """Notes that an agreement no longer holds."""

    name = "terminate"
    title = "協定を終了する"
    button = "協定を終了する"
    explanation = "協定は記録に残り、終了日より前の時点の数には入ったままです。"
    form_class = TerminateForm
    is_grave = True
    row: Agreement

    @classmethod
    def applies_to(cls, row: Agreement) -> bool:
        return row.terminated_on is None

    def act(self, form: TerminateForm, by: Actor) -> str:
        data = form.cleaned_data
        agreement = services.terminate(self.row, on=data["on"], reason=data["reason"], by=by)
        return f"協定を{day_text(agreement.terminated_on)}に終了しました"


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    """協定."""

    form = AgreementForm
    list_display = [
        "title",
        "kind",
        "signed",
        "parties_text",
        era_column("terminated_on", "終了日"),
    ]
    list_filter = [
        "kind",
        FiscalYearFilter,
        PrefectureFilter.through("organizations__prefecture"),
        "renews",
        FilledFilter.of("terminated_on", "終了", "終了したもの", "続いているもの"),
        "confidence",
    ]
    search_fields = ["search_text", "organizations__search_text", "record_id"]
    search_help_text = "題名・連携事項・当事者の名称やカナで探せます"
    autocomplete_fields = ["sources"]
    readonly_fields = ["terminated_text"]
    object_actions = (Terminate,)
    inlines = [PartyInline]
    fieldsets = [
        (None, {"fields": ["title", "title_is_descriptive", "kind"]}),
        (
            "締結した日",
            {"fields": [("earliest", "latest"), "precision", "place"], "description": DATE_HELP},
        ),
        ("連携事項", {"fields": ["items", "item_count", "summary"]}),
        (
            "有効期間",
            {"fields": [("term_years", "renews", "notice_months"), "ends_on", "terminated_text"]},
        ),
        (
            "出典と事務局のメモ",
            {
                "fields": [
                    "sources",
                    "items_basis",
                    "status_as_of",
                    "confidence",
                    "note",
                    "record_id",
                ]
            },
        ),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("題名", "title"),
        Column("種類", "get_kind_display"),
        Column("締結した日", "when"),
        Column("最も早い日", "earliest"),
        Column("最も遅い日", "latest"),
        Column("特別区側", lambda agreement: names_of(agreement.ward_side)),
        Column("相手方", lambda agreement: names_of(agreement.counterparts)),
        Column("立会人", lambda agreement: names_of(agreement.witnesses)),
        Column("連携事項", "items"),
        Column("有効期間", "term_text"),
        Column("満了日", "ends_on"),
        Column("終了日", "terminated_on"),
        Column("終了の理由", "termination_reason"),
        Column("概要", "summary"),
        Column("メモ", "note"),
    ]

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["parties__organization__prefecture"]

    @admin.display(description="締結した日", ordering="latest")
    def signed(self, agreement: Agreement) -> str:
        return when(agreement)

    @admin.display(description="相手方")
    def parties_text(self, agreement: Agreement) -> str | None:
        return names_of(agreement.counterparts) or None

    @admin.display(description="終了")
    def terminated_text(self, agreement: Agreement) -> str:
        if agreement.terminated_on is None:
            return "終了していません"
        return f"{day_or_none(agreement.terminated_on)}　{agreement.termination_reason}"
