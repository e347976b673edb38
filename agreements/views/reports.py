"""The year reports: one of them to read, and their lists for Excel."""

from typing import Any

from django.urls import reverse
from django.views.generic import DetailView
from rules import has_perm

from agreements import rules
from agreements.models import YearReport
from agreements.queries import listed_grants, listed_reports, with_projects
from agreements.querysets import YearReportQuerySet
from agreements.sheets.reports import COLUMNS, GRANT_COLUMNS
from agreements.views.collaborations import ROWS_AT_ONCE, ListedMixin, seats_of
from core.files import attachments_of
from core.sheets import Sheet
from core.views import PublicMixin, SheetView
from members.views.acting import SeatMixin, for_seat


class ReportDetail(PublicMixin, DetailView):
    """One year report; amounts, steps and actions as far as they are for the reader."""

    template_name = "agreements/report_detail.html"
    context_object_name = "report"

    def get_queryset(self) -> YearReportQuerySet:
        return with_projects(YearReport.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, report = self.request.user, self.object
        return super().get_context_data(
            collaboration=report.collaboration,
            attachments=attachments_of(report, user),
            reads_grants=has_perm("agreements.view_grants", user, report),
            steps=report.steps.visible_to(user),
            actions=actions_of(report, user),
            **kwargs,
        )


def actions_of(report: YearReport, user) -> dict[str, str]:
    """Where the reader may go on with a draft, by the verb of each action."""
    seat = next((seat for seat in seats_of(user) if rules.may_change_report(seat, report)), None)
    if seat is None:
        return {}
    verbs = ("update", "submit") if report.is_returned else ("update", "submit", "delete")
    return {
        verb: for_seat(reverse(f"agreements:report_{verb}", args=[report.pk]), seat)
        for verb in verbs
    }


class ReportExport(PublicMixin, ListedMixin, SheetView):
    """The accepted reports of the joint projects in the list, as a file for Excel."""

    def get_sheet(self) -> Sheet:
        rows = listed_reports(self.request.user, self.listed())
        return Sheet("年度実績", COLUMNS, rows.iterator(chunk_size=ROWS_AT_ONCE))


class GrantExport(SeatMixin, ListedMixin, SheetView):
    """The same with the amounts of the grants: of one's own projects; the secretariat's, all."""

    def admit(self) -> None:
        self.act_by(rules.lists_grants, None)

    def get_sheet(self) -> Sheet:
        rows = listed_grants(self.request.user, self.listed())
        return Sheet("年度実績（助成金）", GRANT_COLUMNS, rows.iterator(chunk_size=ROWS_AT_ONCE))
