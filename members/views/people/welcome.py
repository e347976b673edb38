"""What the link of 「ご利用開始のご案内」 opens."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.dates import today
from core.forms import Form
from core.links.masking import masked_email, masked_name
from core.models import MailLink
from core.views import ActionFormView, PublicMixin
from members.entering import enter_by_code
from members.models import Seat, User


class WelcomeLink(PublicMixin, ActionFormView):
    """What the person is registered as, nothing personal in full, and the way to log in.

    Opening it changes nothing; its button mails a login code to the address that the link was
    sent to, as long as that is still the account's.
    """

    template_name = "members/welcome_link.html"
    form_class = Form
    person: User

    def dispatch(self, request: HttpRequest, *args: Any, link: MailLink) -> HttpResponseBase:
        people = User.objects.filter(is_active=True, email=link.to)
        self.person = get_object_or_404(people, pk=link.object_id)
        return super().dispatch(request, *args)

    def perform(self, form: forms.BaseForm) -> str:
        home = reverse("portal:member_home")
        if self.request.user.is_authenticated:
            return self.request.path if self.is_somebody_else else home
        return enter_by_code(self.request, self.person.email, kind=self.person.kind, next_url=home)

    @property
    def is_somebody_else(self) -> bool:
        """Whether another person is logged in, as at a PC that is shared."""
        return self.request.user.is_authenticated and self.request.user != self.person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unended = Seat.objects.overlapping(today(), None)
        seats = unended.with_office().filter(user=self.person).order_by("pk")
        return super().get_context_data(
            seats=seats,
            is_shared=self.person.is_shared,
            masked_name=masked_name(self.person.display_name),
            masked_to=masked_email(self.person.email),
            is_somebody_else=self.is_somebody_else,
            here=self.request.path,
            **kwargs,
        )
