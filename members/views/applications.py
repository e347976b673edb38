"""Becoming a member: the guide, the application, and its correction."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.generic import FormView, TemplateView

from core import limits
from core.dates import today
from core.errors import DomainError
from core.links.masking import masked_email, masked_name
from core.models import MailLink
from core.views import CheckedFormView, PublicMixin, QueryFormMixin
from members import services
from members.addresses import is_municipal
from members.enums import ApplicationStatus, Standing
from members.forms import (
    ApplicationCodeForm,
    ApplicationForm,
    MunicipalityChoiceForm,
    initial_of,
)
from members.models import Application, Membership, Municipality, Office, Organization
from members.queries import standing_of

STEPS = ("内容を入力", "内容を確認", "申請")
CODE, WRONG_CODE = "application_code", "application_wrong_code"
TOO_MANY = "短い時間に続けて操作されました。5分ほどたってから、もう一度お試しください"
# Nearly every prefecture on one page.
SHOWN = 100
# The address of a done page: nobody reads another application's number by counting.
_signer = Signer(salt="members.application_done")


def municipalities() -> Any:
    """The municipalities of today as organizations, with ``is_member``."""
    members = Membership.objects.on(today()).filter(organization=OuterRef("pk"))
    standing = Municipality.objects.on(today()).values("pk")
    return (
        Organization.objects.municipalities()
        .filter(municipality__in=standing)
        .select_related("municipality__prefecture", "prefecture")
        .annotate(is_member=Exists(members))
    )


class ApplicationGuide(PublicMixin, QueryFormMixin, FormView):
    """会員登録のご案内, and the way to the municipality that applies."""

    template_name = "members/application_guide.html"
    form_class = MunicipalityChoiceForm
    http_method_names = ["get", "head", "options"]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"data": self.request.GET}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.get_form()
        return super().get_context_data(form=form, found=self.found(form), **kwargs)

    def found(self, form: MunicipalityChoiceForm) -> Page | None:
        """The municipalities asked for; None where nothing was asked."""
        asked = form.cleaned_data if form.is_valid() else {}
        if not asked.get("prefecture") and not asked.get("q"):
            return None
        rows = municipalities()
        if prefecture := asked["prefecture"]:
            rows = rows.filter(prefecture=prefecture)
        rows = rows.found_by(asked["q"]) if asked["q"] else rows
        return Paginator(rows, SHOWN).get_page(self.request.GET.get("page"))


class ApplicationPages(CheckedFormView):
    """Enter → check, with the code mailed to the lead's address → applied."""

    organization: Organization
    form_class = ApplicationForm
    # The lead's address that an earlier application has confirmed.
    known_address = ""

    def needs_code(self, form: ApplicationForm) -> bool:
        return form.lead_address != self.known_address

    def form_valid(self, form: ApplicationForm) -> HttpResponse:
        if self.step != "done" or not self.needs_code(form):
            return super().form_valid(form)
        code = ApplicationCodeForm(self.request.POST)
        if not code.is_valid():
            return self.show_check(form, code, status=422)
        if limits.is_over(self.request, WRONG_CODE, key=form.lead_address):
            return self.code_refused(form, TOO_MANY, status=429)
        return super().form_valid(form)

    def form_checked(self, form: ApplicationForm) -> HttpResponse:
        """The check page; the code is mailed when it is first shown, or asked for again."""
        if not self.needs_code(form):
            return self.show_check(form, None)
        address = form.lead_address
        is_sent = services.has_application_code(self.organization, address)
        if not is_sent or self.step == "resend":
            if not limits.count(self.request, CODE, key=address):
                return self.code_refused(form, TOO_MANY, status=429)
            services.send_application_code(self.organization, address)
        return self.show_check(form, ApplicationCodeForm(), is_resent=self.step == "resend")

    def form_refused(self, form: ApplicationForm, refusal: DomainError) -> HttpResponse:
        if isinstance(refusal, services.WrongCode):
            limits.count(self.request, WRONG_CODE, key=form.lead_address)
            return self.code_refused(form, str(refusal), status=422)
        return super().form_refused(form, refusal)

    def code_refused(self, form: ApplicationForm, message: str, *, status: int) -> HttpResponse:
        """The check page with the error at the code; nothing typed is lost."""
        code = ApplicationCodeForm({"code": self.request.POST.get("code", "")})
        code.full_clean()
        code.errors.clear()
        code.add_error("code", message)
        return self.show_check(form, code, status=status)

    def show_check(
        self,
        form: ApplicationForm,
        code: ApplicationCodeForm | None,
        *,
        is_resent: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        address = form.lead_address
        context = self.get_context_data(
            form=form,
            code_form=code,
            address=address,
            is_municipal=is_municipal(address),
            is_resent=is_resent,
        )
        return self.response_class(self.request, self.check_template_name, context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organization=self.organization, steps=STEPS, **kwargs)


class ApplicationCreate(PublicMixin, ApplicationPages):
    """A municipality's application, or why it cannot apply now."""

    template_name = "members/application_create.html"
    check_template_name = "members/application_create_check.html"

    @cached_property
    def organization(self) -> Organization:
        return get_object_or_404(municipalities(), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.closed() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # First: the first sending of this very form is what the application waits for.
        first = self.first_result()
        return first or self.closed(status=409) or super().post(request, *args, **kwargs)

    def closed(self, *, status: int = 200) -> HttpResponse | None:
        """Why the municipality cannot apply; None when it can."""
        standing = standing_of(self.organization)
        if standing == Standing.FREE:
            return None
        offices = Office.objects.filter(organization=self.organization, is_main=True)
        context = {
            "organization": self.organization,
            "standing": standing,
            "was_late": status == 409,
            "main_office": offices.first() if standing == Standing.MEMBER else None,
        }
        template = "members/application_closed.html"
        return self.response_class(self.request, template, context, status=status)

    def perform(self, form: ApplicationForm) -> str:
        application = services.apply(
            self.organization,
            answers=form.answers,
            people=form.people,
            code=self.request.POST.get("code", ""),
        )
        return done_url(application)

    def form_refused(self, form: ApplicationForm, refusal: DomainError) -> HttpResponse:
        """Somebody else of the same municipality may have been faster."""
        return self.closed(status=409) or super().form_refused(form, refusal)


class ApplicationCorrect(ApplicationPages):
    """A returned application with what was typed, sent in again; opened by ``core.links``.

    The link alone shows nothing personal in full; what was typed is behind its button.
    """

    opening_template_name = "members/application_correct_open.html"
    template_name = "members/application_correct.html"
    check_template_name = "members/application_correct_check.html"

    @cached_property
    def application(self) -> Application:
        rows = Application.objects.filter(status=ApplicationStatus.RETURNED).select_related(
            "organization__municipality__prefecture", "organization__prefecture"
        )
        people = Prefetch("people")
        return get_object_or_404(rows.prefetch_related(people), pk=self.link.object_id)

    @property
    def link(self) -> MailLink:
        return self.kwargs["link"]

    @property
    def organization(self) -> Organization:
        return self.application.organization

    @property
    def known_address(self) -> str:
        return self.application.lead.email

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.application)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lead = self.application.lead
        context = self.get_context_data(
            form=None, masked_lead=masked_name(str(lead)), masked_to=masked_email(lead.email)
        )
        return self.response_class(request, self.opening_template_name, context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.step == "open":
            form = self.form_class(initial=self.get_initial())
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.application, **kwargs)

    def perform(self, form: ApplicationForm) -> str:
        application = services.apply_again(
            self.application,
            answers=form.answers,
            people=form.people,
            link=self.link,
            code=self.request.POST.get("code", ""),
        )
        return done_url(application)


class ApplicationAddress(TemplateView):
    """The code of an application still to be sent: typed elsewhere; opened by ``core.links``."""

    template_name = "members/application_address.html"
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request, *args, **kwargs)


class ApplicationDone(PublicMixin, TemplateView):
    """受付番号, what happens next, and who answers."""

    template_name = "members/application_done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Application.objects.select_related("organization__municipality__prefecture")
        application = get_object_or_404(
            rows.select_related("organization__prefecture"), pk=_read(self.kwargs["mark"])
        )
        return super().get_context_data(application=application, steps=STEPS, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response


def done_url(application: Application) -> str:
    return reverse("members:application_done", args=[_signer.sign(str(application.pk))])


def _read(mark: str) -> str:
    """The key in the address of a done page. Raises ``Http404`` for a forged one."""
    try:
        return _signer.unsign(mark)
    except BadSignature as error:
        raise Http404 from error
