"""What of agreements and joint projects is open when a person leaves (``members.handover``)."""

from django.db.models import Prefetch, Q

from agreements.enums import CollaborationScope, CollaborationSide, CollaborationStatus
from agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty
from agreements.queries import last_fiscal_year, owed_for, unpublished_of, with_bodies
from core.dates import fiscal_year_text, today
from members.handover import Business, Item, register
from members.models import Organization, Seat

UNPUBLISHED = "公開前の連携事業"
UNDER_WAY = "実施中の連携事業"
IN_FORCE = "結んでいる協定"
# What an organization's full name is made of.
_NAMED = ("organization__municipality", "organization__prefecture")


def register_business() -> None:
    register("agreements.collaborations", Business(("agreements.CollaborationParty",), _projects))
    register("agreements.agreements", Business(("agreements.AgreementParty",), _agreements))


def _projects(seat: Seat) -> list[Item]:
    """Those that a ward has not published, and all that are under way; parties are told.

    One of all 23 wards together is the secretariat's, and nobody is told for it.
    """
    organization = seat.organization
    unpublished = unpublished_of(organization) if organization.is_ward else []
    joined = CollaborationParty.objects.filter(organization=organization).exclude(
        side=CollaborationSide.WARD, collaboration__scope=CollaborationScope.WARD_MAYORS
    )
    rows = Collaboration.objects.filter(
        Q(pk__in=joined.order_by().values("collaboration"), status=CollaborationStatus.UNDER_WAY)
        | Q(pk__in=[project.pk for project in unpublished])
    )
    last_year = last_fiscal_year()
    projects = with_bodies(rows).prefetch_related("year_reports").order_by("start_latest", "pk")
    items = [_project(project, organization, last_year) for project in projects]
    return sorted(items, key=lambda item: item.heading != UNPUBLISHED)


def _project(project: Collaboration, organization: Organization, last_year: int) -> Item:
    is_public = project.is_published
    others = [party.organization for party in project.parties.all()]
    return Item(
        UNDER_WAY if is_public or not organization.is_ward else UNPUBLISHED,
        str(project),
        project.get_absolute_url(),
        _report_due(project, organization, last_year) or project.get_status_display(),
        () if project.is_of_all_wards else tuple(others),
    )


def _report_due(project: Collaboration, organization: Organization, year: int) -> str:
    """What its wards still owe for the fiscal year ``year``, if the project ran in it.

    That they have begun a draft is told to the wards alone.
    """
    owed = owed_for(project, year)
    if owed is None:
        return ""
    carries = organization in [party.organization for party in project.wards]
    state = "下書きのままです" if owed.draft and carries else "まだありません"
    return f"{fiscal_year_text(year)}の年度実績が{state}"


def _agreements(seat: Seat) -> list[Item]:
    """The agreements in force that the organization is a party of; they go on as they are."""
    parties = Prefetch("parties", AgreementParty.objects.select_related(*_NAMED))
    held = Agreement.objects.in_force_on(today()).filter(parties__organization=seat.organization)
    return [
        Item(
            IN_FORCE,
            agreement.distinct_title,
            agreement.get_absolute_url(),
            agreement.signed_text,
        )
        for agreement in held.order_by("earliest", "pk").distinct().prefetch_related(parties)
    ]
