"""Invitations as the organization's leads send, repeat and cancel them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404

from core.dates import today
from core.forms import Form
from core.views import ActionFormView, CheckedFormView
from members import rules, services
from members.enums import Role, UserKind
from members.forms import InvitationForm
from members.models import Invitation
from members.views.acting import SeatMixin
from members.views.offices import OfficeMixin
from members.views.seats.team import seats_url

STEPS = ("内容を入力", "内容を確認", "招待を送る")
SENT = "{} 宛てに、招待のメールを送りました。回答の期限は{}日後です。"
SENT_AGAIN = "{} 宛てに、招待のメールをもう一度送りました。前のメールのリンクは使えなくなりました。"
CANCELLED = "{} 宛ての招待を取り消しました。"


class InvitationCreate(OfficeMixin, CheckedFormView):
    """Enter → check → sent."""

    template_name = "members/invitation_create.html"
    check_template_name = "members/invitation_create_check.html"
    form_class = InvitationForm

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_manage_seats, self.office)

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": today(), "kind": UserKind.PERSONAL}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"seat": self.seat}

    def perform(self, form: InvitationForm) -> str:
        data = form.cleaned_data
        invitation = services.invite(
            self.office,
            Role(data["role"]),
            email=data["email"],
            by=self.seat,
            kind=UserKind(data["kind"]),
            family_name=data["family_name"],
            given_name=data["given_name"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )
        sent = SENT.format(invitation.email, services.INVITATION_DAYS)
        messages.success(self.request, sent)
        return seats_url(self.office.pk, self.seat)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            office=self.office,
            seat=self.seat,
            steps=STEPS,
            seats_url=seats_url(self.office.pk, self.seat),
            **kwargs,
        )


class OneInvitationMixin(SeatMixin):
    """A page about an invitation that one of the person's seats may send again or cancel."""

    kwargs: dict[str, Any]
    invitation: Invitation
    form_class = Form

    def admit(self) -> None:
        rows = Invitation.objects.visible_to(self.request.user).with_office()
        self.invitation = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.act_by(rules.may_handle_invitation, self.invitation)

    @property
    def list_url(self) -> str:
        return seats_url(self.invitation.office_id, self.seat)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            seat=self.seat,
            invitation=self.invitation,
            office=self.invitation.office,
            seats_url=self.list_url,
            **kwargs,
        )


class InvitationResend(OneInvitationMixin, ActionFormView):
    """Asks, and mails the invitation again."""

    template_name = "members/invitation_resend.html"

    def perform(self, form: forms.BaseForm) -> str:
        services.resend_invitation(self.invitation, by=self.seat)
        messages.success(self.request, SENT_AGAIN.format(self.invitation.email))
        return self.list_url


class InvitationCancel(OneInvitationMixin, ActionFormView):
    """Asks, and takes the invitation back."""

    template_name = "members/invitation_cancel.html"

    def perform(self, form: forms.BaseForm) -> str:
        services.cancel_invitation(self.invitation, by=self.seat)
        messages.success(self.request, CANCELLED.format(self.invitation.email))
        return self.list_url
