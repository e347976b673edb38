"""Invitations: read, cancelled, sent again; and the action of an office that sends one."""

from django import forms
from django.contrib import admin

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column
from core.admin.fields import EraDateField
from core.admin.filters import PrefectureFilter
from core.admin.forms import ActionForm
from core.audit import Actor
from core.dates import today
from core.forms import EmailField
from core.sheets import Column
from members import services
from members.admin.seats.resending import Resend
from members.enums import InvitationStatus, Role, UserKind
from members.models import Invitation, Office


class InviteForm(ActionForm):
    """Whom the secretariat invites to an office, as what and for how long."""

    email = EmailField(label="メールアドレス", help_text="招待を送り、ログインにも使うアドレスです")
    kind = forms.ChoiceField(
        label="種類",
        choices=UserKind,
        help_text="共用は、部署の共用メールアドレスしかないときに使います",
    )
    family_name = forms.CharField(label="姓", max_length=40, required=False)
    given_name = forms.CharField(label="名", max_length=40, required=False)
    role = forms.ChoiceField(label="役割", choices=Role)
    valid_from = EraDateField(label="いつから", initial=today)
    valid_until = EraDateField(
        label="いつまで", required=False, help_text="決まっていなければ空けます"
    )


class InviteToOffice(ObjectAction):
    """Offers a seat at the office by mail; it is given once the person has accepted."""

    name = "invite"
    title = "担当に招待"
    button = "招待する"
    explanation = (
        "招待のメールを送ります。招待された方がログインして承諾すると、担当になります。"
        "共用アカウントを主担当にするのは、部署にほかのアドレスがないときだけにしてください。"
    )
    form_class = InviteForm
    row: Office

    def act(self, form: InviteForm, by: Actor) -> str:
        data = form.cleaned_data
        invitation = services.invite(
            self.row,
            Role(data["role"]),
            email=data["email"],
            by=by,
            kind=UserKind(data["kind"]),
            family_name=data["family_name"],
            given_name=data["given_name"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )
        return f"{invitation.email} 宛てに、招待を送りました"


class ResendInvitation(Resend):
    """Mails the invitation again."""

    title = "招待をもう一度送る"
    row: Invitation

    def act(self, form: ActionForm, by: Actor) -> str:
        self.sent = services.resend_invitation(self.row, by=by)
        return f"{self.sent.email} 宛てに、招待をもう一度送りました"


class CancelInvitation(ObjectAction):
    """Takes the invitation back."""

    name = "cancel"
    title = "招待を取り消す"
    button = "招待を取り消す"
    explanation = "承諾できなくなります。取り消したことは、相手にはお知らせしません。"
    is_grave = True
    row: Invitation

    @classmethod
    def applies_to(cls, row: Invitation) -> bool:
        return row.status == InvitationStatus.SENT

    def act(self, form: ActionForm, by: Actor) -> str:
        services.cancel_invitation(self.row, by=by)
        return "招待を取り消しました"


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """招待. Sent from an office; answered by whoever it was sent to."""

    list_display = [
        "display_name",
        "office",
        "role",
        "status",
        era_column("sent_at", "送った日時"),
        era_column("expires_at", "期限"),
    ]
    list_filter = [
        "status",
        "role",
        PrefectureFilter.through("office__organization__prefecture"),
        "office__organization__kind",
    ]
    list_select_related = [
        "office__organization__prefecture",
        "office__organization__municipality",
    ]
    search_fields = [
        "email",
        "family_name",
        "given_name",
        "office__search_text",
        "office__organization__search_text",
    ]
    search_help_text = "氏名・メールアドレス・部署・団体の名称・カナ・団体コードで探せます"
    object_actions = (ResendInvitation, CancelInvitation)
    fieldsets = [
        (None, {"fields": ["office", "role", "valid_from", "valid_until"]}),
        ("招待先", {"fields": ["kind", "family_name", "given_name", "email"]}),
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
                    "seat",
                ]
            },
        ),
    ]
    holds_contacts = True
    sheet_columns = [
        Column("団体コード", "office.organization.code"),
        Column("団体", "office.organization.full_name"),
        Column("部署", "office.name"),
        Column("役割", "get_role_display"),
        Column("種類", "get_kind_display"),
        Column("姓", "family_name"),
        Column("名", "given_name"),
        Column("メールアドレス", "email"),
        Column("状態", "get_status_display"),
        Column("送った担当", "sent_by"),
        Column("送った日時", "sent_at"),
        Column("期限", "expires_at"),
        Column("理由", "reason"),
    ]

    @admin.display(description="招待先", ordering="family_name")
    def display_name(self, invitation: Invitation) -> str:
        return invitation.display_name
