"""The login's address: objected to by link, replaced by a lead."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from core.forms import Form
from core.links.masking import masked_email
from core.models import MailLink
from core.views import ActionFormView, PublicMixin
from members import rules, services
from members.forms import LoginReplaceForm
from members.models import LoginChange
from members.views.seats.team import OneSeatMixin

REPLACED = "{}のログインのメールアドレスを置き換え、両方のアドレスにお知らせしました。"


class LoginChangeLink(PublicMixin, ActionFormView):
    """What the link in the mail to an old address opens: what has changed, and the objection.

    Without a login nothing personal stands here in full. The button closes the account; it
    changes no address.
    """

    template_name = "members/login_change_link.html"
    form_class = Form

    def dispatch(self, request: HttpRequest, *args: Any, link: MailLink) -> HttpResponseBase:
        self.link = link
        self.change = get_object_or_404(LoginChange, pk=link.object_id)
        return super().dispatch(request, *args)

    def perform(self, form: forms.BaseForm) -> str:
        services.object_to_login(self.link)
        return reverse("members:login_objected")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            change=self.change,
            masked_before=masked_email(self.change.before),
            masked_after=masked_email(self.change.after),
            expires_at=self.link.expires_at,
            **kwargs,
        )


class LoginObjected(PublicMixin, TemplateView):
    """What happens after an objection; about nobody in particular."""

    template_name = "members/login_objected.html"


class LoginDisputed(PublicMixin, TemplateView):
    """Why a login is refused while an objection waits; about nobody in particular."""

    template_name = "members/login_disputed.html"


class LoginReplace(OneSeatMixin, ActionFormView):
    """A colleague's new login address, where the old mailbox is not read any more."""

    template_name = "members/login_replace.html"
    form_class = LoginReplaceForm

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_replace_login, self.other.user)

    def perform(self, form: LoginReplaceForm) -> str:
        data = form.cleaned_data
        services.replace_login(self.other.user, data["email"], by=self.seat, reason=data["reason"])
        messages.success(self.request, REPLACED.format(self.other.user.polite_name))
        return self.url_after(self.other)
