"""Mails about seats that pass to a successor."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.links import Issued
from core.models import OutboxMail
from members.enums import Role
from members.models import Handover, Seat, User


def send_handover(handover: Handover, issued: Issued) -> OutboxMail:
    """Asks the successor to take over; the mail is not sent once the time for it is over."""
    context = {
        "handover": handover,
        "issued": issued,
        "code_url": absolute(reverse("core:mail_link_code")),
    }
    return mail.queue(
        f"members.handover:{issued.link.pk}",
        to=handover.email,
        subject=f"［特別区全国連携プロジェクト］{handover.office.signature}の担当の引継ぎ",
        body=render_to_string("members/email/handover.txt", context),
        expires_at=handover.expires_at,
    )


def tell_started_handover(handover: Handover) -> None:
    """Tells the predecessor that somebody else has named a successor."""
    user = handover.seat.user
    if user.is_active:
        _tell(handover, user, "started", "担当の引継ぎが始まりました")


def tell_accepted_handover(
    handover: Handover, people: Iterable[User], *, tells_others: bool
) -> None:
    """Tells the own side who succeeds, and when both seats end and begin.

    ``tells_others``: whether the counterparts hear of it too.
    """
    subject = "引継ぎが承諾されました"
    for user in people:
        _tell(handover, user, "accepted", subject, tells_others=tells_others)


def tell_declined_handover(handover: Handover, people: Iterable[User]) -> None:
    """Tells the own side that nobody succeeds yet, and why."""
    for user in people:
        _tell(handover, user, "declined", "引継ぎが辞退されました")


def tell_expired_handover(handover: Handover) -> None:
    """Tells the predecessor that nobody has answered in time."""
    user = handover.seat.user
    if user.is_active:
        _tell(handover, user, "expired", "引継ぎの期限が切れました")


def tell_new_person(handover: Handover, leads: Iterable[Seat]) -> None:
    """Tells the counterparts of open business who is in charge from now on.

    Each of ``leads`` once, whatever number of seats. Nothing of what was talked about; the name
    of a lead alone, as other organizations read it (``rules.may_view_seat``).
    """
    seat = handover.new_seat
    person = seat.user.display_name if seat.role == Role.LEAD else ""
    people = {lead.user_id: lead.user for lead in leads}
    for user in people.values():
        subject = f"{handover.office.signature}の担当者が代わります"
        _tell(handover, user, "notice", subject, person=person)


def _tell(handover: Handover, user: User, what: str, subject: str, **other: Any) -> None:
    context: dict[str, Any] = {
        "user": user,
        "handover": handover,
        "office_url": absolute(handover.office.get_absolute_url()),
        "handover_url": absolute(handover.get_absolute_url()),
        **other,
    }
    mail.queue(
        f"members.handover_{what}:{handover.pk}:user:{user.pk}",
        to=user.email,
        subject=f"［特別区全国連携プロジェクト］{subject}",
        body=render_to_string(f"members/email/handover_{what}.txt", context),
    )
