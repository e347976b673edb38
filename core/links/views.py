"""The pages of ``/c/``: type the code of a mail, or open its link.

Opening changes nothing, whoever opens it; what a link does is done by a button of the page
that the room behind it has registered.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.generic import FormView

from core import limits, models
from core.forms import Form
from core.links.forms import MailLinkCodeForm
from core.links.issuing import find, is_open, purpose_of, shown_code, tidied
from core.links.masking import masked_email
from core.views import ActionFormView, PublicMixin

UNKNOWN = "番号が違います。メールに書かれた8文字の番号を、もう一度確かめてください"
WRONG_CODE = "mail_link_wrong_code"
RENEWAL = "mail_link_renewal"
# The button of the page of a link that is over.
RENEW = "renew"
RENEWED = "{} 宛てに送りました。メールのリンクを開くか、番号を下に入力してください。"


class SecretAddressMixin:
    """A page whose address is a secret: kept nowhere, found by nobody, told to no other site."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        # Not no-referrer: with it browsers send forms with ``Origin: null``, which the CSRF
        # check refuses. The origin alone holds no code.
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response


class CodeFormMixin:
    """Shows the form for a code; wrong ones are counted, and too many are refused."""

    request: HttpRequest

    def code_unknown(self, typed: str) -> HttpResponse:
        """The form with the error at its field (404), or the page that asks to wait (429)."""
        if not limits.count(self.request, WRONG_CODE):
            return limits.refusal(self.request)
        form = MailLinkCodeForm({"code": typed})
        form.add_error("code", UNKNOWN)
        page = MailLinkCode(request=self.request)
        return page.render_to_response(page.get_context_data(form=form), status=404)


class MailLinkCode(PublicMixin, SecretAddressMixin, CodeFormMixin, FormView):
    """The code of a mail, typed where its link cannot be opened."""

    template_name = "core/mail_link_code.html"
    form_class = MailLinkCodeForm

    def form_valid(self, form: MailLinkCodeForm) -> HttpResponse:
        if limits.is_over(self.request, WRONG_CODE):
            return limits.refusal(self.request)
        typed = form.cleaned_data["code"]
        if find(typed) is None:
            return self.code_unknown(typed)
        address = reverse("core:mail_link", args=[shown_code(tidied(typed))])
        return HttpResponseRedirect(address)

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class MailLink(PublicMixin, SecretAddressMixin, CodeFormMixin, ActionFormView):
    """What the link is for, or why it does nothing any more, with a new one to ask for."""

    template_name = "core/mail_link.html"
    form_class = Form
    link: models.MailLink

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.opened() or self.closed()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if page := self.opened():
            return page
        if request.POST.get("step") == RENEW:
            return super().post(request, *args, **kwargs)
        # The same form twice: the first sending has used the link.
        return self.first_result() or self.closed()

    def opened(self) -> HttpResponseBase | None:
        """The page behind the link; None when the link is over."""
        if limits.is_over(self.request, WRONG_CODE):
            return limits.refusal(self.request)
        link = find(self.kwargs["code"])
        if link is None:
            return self.code_unknown(self.kwargs["code"])
        self.link = link
        return purpose_of(link).page(self.request, link=link) if is_open(link) else None

    def closed(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=410)

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        if not limits.count(self.request, RENEWAL, key=str(self.link.pk)):
            return limits.refusal(self.request)
        return super().form_valid(form)

    def perform(self, form: forms.BaseForm) -> str:
        purpose_of(self.link).renew(self.link)
        messages.success(self.request, RENEWED.format(masked_email(self.link.to)))
        return reverse("core:mail_link_code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            link=self.link,
            name=purpose_of(self.link).name,
            masked_to=masked_email(self.link.to),
            **kwargs,
        )
