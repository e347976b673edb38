"""Mails to the people of an office about the office itself."""

from django.template.loader import render_to_string

from core import mail
from core.addresses import absolute
from core.dates import today
from core.models import AuditEntry
from members.models import Office


def tell_moved_office(office: Office, signature: str, entry: AuditEntry) -> None:
    """Tells everybody of ``office``, which signed as ``signature``, where it belongs now."""
    for seat in office.seats.on(today()).active().with_user():
        context = {
            "user": seat.user,
            "office": office,
            "signature": signature,
            "url": absolute(office.get_absolute_url()),
        }
        mail.queue(
            f"members.office_moved:{entry.pk}:seat:{seat.pk}",
            to=seat.user.email,
            subject=f"［特別区全国連携プロジェクト］{office.organization.name}の部署になりました",
            body=render_to_string("members/email/office_moved.txt", context),
        )
