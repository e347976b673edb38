"""The mails of this room."""

from django.template.loader import render_to_string

from core import mail
from core.models import AuditEntry, OutboxMail
from members.models import User


def tell_reset_factors(user: User, entry: AuditEntry) -> OutboxMail:
    """Tells the owner of an account that its second factors were removed (``entry``)."""
    context = {"user": user, "entry": entry}
    return mail.queue(
        f"members.reset_factors:{entry.pk}",
        to=user.email,
        subject="［特別区全国連携プロジェクト］二段階の確認を初期化しました",
        body=render_to_string("members/email/reset_factors.txt", context),
    )
