"""What people do about their own account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.generic import TemplateView

from core.views import ActionFormView, PublicMixin
from members import rules, services
from members.forms import PersonForm
from members.views.acting import SeatMixin


class PersonUpdate(SeatMixin, ActionFormView):
    """The person's own name. The login address and the seats are changed elsewhere."""

    template_name = "members/person_update.html"
    form_class = PersonForm

    def admit(self) -> None:
        self.act_by(rules.may_change_person, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        return {"family_name": user.family_name, "given_name": user.given_name}

    def perform(self, form: PersonForm) -> str:
        services.change_person(self.request.user, **form.cleaned_data, by=self.seat)
        messages.success(self.request, "氏名を変更しました。")
        return self.seat.office.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(seat=self.seat, **kwargs)


class PasskeyLogin(PublicMixin, TemplateView):
    """A login page of its own for passkeys, so that the usual one needs no script."""

    template_name = "members/passkey_login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth follows no address that leads away from the portal.
        return super().get_context_data(next=self.request.GET.get("next", ""), **kwargs)
