"""Handovers: begun by the secretariat as an office asked, changed, repeated and cancelled."""

from typing import Any

from django import forms
from django.contrib import admin

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column
from core.admin.fields import EraDateField
from core.admin.filters import PrefectureFilter
from core.admin.forms import ActionForm
from core.audit import Actor
from core.forms import EmailField
from core.sheets import Column
from members import services
from members.admin.seats.resending import Resend
from members.admin.told import ToldFields
from members.enums import InvitationStatus
from members.forms import terms_of
from members.models import Handover, Seat
from members.models.invitations import NOTE_LENGTH


class TermsForm(ToldFields, ActionForm):
    """The days and the note as the caller says them."""

    last_day = EraDateField(label="前任の最後の日", help_text="この日まで担当として扱います")
    first_day = EraDateField(label="後任の最初の日")
    note = forms.CharField(
        label="申し送り",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
    )

    @property
    def terms(self) -> services.HandoverTerms:
        names = ("last_day", "first_day", "note")
        return services.HandoverTerms(**{name: self.cleaned_data[name] for name in names})


class HandoverForm(TermsForm):
    """The successor too."""

    email = EmailField(label="後任のメールアドレス", help_text="引継ぎのメールを送ります")
    family_name = forms.CharField(label="後任の姓", max_length=40, required=False)
    given_name = forms.CharField(label="後任の名", max_length=40, required=False)
    field_order = ["channel", "caller", "email", "family_name", "given_name"]


class StartHandover(ObjectAction):
    """Names the successor of a seat, as the office asked."""

    name = "handover"
    title = "後任に引き継ぐ"
    button = "引継ぎを送る"
    explanation = (
        "後任の方に、引継ぎのメールを送ります。ログインして承諾すると、前任の担当が終わり、"
        "後任の担当が始まります。部署からの依頼を、方法と相手とともに記録します。"
    )
    form_class = HandoverForm
    row: Seat

    @classmethod
    def applies_to(cls, row: Seat) -> bool:
        return row.taken_over_at is None and services.is_held(row)

    def get_initial(self) -> dict[str, Any]:
        terms = services.default_terms(self.row)
        return {"last_day": terms.last_day, "first_day": terms.first_day}

    def act(self, form: HandoverForm, by: Actor) -> str:
        names = ("email", "family_name", "given_name")
        successor = services.Successor(**{name: form.cleaned_data[name] for name in names})
        handover = services.start_handover(self.row, successor, form.terms, by=by, told=form.told)
        return f"{handover.email} 宛てに、引継ぎを送りました"


class ChangeHandover(ObjectAction):
    """Other days, or another note, as the office asked."""

    name = "terms"
    title = "日付と申し送りを直す"
    button = "変更する"
    explanation = "後任の方が承諾するまで、直せます。"
    form_class = TermsForm
    row: Handover

    @classmethod
    def applies_to(cls, row: Handover) -> bool:
        return row.status == InvitationStatus.SENT and not row.is_over

    def get_initial(self) -> dict[str, Any]:
        return terms_of(self.row)

    def act(self, form: TermsForm, by: Actor) -> str:
        services.change_handover(self.row, form.terms, by=by, told=form.told)
        return "引継ぎの内容を変更しました"


class ResendHandover(Resend):
    """Mails the handover again."""

    title = "引継ぎをもう一度送る"
    row: Handover

    def act(self, form: ActionForm, by: Actor) -> str:
        self.sent = services.resend_handover(self.row, by=by)
        return f"{self.sent.email} 宛てに、引継ぎをもう一度送りました"


class CancelForm(ToldFields, ActionForm):
    """From whom the secretariat has it."""


class CancelHandover(ObjectAction):
    """Takes the handover back."""

    name = "cancel"
    title = "引継ぎを取り消す"
    button = "引継ぎを取り消す"
    explanation = (
        "承諾できなくなります。担当は変わりません。取り消したことは、相手にはお知らせしません。"
    )
    form_class = CancelForm
    is_grave = True
    row: Handover

    @classmethod
    def applies_to(cls, row: Handover) -> bool:
        return row.status == InvitationStatus.SENT

    def act(self, form: CancelForm, by: Actor) -> str:
        services.cancel_handover(self.row, by=by, told=form.told)
        return "引継ぎを取り消しました"


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    """引継ぎ. Begun from a seat; answered by the successor. What is open stands elsewhere:
    drafts are the organization's own."""

    list_display = [
        "display_name",
        "seat",
        "last_day",
        "first_day",
        "status",
        era_column("expires_at", "期限"),
    ]
    list_filter = [
        "status",
        "seat__role",
        PrefectureFilter.through("seat__office__organization__prefecture"),
        "seat__office__organization__kind",
    ]
    list_select_related = [
        "seat__user",
        "seat__office__organization__prefecture",
        "seat__office__organization__municipality",
    ]
    search_fields = [
        "email",
        "family_name",
        "given_name",
        "seat__user__family_name",
        "seat__user__given_name",
        "seat__office__search_text",
        "seat__office__organization__search_text",
    ]
    search_help_text = "氏名・メールアドレス・部署・団体の名称・カナ・団体コードで探せます"
    object_actions = (ChangeHandover, ResendHandover, CancelHandover)
    fieldsets = [
        (None, {"fields": ["seat", "last_day", "first_day", "note"]}),
        ("後任", {"fields": ["kind", "family_name", "given_name", "email", "new_seat"]}),
        (
            "経過",
            {
                "fields": [
                    "status",
                    "sent_by",
                    "sent_at",
                    "expires_at",
                    "settled_at",
                    "reason",
                ]
            },
        ),
    ]
    holds_contacts = True
    sheet_columns = [
        Column("団体コード", "seat.office.organization.code"),
        Column("団体", "seat.office.organization.full_name"),
        Column("部署", "seat.office.name"),
        Column("役割", "seat.get_role_display"),
        Column("前任", "seat.user.display_name"),
        Column("前任の最後の日", "last_day"),
        Column("後任の姓", "family_name"),
        Column("後任の名", "given_name"),
        Column("後任のメールアドレス", "email"),
        Column("後任の最初の日", "first_day"),
        Column("状態", "get_status_display"),
        Column("送った担当", "sent_by"),
        Column("送った日時", "sent_at"),
        Column("期限", "expires_at"),
        Column("理由", "reason"),
    ]

    @admin.display(description="後任", ordering="family_name")
    def display_name(self, handover: Handover) -> str:
        return handover.display_name
