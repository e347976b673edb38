"""Mails about seats that are offered."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.links import Issued
from core.models import OutboxMail
from members.models import Invitation, Seat


def send_invitation(invitation: Invitation, issued: Issued) -> OutboxMail:
    """Offers the seat; the mail is not sent once the offer has run out."""
    context = {
        "invitation": invitation,
        "issued": issued,
        "code_url": absolute(reverse("core:mail_link_code")),
    }
    return mail.queue(
        f"members.invitation:{issued.link.pk}",
        to=invitation.email,
        subject=f"［特別区全国連携プロジェクト］{invitation.office.signature}の担当への招待",
        body=render_to_string("members/email/invitation.txt", context),
        expires_at=invitation.expires_at,
    )


def tell_accepted_invitation(invitation: Invitation, leads: Iterable[Seat]) -> None:
    """Tells the leads who sits at the office now, and in which role."""
    _tell(invitation, leads, "accepted", "招待が承諾されました")


def tell_declined_invitation(invitation: Invitation, leads: Iterable[Seat]) -> None:
    """Tells the leads that nobody came of it, and why."""
    _tell(invitation, leads, "declined", "招待が辞退されました")


def _tell(invitation: Invitation, leads: Iterable[Seat], what: str, subject: str) -> None:
    seats_url = absolute(reverse("members:seat_list", args=[invitation.office_id]))
    for lead in leads:
        context = {
            "user": lead.user,
            "invitation": invitation,
            "seat": invitation.seat,
            "seats_url": seats_url,
        }
        mail.queue(
            f"members.invitation_{what}:{invitation.pk}:seat:{lead.pk}",
            to=lead.user.email,
            subject=f"［特別区全国連携プロジェクト］{subject}",
            body=render_to_string(f"members/email/invitation_{what}.txt", context),
        )
