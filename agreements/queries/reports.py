"""Year reports: what a ward still owes, and what a list of them prints."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from agreements.enums import CollaborationStatus
from agreements.models import Collaboration, CollaborationParty, YearReport
from agreements.queries.collaborations import carried_by
from agreements.querysets import CollaborationQuerySet, YearReportQuerySet
from core.dates import fiscal_year_of, today
from core.prepared import Prepared, columns
from members.models import Organization


@dataclass(frozen=True)
class Owed:
    """A report that a ward has to write: the joint project, the fiscal year, and what is begun."""

    collaboration: Collaboration
    fiscal_year: int
    draft: YearReport | None


def last_fiscal_year() -> int:
    """The last fiscal year that is over: the one to be reported on now."""
    return fiscal_year_of(today()) - 1


def owed_for(project: Collaboration, year: int) -> Owed | None:
    """What ``project`` still owes for the fiscal year ``year``, if it ran in it.

    Its year reports are prefetched by whoever asks for many.
    """
    return _owed(project, year, project.year_reports.all())


def _owed(project: Collaboration, year: int, reports: Iterable[YearReport]) -> Owed | None:
    if not project.ran_in(year):
        return None
    own = next((row for row in reports if row.fiscal_year == year), None)
    return None if own and not own.is_draft else Owed(project, year, own)


def owed_by(ward: Organization) -> list[Owed]:
    """The reports of the joint projects that ``ward`` carries: those sent back, then those that
    are missing for the last fiscal year.

    One of all wards together is the secretariat's. Two queries.
    """
    projects = _begun_by.instances(Collaboration, ward.pk)
    if not projects:
        return []
    reports: dict[int, list[YearReport]] = defaultdict(list)
    for report in _reports_by.instances(YearReport, ward.pk):
        reports[report.collaboration_id].append(report)
    year = last_fiscal_year()
    returned = [
        Owed(project, report.fiscal_year, report)
        for project in projects
        for report in reports[project.pk]
        if report.is_returned
    ]
    known = {(owed.collaboration.pk, owed.fiscal_year) for owed in returned}
    missing = [owed for project in projects if (owed := _owed(project, year, reports[project.pk]))]
    return returned + [
        owed for owed in missing if (owed.collaboration.pk, owed.fiscal_year) not in known
    ]


def _begun(ward: int) -> CollaborationQuerySet:
    return carried_by(ward).exclude(status=CollaborationStatus.PLANNED)


def _begun_columns(ward: int) -> QuerySet:
    return _begun(ward).order_by("start_latest", "pk").values_list(*columns(Collaboration))


def _report_columns(ward: int) -> QuerySet:
    begun = YearReport.objects.filter(collaboration__in=_begun(ward).values("pk"))
    return begun.values_list(*columns(YearReport))


_begun_by, _reports_by = Prepared(_begun_columns, int), Prepared(_report_columns, int)


def with_projects(reports: YearReportQuerySet) -> YearReportQuerySet:
    """``reports`` with their joint projects and the bodies in those."""
    parties = CollaborationParty.objects.select_related(
        "organization__municipality", "organization__prefecture"
    )
    return reports.select_related("collaboration").prefetch_related(
        Prefetch("collaboration__parties", parties)
    )


def listed_reports(user, collaborations: CollaborationQuerySet) -> YearReportQuerySet:
    """The accepted reports of ``collaborations`` that ``user`` may read, the latest year first."""
    return _listed(YearReport.objects.visible_to(user), collaborations)


def listed_grants(user, collaborations: CollaborationQuerySet) -> YearReportQuerySet:
    """Of those, the ones whose grant ``user`` may read."""
    return _listed(YearReport.objects.showing_grants_to(user), collaborations)


def _listed(reports: YearReportQuerySet, collaborations: QuerySet) -> YearReportQuerySet:
    found = reports.accepted().filter(collaboration__in=collaborations.order_by().values("pk"))
    return with_projects(found.order_by("-fiscal_year", "collaboration", "pk"))
