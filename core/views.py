"""Views that every room builds on."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from core import once
from core.errors import DomainError, NotAllowed, StaleVersion


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
        return self.first_result() or super().post(request, *args, **kwargs)

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


class QueryFormMixin:
    """A page whose ``form`` is sent by GET: what it refuses is answered with 400, and kept."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context.get("form")
        if form is not None and form.errors:
            kwargs.setdefault("status", 400)
        return super().render_to_response(context, **kwargs)


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
