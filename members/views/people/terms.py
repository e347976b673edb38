"""The terms of use before the members' pages: accepted, or not."""

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from core.errors import DomainError
from core.views import ActionFormView, PostOnlyMixin
from members import services, terms
from members.forms import TermsForm

ACCEPTED = "利用規約に同意しました。"
DECLINED = (
    "利用規約に同意しなかったため、ログアウトしました。同意するまで、会員のページは使えません。"
    "内容についてのご質問は、会員登録の担当へお電話ください。"
)


class TermsAccept(ActionFormView):
    """The terms in force, to be read and accepted; then the page that was asked for."""

    template_name = "members/terms_accept.html"
    form_class = TermsForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.terms is None:
            return HttpResponseRedirect(self.next_url)
        edition = self.terms.edition
        if request.user.acceptances.filter(edition__gte=edition).exists():
            return HttpResponseRedirect(self.next_url)
        return super().get(request, *args, **kwargs)

    @cached_property
    def terms(self) -> terms.Terms | None:
        return terms.in_force()

    @property
    def next_url(self) -> str:
        """The page that was asked for, when it is one of the portal's."""
        request = self.request
        asked = request.POST.get("next") or request.GET.get("next") or ""
        is_ours = url_has_allowed_host_and_scheme(
            asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return asked if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_initial(self) -> dict[str, Any]:
        return {"edition": self.terms.edition if self.terms else ""}

    def perform(self, form: TermsForm) -> str:
        services.accept_terms(self.request.user, form.cleaned_data["edition"])
        messages.success(self.request, ACCEPTED)
        return self.next_url

    def form_refused(self, form: forms.BaseForm, refusal: DomainError) -> HttpResponse:
        """The terms as they are now; what was read before is not what would be accepted."""
        messages.warning(self.request, str(refusal))
        return HttpResponseRedirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_first = not self.request.user.acceptances.exists()
        return super().get_context_data(
            terms=self.terms, is_first=is_first, next=self.next_url, **kwargs
        )


class TermsDecline(PostOnlyMixin, View):
    """Logs out whoever does not accept, and says what that means."""

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.info(request, DECLINED)
        return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))
