"""Mails to whoever holds a seat, about what somebody else has done with it."""

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.models import AuditEntry, OutboxMail
from members.models import Seat


def tell_changed_seat(seat: Seat, entry: AuditEntry) -> OutboxMail:
    """Tells of a new role or new days (``entry``)."""
    return _tell(seat, entry, "seat_changed", "担当の役割や期間が変わりました")


def tell_ended_seat(seat: Seat, entry: AuditEntry) -> OutboxMail:
    """Tells of the last day (``entry``)."""
    return _tell(seat, entry, "seat_ended", "担当の終わりの日が決まりました")


def tell_taken_over_seat(seat: Seat, entry: AuditEntry) -> OutboxMail:
    """Tells a last lead that the secretariat has taken over (``entry``)."""
    return _tell(seat, entry, "seat_taken_over", "担当を事務局が引き取りました")


def _tell(seat: Seat, entry: AuditEntry, name: str, subject: str) -> OutboxMail:
    home_url = absolute(reverse("portal:member_home"))
    context = {"user": seat.user, "seat": seat, "entry": entry, "home_url": home_url}
    return mail.queue(
        f"members.{name}:{entry.pk}",
        to=seat.user.email,
        subject=f"［特別区全国連携プロジェクト］{subject}",
        body=render_to_string(f"members/email/{name}.txt", context),
    )
