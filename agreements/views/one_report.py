"""What every page about one year report shares."""

from typing import Any

from django.http import Http404

from agreements.models import YearReport
from agreements.queries import with_projects
from core.views import posted_version
from members.rules import SeatRule
from members.views.acting import SeatMixin


class OneReportMixin(SeatMixin):
    """A page that changes a year report which the reader may see: 404 otherwise.

    ``rule`` says what the acting seat must be allowed to do with it: 403 otherwise. The form
    carries the version that was read.
    """

    rule: SeatRule
    report: YearReport

    def admit(self) -> None:
        self.report = self.read()
        self.act_by(self.rule, self.report)

    def read(self) -> YearReport:
        """The report as it now stands. Raises ``Http404``."""
        visible = YearReport.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"])
        report = with_projects(visible).first()
        if report is None:
            raise Http404
        return report

    def form_stale(self, form):
        # Read again: the colleague may have saved after this request began.
        self.report = self.read()
        return super().form_stale(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was read when the form was opened; after a refusal as stale, what is shown now.
        opened = self.request.method == "POST" and not kwargs.get("stale")
        version = posted_version(self.request) if opened else self.report.version
        kwargs.setdefault("version", version)
        return super().get_context_data(
            report=self.report, collaboration=self.report.collaboration, seat=self.seat, **kwargs
        )
