"""The mail with which somebody comes in for the first time."""

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.enums import MailKind
from core.links import Issued
from core.models import OutboxMail
from members.models import Seat
from members.starting import welcome_key


def send_welcome(seat: Seat, issued: Issued, *, kind: MailKind, mailing: str) -> OutboxMail:
    """Invites the person of ``seat`` to log in; not sent once the link has run out.

    Those of one ``mailing`` are told once each; without one it is a new link that was asked for.
    """
    context = {
        "user": seat.user,
        "seat": seat,
        "issued": issued,
        "code_url": absolute(reverse("core:mail_link_code")),
        "login_url": absolute(reverse("account_request_login_code")),
    }
    return mail.queue(
        welcome_key(seat.user, mailing or f"again {issued.link.pk}"),
        to=seat.user.email,
        subject="［特別区全国連携プロジェクト］ご利用開始のご案内",
        body=render_to_string("members/email/welcome.txt", context),
        kind=kind,
        mailing=mailing,
        expires_at=issued.link.expires_at,
    )
