"""A ward writes a year report: enter → check → submitted, or kept as a draft; and deletes one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from agreements import rules, services
from agreements.forms import ReportButtonForm, YearReportForm
from agreements.forms.reports import open_years
from agreements.models import Collaboration, YearReport
from agreements.queries import last_fiscal_year
from agreements.services import REPORT_FIELDS
from agreements.views.one import OneCollaborationMixin, OneReportMixin
from core.errors import StaleVersion
from core.views import ActionFormView, CheckedFormView, GoneAfterwardsMixin, posted_version

SAVED = "年度実績を下書きに保存しました。同じ連携事業の区の担当者が、続きを書けます。"
SUBMITTED = "年度実績を提出しました。事務局が確認し、結果をお知らせします。"
DELETED = "下書きを削除しました。"
NOT_BEGUN = "まだ始まっていない連携事業では、年度実績を書けません。"
ALL_THERE = "この連携事業の年度実績は、書ける年度の分がすべてあります。"
NO_DRAFT = "{}の年度実績は、変更できません。"


class YearReportFormView(CheckedFormView):
    """The form of a year report; ``step`` draft keeps it as it is, ``done`` submits it."""

    check_template_name = "agreements/report_check.html"
    form_class = YearReportForm
    final_steps = ("done", "draft")
    collaboration: Collaboration
    report: YearReport | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "by": self.seat,
            "collaboration": self.collaboration,
            "report": self.report,
            "incomplete": self.step == "draft",
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = ["内容を入力", "内容を確認", "提出"]
        return super().get_context_data(steps=steps, **kwargs)

    def perform(self, form: YearReportForm) -> str:
        report = services.write_report(
            self.collaboration,
            self.report,
            data=form.data_for_services,
            files=form.cleaned_data["attachments"],
            by=self.seat,
            version=posted_version(self.request) if self.report else None,
        )
        if self.step == "done":
            report = services.submit_report(report, by=self.seat, version=report.version)
        messages.success(self.request, SUBMITTED if self.step == "done" else SAVED)
        return report.get_absolute_url()


class ReportCreate(OneCollaborationMixin, YearReportFormView):
    """A new report of a joint project that the acting seat's ward carries."""

    rule = staticmethod(rules.writes_it)
    template_name = "agreements/report_create.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        project = self.collaboration
        if not open_years(project):
            messages.warning(request, ALL_THERE if project.fiscal_years else NOT_BEGUN)
            return HttpResponseRedirect(project.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The last year that is over, or else the latest one."""
        years = open_years(self.collaboration)
        last = last_fiscal_year()
        return {"fiscal_year": last if last in years else next(iter(years), None)}


class ReportUpdate(OneReportMixin, YearReportFormView):
    """Goes on with a draft, also with one that was sent back."""

    rule = staticmethod(rules.writes_report)
    template_name = "agreements/report_update.html"

    @property
    def collaboration(self) -> Collaboration:
        return self.report.collaboration

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refusal_of(request, self.report) or super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.report, name) for name in REPORT_FIELDS}

    def form_checked(self, form: YearReportForm) -> HttpResponse:
        if posted_version(self.request) != self.report.version:
            return self.form_refused(form, StaleVersion())
        return super().form_checked(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get("stale"):
            kwargs["conflicts"] = kwargs["form"].conflicts_with(self.report)
        return super().get_context_data(**kwargs)


class ReportMove(OneReportMixin, ActionFormView):
    """A page that asks, and the service that does it; for drafts alone."""

    rule = staticmethod(rules.writes_report)
    form_class = ReportButtonForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refusal_of(request, self.report) or super().get(request, *args, **kwargs)


class ReportSubmit(ReportMove):
    """Puts a draft before the secretariat, as it is."""

    template_name = "agreements/report_submit.html"

    def perform(self, form: ReportButtonForm) -> str:
        services.submit_report(self.report, by=self.seat, version=posted_version(self.request))
        messages.success(self.request, SUBMITTED)
        return self.report.get_absolute_url()


class ReportDelete(GoneAfterwardsMixin, ReportMove):
    """Asks before a draft is deleted for good."""

    template_name = "agreements/report_delete.html"

    def perform(self, form: ReportButtonForm) -> str:
        services.delete_report(self.report, by=self.seat, version=posted_version(self.request))
        messages.success(self.request, DELETED)
        return self.report.collaboration.get_absolute_url()


def refusal_of(request: HttpRequest, report: YearReport) -> HttpResponse | None:
    """Back to the report's own page, which says why, unless it is a draft."""
    if report.is_draft:
        return None
    messages.warning(request, NO_DRAFT.format(report.shown_status))
    return HttpResponseRedirect(report.get_absolute_url())
