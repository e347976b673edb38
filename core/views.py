"""Views that every room builds on."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.generic import FormView, View

from core import dates, once
from core.errors import DomainError, NotAllowed, StaleVersion
from core.forms import DAY_PARTS, DayForm, typed_day
from core.sheets import Sheet, sheet_response

# How ``core.idle`` tells ``ActionFormView.post`` to stop at the form.
IS_PARKED = "is_parked"


@method_decorator(login_not_required, name="dispatch")
class PublicMixin:
    """A page that anybody may open. Stands first among the bases of its view."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(request, *args, **kwargs)


class PostOnlyMixin:
    """An address that a form posts to; whoever opens it gets 405 and is told so.

    After a new login the browser opens it, because that is where the person came from.
    """

    http_method_names = ["post", "options"]

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        refusal = super().http_method_not_allowed(request, *args, **kwargs)
        refusal.content = render_to_string("405.html", request=request)
        return refusal


class ActionFormView(FormView):
    """A form that changes something, once however often it is sent.

    A subclass gives ``perform(form)``, which calls a service and returns the address of what
    came of it. A refusal of the service is shown at the top of the form (422; 409 when
    somebody else was faster); who may not do it at all gets 403. Of two sendings of the same
    form at the same time, the slower one is refused for what the other has done: it is shown
    what that came to.
    """

    token = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, IS_PARKED, False):
            return self.form_parked()
        return self.first_result() or super().post(request, *args, **kwargs)

    def form_parked(self) -> HttpResponse:
        """The form with what was typed before the session ended (``core.idle``), unsent."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def first_result(self) -> HttpResponse | None:
        """The page that the first sending of this form led to; None if this is the first."""
        result = once.first_result(self.request.POST.get("token", ""), self.request.user)
        return HttpResponseRedirect(result) if result else None

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Carries the action out."""
        try:
            return HttpResponseRedirect(self.perform_once(form))
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except DomainError as refusal:
            return self.first_result() or self.form_refused(form, refusal)
        except IntegrityError:
            if result := self.first_result():
                return result
            raise

    def perform_once(self, form: forms.BaseForm) -> str:
        """Performs and notes where it led in one transaction, so that neither stands alone."""
        token = self.request.POST.get("token", "")
        with transaction.atomic():
            url = self.perform(form)
            if once.is_token(token):
                once.note_result(token, self.request.user, url)
        return url

    def perform(self, form: forms.BaseForm) -> str:
        raise NotImplementedError

    def form_refused(self, form: forms.BaseForm, refusal: DomainError) -> HttpResponse:
        """The form again, with what the service said."""
        form.add_error(None, str(refusal))
        stale = isinstance(refusal, StaleVersion)
        return self.form_stale(form) if stale else self.form_invalid(form)

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """The form again, with what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_stale(self, form: forms.BaseForm) -> HttpResponse:
        """The form again, with what was typed, after somebody else has changed the row."""
        return self.render_to_response(self.get_context_data(form=form, stale=True), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        token = self.request.POST.get("token", "")
        kwargs.setdefault("token", token if once.is_token(token) else once.new_token())
        return super().get_context_data(**kwargs)


class GoneAfterwardsMixin:
    """A form that takes its own row away: sent again, it leads where the first sending led.

    Stands first among the bases of its view, because the second time the row is not found.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if done := self.first_result():
                return done
            raise


class NearestPageMixin:
    """A list in pages, where a page number that does not exist gives the nearest one."""

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Paginator, Page, Any, bool]:
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()


class QueryFormMixin:
    """A page whose ``form`` is sent by GET: what it refuses is answered with 400, and kept."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context.get("form")
        if form is not None and form.errors:
            kwargs.setdefault("status", 400)
        return super().render_to_response(context, **kwargs)


class SheetView(View):
    """A list as a table for Excel, by the ending in its address (``core.sheets``).

    A subclass gives ``get_sheet()`` and stands at ``…/export.<str:ending>``. Where it has a
    ``form`` that refuses what the address asks for, the answer is 400: a table with other
    rows than were asked for would not say so.
    """

    form: forms.BaseForm | None = None

    def get(self, request: HttpRequest, ending: str, **kwargs: Any) -> HttpResponseBase:
        if self.form is not None and self.form.errors:
            raise BadRequest("the conditions of the list cannot be understood")
        return sheet_response(self.get_sheet(), ending, request.GET.get("encoding", ""))

    def get_sheet(self) -> Sheet:
        raise NotImplementedError


def short_query(query: QueryDict, day: date) -> str:
    """``query`` with ``day`` as ``on=2019-09-05`` in place of the form's three parts."""
    others = {name: value for name, value in query.items() if name not in DAY_PARTS}
    return urlencode({"on": day.isoformat(), **others})


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
            return HttpResponseRedirect(f"{request.path}?{short_query(request.GET, asked)}")
        self.day = asked or dates.today()
        self.is_asked = asked is not None
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form)
        return super().get_context_data(day=self.day, is_asked=self.is_asked, **kwargs)


class CheckedFormView(ActionFormView):
    """Enter → check → done, without a script and without keeping anything in between.

    The check page carries what was typed in hidden fields (``form.hidden_inputs``);
    「修正する」 brings the form back. ``step`` says which button was pressed: ``check``, ``edit``
    or one of ``final_steps``, which perform at once.
    """

    check_template_name = ""
    final_steps = ("done",)

    @property
    def step(self) -> str:
        return self.request.POST.get("step", "check")

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        if self.step == "edit":
            return self.render_to_response(self.get_context_data(form=form))
        return (
            super().form_valid(form) if self.step in self.final_steps else self.form_checked(form)
        )

    def form_checked(self, form: forms.BaseForm) -> HttpResponse:
        """Shows what was entered, with the last button."""
        context = self.get_context_data(form=form)
        return self.response_class(self.request, self.check_template_name, context)


def posted_version(request: HttpRequest) -> int:
    """The version that the row had when the form was opened.

    0, which no row has, when the form carries none or a forged one.
    """
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return 0
