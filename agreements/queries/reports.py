"""Year reports: what a ward still owes, and what a list of them prints."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from agreements.enums import CollaborationScope, CollaborationSide, CollaborationStatus
from agreements.models import Collaboration, CollaborationParty, YearReport
from agreements.querysets import CollaborationQuerySet, YearReportQuerySet
from core.dates import fiscal_year_of, today
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
    if not project.ran_in(year):
        return None
    own = next((row for row in project.year_reports.all() if row.fiscal_year == year), None)
    return None if own and not own.is_draft else Owed(project, year, own)


def owed_by(ward: Organization) -> list[Owed]:
    """The reports of the joint projects that ``ward`` carries: those sent back, then those that
    are missing for the last fiscal year.

    One of all wards together is the secretariat's. Two queries.
    """
    carried = CollaborationParty.objects.filter(
        organization=ward, side=CollaborationSide.WARD
    ).order_by()
    projects = Collaboration.objects.filter(
        pk__in=carried.values("collaboration"), scope=CollaborationScope.WARDS
    ).exclude(status=CollaborationStatus.PLANNED)
    year = last_fiscal_year()
    rows = list(projects.order_by("start_latest", "pk").prefetch_related("year_reports"))
    returned = [
        Owed(project, report.fiscal_year, report)
        for project in rows
        for report in project.year_reports.all()
        if report.is_returned
    ]
    known = {(owed.collaboration.pk, owed.fiscal_year) for owed in returned}
    missing = [owed for project in rows if (owed := owed_for(project, year))]
    return returned + [
        owed for owed in missing if (owed.collaboration.pk, owed.fiscal_year) not in known
    ]


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
