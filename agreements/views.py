"""The agreements, and what they came to on any day."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import DetailView, ListView

from agreements import queries
from agreements.forms import DayForm, typed_day
from agreements.models import Agreement
from core import dates
from core.views import PublicMixin, QueryFormMixin


class AsOfMixin(QueryFormMixin):
    """A page that answers for a day: today, or ``?on=2019-09-05``.

    The form's three parts lead to that short address. A day that is none, or that has not
    come yet, is refused at the field with status 400; the page then answers for today.
    """

    day: date
    is_asked: bool
    form: DayForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = typed_day(request.GET)
        self.form = DayForm(typed, initial={"on": dates.today()})
        asked = self.form.cleaned_data["on"] if self.form.is_valid() else None
        if asked and "on" not in request.GET:
            return HttpResponseRedirect(f"{request.path}?on={asked.isoformat()}")
        self.day = asked or dates.today()
        self.is_asked = asked is not None
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form)
        return super().get_context_data(day=self.day, is_asked=self.is_asked, **kwargs)


class AgreementList(PublicMixin, AsOfMixin, ListView):
    """Every agreement, or those of the day asked for, with the figures of that day."""

    template_name = "agreements/agreement_list.html"
    context_object_name = "agreements"

    def get_queryset(self):
        agreements = Agreement.objects.visible_to(self.request.user)
        if self.is_asked:
            agreements = agreements.in_force_on(self.day)
        return queries.with_parties(agreements)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            standing=queries.standing_on(self.day),
            groups=queries.by_kind(self.object_list),
            **kwargs,
        )


class AgreementDetail(PublicMixin, AsOfMixin, DetailView):
    """One agreement, with the municipalities that it covers on the day."""

    template_name = "agreements/agreement_detail.html"
    context_object_name = "agreement"

    def get_queryset(self):
        return queries.with_parties(Agreement.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, associations = self.object, self.object.bound_associations
        holds = agreement.in_force_on(self.day)
        if not associations:
            # Nothing on the page depends on the day, and it does not ask for one.
            kwargs["form"] = None
        return super().get_context_data(
            holds=holds,
            covered=queries.covered_by(associations if holds else [], self.day),
            ceremonies=agreement.ceremonies.visible_to(self.request.user).order_by("earliest"),
            **kwargs,
        )
