"""Mails about accounts."""

from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
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


def tell_reset_shared(user: User, entry: AuditEntry) -> OutboxMail:
    """Tells a shared mailbox that only a mailed code opens its account now (``entry``)."""
    context = {"user": user, "entry": entry, "login_url": absolute(reverse("account_login"))}
    return mail.queue(
        f"members.reset_shared:{entry.pk}",
        to=user.email,
        subject="［特別区全国連携プロジェクト］共用アカウントのログインの方法を初期化しました",
        body=render_to_string("members/email/reset_shared.txt", context),
    )
