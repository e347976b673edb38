"""What awaits an organization's action: shown to its seats before any list (look.md 1)."""

from django.db.models import QuerySet

from agreements.queries import Owed, owed_by, unpublished_of
from core import dates
from core.prepared import Prepared
from members.models import Confirmation, Office, Organization
from members.queries import open_confirmations
from proposals.queries.awaiting_on_board import Waiting, awaiting_on_board


def awaiting(organization: Organization) -> list[Waiting]:
    """Contact details to confirm, projects to publish, reports to write, then the board.

    Every page that says how much awaits an organization says it by this.
    """
    return [
        *_offices_to_confirm(organization),
        *_collaborations_to_publish(organization),
        *_reports_to_write(organization),
        *awaiting_on_board(organization),
    ]


def _offices(organization: int) -> QuerySet[Office]:
    offices = Office.objects.filter(organization=organization).order_by("-is_main", "pk")
    return offices.values_list("pk", "name", "confirmed_at")


_offices_of = Prepared(_offices, int)


def _offices_to_confirm(organization: Organization) -> list[Waiting]:
    """The offices that a campaign asks, and those that nobody has confirmed for a year."""
    asked = open_confirmations(organization)
    rows = _offices_of(organization.pk)
    offices = [Office(pk=pk, name=name, confirmed_at=at) for pk, name, at in rows]
    return [
        Waiting(
            f"{office.name}の登録情報を確認する",
            office.get_absolute_url(),
            _until(asked[office.pk]) if office.pk in asked else office.freshness_text,
        )
        for office in offices
        if office.is_stale or office.pk in asked
    ]


def _until(asked: Confirmation) -> str:
    campaign = asked.campaign
    return f"{campaign}　{dates.day_text(campaign.deadline)}まで"


def _collaborations_to_publish(organization: Organization) -> list[Waiting]:
    """The joint projects that a ward has registered and nobody outside sees yet."""
    if not organization.is_ward:
        return []
    return [
        Waiting(f"連携事業「{project}」を公開する", project.get_absolute_url(), "公開前")
        for project in unpublished_of(organization)
    ]


def _reports_to_write(organization: Organization) -> list[Waiting]:
    """The year reports that the secretariat has sent back to a ward, and those that are missing."""
    return [_owed(owed) for owed in owed_by(organization)] if organization.is_ward else []


def _owed(owed: Owed) -> Waiting:
    project, year = owed.collaboration, dates.fiscal_year_text(owed.fiscal_year)
    text = f"連携事業「{project}」の{year}の年度実績"
    if owed.draft is None:
        # Its page, where whoever may write finds the button: readers are shown this line too.
        return Waiting(f"{text}を書く", f"{project.get_absolute_url()}#reports", "未提出")
    return Waiting(f"{text}を提出する", owed.draft.get_absolute_url(), owed.draft.shown_status)
