"""Passing a seat to a successor: whom and when, what is open, check and send; then its page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from core.forms import Form
from core.views import ActionFormView, CheckedFormView
from members import rules, services
from members.enums import InvitationStatus
from members.forms import HandoverForm, HandoverTermsForm, terms_of
from members.handover import open_business
from members.models import Handover, Seat
from members.views.acting import SeatMixin, for_seat, open_seats

STEPS = ("後任と日付", "引き継ぐ内容", "確認して送る")
SENT = "{} 宛てに、引継ぎのメールを送りました。回答の期限は{}日後です。"
ALREADY = "この担当の引継ぎは、すでに始まっています。"
CHANGED = "引継ぎの内容を変更しました。"
SENT_AGAIN = (
    "{} 宛てに、引継ぎのメールをもう一度送りました。前のメールのリンクは使えなくなりました。"
)
CANCELLED = "{} 宛ての引継ぎを取り消しました。"


class HandoverCreate(SeatMixin, CheckedFormView):
    """Whom and when → what is open → check → sent."""

    template_name = "members/handover_create.html"
    open_template_name = "members/handover_create_open.html"
    check_template_name = "members/handover_create_check.html"
    form_class = HandoverForm
    is_for_lingering = True
    other: Seat

    def admit(self) -> None:
        user = self.request.user
        own = Q(pk__in=[seat.pk for seat in open_seats(user, lingering=True)])
        shown = Q(pk__in=Seat.objects.visible_to(user).values("pk"))
        seats = Seat.objects.filter(own | shown).with_office().with_user()
        self.other = get_object_or_404(seats, pk=self.kwargs["pk"])
        self.act_by(rules.may_hand_over, self.other)

    @property
    def step(self) -> str:
        return self.request.POST.get("step", "list")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        waiting = Handover.objects.waiting().filter(seat=self.other).first()
        if waiting is not None and not waiting.is_over:
            messages.info(request, ALREADY)
            return HttpResponseRedirect(handover_url("detail", waiting, self.seat))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        terms = services.default_terms(self.other)
        return {"last_day": terms.last_day, "first_day": terms.first_day}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"other": self.other, "seat": self.seat}

    def form_checked(self, form: HandoverForm) -> HttpResponse:
        return super().form_checked(form) if self.step == "check" else self.form_listed(form)

    def form_listed(self, form: HandoverForm) -> HttpResponse:
        """The second page: what is open, and what the predecessor wants to say."""
        status = 422 if form.errors else 200
        context = self.get_context_data(form=form)
        return self.response_class(self.request, self.open_template_name, context, status=status)

    def form_invalid(self, form: HandoverForm) -> HttpResponse:
        """The page that asked for what is wrong."""
        return (
            self.form_listed(form) if set(form.errors) == {"note"} else super().form_invalid(form)
        )

    def perform(self, form: HandoverForm) -> str:
        handover = services.start_handover(self.other, form.successor, form.terms, by=self.seat)
        sent = SENT.format(handover.email, services.HANDOVER_DAYS)
        messages.success(self.request, sent)
        return handover_url("detail", handover, self.seat)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = self.other.office
        return super().get_context_data(
            other=self.other,
            is_own=self.other.user_id == self.seat.user_id,
            has_ended=services.has_ended(self.other),
            tells_counterparts=services.tells_counterparts(self.other),
            office=office,
            office_url=for_seat(office.get_absolute_url(), self.seat),
            sheet_url=for_seat(reverse("members:office_sheet", args=[office.pk]), self.seat),
            groups=open_business(self.other),
            seat=self.seat,
            steps=STEPS,
            **kwargs,
        )


def handover_url(name: str, handover: Handover, seat: Seat) -> str:
    """The page ``name`` of a handover, for the seat that acts."""
    return for_seat(reverse(f"members:handover_{name}", args=[handover.pk]), seat)


class OneHandoverMixin(SeatMixin):
    """A page about a handover that one of the person's seats sees, and may act on."""

    kwargs: dict[str, Any]
    handover: Handover
    is_for_lingering = True
    rule = staticmethod(rules.may_handle_handover)

    def admit(self) -> None:
        rows = Handover.objects.visible_to(self.request.user).with_seat()
        self.handover = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.act_by(self.rule, self.handover)

    @property
    def detail_url(self) -> str:
        return handover_url("detail", self.handover, self.seat)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = self.handover.office
        return super().get_context_data(
            seat=self.seat,
            handover=self.handover,
            office=office,
            office_url=for_seat(office.get_absolute_url(), self.seat),
            detail_url=self.detail_url,
            **kwargs,
        )


class HandoverDetail(OneHandoverMixin, TemplateView):
    """How far it is, and what may be done with it."""

    template_name = "members/handover_detail.html"
    rule = staticmethod(rules.may_print_handover)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        handler = self.seat_for(rules.may_handle_handover, self.handover)
        is_open = self.handover.status == InvitationStatus.SENT and not self.handover.is_over
        links = {
            f"{name}_url": handover_url(name, self.handover, handler or self.seat)
            for name in ("update", "resend", "cancel", "sheet")
        }
        again = reverse("members:handover_create", args=[self.handover.seat_id])
        return super().get_context_data(
            may_handle=handler is not None,
            is_open=is_open,
            is_over=self.handover.is_over,
            again_url=for_seat(again, handler or self.seat),
            **links,
            **kwargs,
        )


class HandoverUpdate(OneHandoverMixin, ActionFormView):
    """Other days, or another note, until the successor answers."""

    template_name = "members/handover_update.html"
    form_class = HandoverTermsForm

    def get_initial(self) -> dict[str, Any]:
        return terms_of(self.handover)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"other": self.handover.seat}

    def perform(self, form: HandoverTermsForm) -> str:
        services.change_handover(self.handover, form.terms, by=self.seat)
        messages.success(self.request, CHANGED)
        return self.detail_url


class HandoverResend(OneHandoverMixin, ActionFormView):
    """Asks, and mails it again."""

    template_name = "members/handover_resend.html"
    form_class = Form

    def perform(self, form: forms.BaseForm) -> str:
        sent = services.resend_handover(self.handover, by=self.seat)
        messages.success(self.request, SENT_AGAIN.format(sent.email))
        return handover_url("detail", sent, self.seat)


class HandoverCancel(OneHandoverMixin, ActionFormView):
    """Asks, and takes it back."""

    template_name = "members/handover_cancel.html"
    form_class = Form

    def perform(self, form: forms.BaseForm) -> str:
        services.cancel_handover(self.handover, by=self.seat)
        messages.success(self.request, CANCELLED.format(self.handover.email))
        return self.detail_url
