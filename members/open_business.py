"""What of this room is open when a person leaves (``members.handover``)."""

from django.utils import timezone

from core.dates import day_text
from members.enums import ApplicationStatus
from members.handover import Business, Item, register
from members.models import Application, Invitation, Office, Seat

# Rows that the secretariat and the daily jobs look after: nothing of them waits for a person.
_LOOKED_AFTER = (
    "members.Confirmation",
    "members.Coverage",
    "members.CoverageException",
    "members.Membership",
    "members.OfficeRename",
    "members.ProfileLink",
    "members.Succession",
)


def register_business() -> None:
    register("members.offices", Business(("members.Office",), _offices_to_confirm))
    register("members.applications", Business(("members.Application",), _applications))
    register("members.invitations", Business(("members.Invitation",), _invitations))
    register("members.seats", Business(("members.Seat", "members.Handover", *_LOOKED_AFTER)))


def _offices_to_confirm(seat: Seat) -> list[Item]:
    """The offices of the organization that nobody has confirmed for a year."""
    offices = Office.objects.filter(organization=seat.office.organization_id)
    return [
        Item(
            "確認が必要な登録情報",
            f"{office.name}の登録情報",
            office.get_absolute_url(),
            office.freshness_text,
        )
        for office in offices
        if office.is_stale
    ]


def _applications(seat: Seat) -> list[Item]:
    """The request to become a member that waits; its link is the applicant's alone."""
    waiting = Application.objects.unsettled().filter(organization=seat.office.organization_id)
    return [
        Item(
            "処理中の会員登録申請",
            f"受付番号 {application.number}",
            "",
            ApplicationStatus(application.status).label,
        )
        for application in waiting.select_related("organization")
    ]


def _invitations(seat: Seat) -> list[Item]:
    """The invitations to the organization's offices that wait for an answer."""
    waiting = Invitation.objects.waiting().select_related("office")
    return [
        Item(
            "返事を待っている招待",
            f"{invitation.office.name}の{invitation.get_role_display()}への招待",
            "",
            f"回答の期限 {day_text(timezone.localdate(invitation.expires_at))}",
        )
        for invitation in waiting.filter(office__organization=seat.office.organization_id)
    ]
