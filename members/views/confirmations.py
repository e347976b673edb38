"""What the link in a campaign's mail opens (年度確認)."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.errors import DomainError
from core.forms import Form
from core.links.masking import masked_email
from core.models import MailLink
from core.views import ActionFormView, PublicMixin, posted_version
from members import rules, services
from members.contacts import masked_rows
from members.entering import enter_by_code
from members.models import Confirmation, Office, Seat, User
from members.queries import who_answers
from members.views.acting import for_seat

CONFIRMED = "登録情報に変更がないことを記録しました。"
# The button that goes on to a login instead of confirming.
CORRECT = "correct"


class ConfirmationLink(PublicMixin, ActionFormView):
    """What is registered, partly masked; 「変更ありません」, or the way to correct it.

    Opening it changes nothing, and what is confirmed is what the page has shown. Once the
    office has answered, every link of it says so.
    """

    template_name = "members/confirmation_link.html"
    over_template_name = "members/confirmation_over.html"
    form_class = Form
    link: MailLink
    asked: Confirmation
    office: Office

    refusal: str

    def dispatch(self, request: HttpRequest, *args: Any, link: MailLink) -> HttpResponseBase:
        self.link = link
        self.read()
        return super().dispatch(request, *args)

    def read(self) -> None:
        """Reads what is asked, and why nothing can be confirmed here any more."""
        rows = Confirmation.objects.with_office().select_related("campaign")
        self.asked = get_object_or_404(rows, pk=self.link.object_id)
        self.office = self.asked.office
        self.refusal = services.answer_refusal(self.asked)

    def get_template_names(self) -> list[str]:
        return [self.over_template_name if self.refusal else self.template_name]

    def perform_once(self, form: forms.BaseForm) -> str:
        """Who comes back from the login with the same page may still confirm by it."""
        if self.request.POST.get("step") == CORRECT:
            return self.way_to_correct()
        return super().perform_once(form)

    def perform(self, form: forms.BaseForm) -> str:
        services.confirm_by_link(self.link, version=posted_version(self.request))
        messages.success(self.request, CONFIRMED)
        return self.request.path

    def way_to_correct(self) -> str:
        """The form for the corrections; without a login first that of the mail's very address.

        Where that is nobody's who may correct, the page itself says what to do.
        """
        seat = self.correcting_seat
        if seat is None:
            return self.request.path
        url = for_seat(reverse("members:office_update", args=[self.office.pk]), seat)
        if self.request.user.is_authenticated:
            return url
        return enter_by_code(self.request, seat.user.email, kind=seat.user.kind, next_url=url)

    def form_refused(self, form: forms.BaseForm, refusal: DomainError) -> HttpResponse:
        """The page again, with what is registered, or has been answered, by now."""
        self.read()
        if not self.refusal:
            return super().form_refused(form, refusal)
        context = self.get_context_data(form=self.get_form_class()())
        return self.render_to_response(context, status=HTTPStatus.CONFLICT)

    @property
    def correcting_seat(self) -> Seat | None:
        """The seat that may correct the office: of who is logged in, else of the address."""
        user: User | AnonymousUser | None = self.request.user
        if not self.request.user.is_authenticated:
            user = User.objects.filter(email=self.link.to, is_active=True).first()
        seats = user.current_seats if user else []
        return next((seat for seat in seats if rules.may_change_office(seat, self.office)), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            asked=self.asked,
            campaign=self.asked.campaign,
            office=self.office,
            rows=masked_rows(self.office, who_answers(self.office)),
            version=self.office.version,
            refusal=self.refusal,
            may_correct=self.correcting_seat is not None,
            masked_to=masked_email(self.link.to),
            here=self.request.path,
            **kwargs,
        )
