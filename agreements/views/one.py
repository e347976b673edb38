"""What every page about one joint project, or one year report, shares."""

from typing import Any

from agreements.models import Collaboration, YearReport
from agreements.queries import with_bodies, with_projects
from agreements.querysets import CollaborationQuerySet, YearReportQuerySet
from members.views.one import OneRecordMixin


class OneCollaborationMixin(OneRecordMixin):
    """A page that changes a joint project."""

    record_name = "collaboration"
    collaboration: Collaboration

    def visible(self) -> CollaborationQuerySet:
        return with_bodies(Collaboration.objects.visible_to(self.request.user))


class OneReportMixin(OneRecordMixin):
    """A page that changes a year report."""

    record_name = "report"
    report: YearReport

    def visible(self) -> YearReportQuerySet:
        return with_projects(YearReport.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(collaboration=self.report.collaboration, **kwargs)
