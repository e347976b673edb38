"""Mails about the address that an account logs in with."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from core import mail
from core.addresses import absolute
from core.links import Issued
from core.links.masking import masked_email
from core.models import AuditEntry, OutboxMail
from members.models import LoginChange, Seat


def tell_changed_login(change: LoginChange, issued: Issued) -> OutboxMail:
    """Tells the old address who has changed it, and how to object.

    The new one is masked: somebody else may read the mailbox by now.
    """
    context = {
        "user": change.user,
        "change": change,
        "masked_after": masked_email(change.after),
        "issued": issued,
        "code_url": absolute(reverse("core:mail_link_code")),
    }
    return mail.queue(
        f"members.login_changed:{issued.link.pk}",
        to=change.before,
        subject=_subject("ログインのメールアドレスが変わりました"),
        body=render_to_string("members/email/login_changed.txt", context),
    )


def tell_new_login(change: LoginChange) -> OutboxMail:
    """Tells the new address that it is a login now, and how to log in for the first time."""
    context = {
        "user": change.user,
        "change": change,
        "masked_before": masked_email(change.before),
        "login_url": absolute(reverse("account_request_login_code")),
    }
    return mail.queue(
        f"members.login_new:{change.pk}",
        to=change.after,
        subject=_subject("このアドレスでログインできるようになりました"),
        body=render_to_string("members/email/login_new.txt", context),
    )


def tell_objection(change: LoginChange, entry: AuditEntry, leads: Iterable[Seat]) -> None:
    """Tells the leads, and the secretariat, that an account is closed until it is settled."""
    for lead in leads:
        context = {"user": lead.user, "change": change, "entry": entry}
        mail.queue(
            f"members.login_objected:{change.pk}:seat:{lead.pk}",
            to=lead.user.email,
            subject=_subject("担当の方のログインを止めました"),
            body=render_to_string("members/email/login_objected.txt", context),
        )
    if settings.SECRETARIAT_MAIL:
        url = absolute(reverse("admin:members_loginchange_change", args=[change.pk]))
        context = {"change": change, "entry": entry, "url": url}
        mail.queue(
            f"members.login_objected:{change.pk}:secretariat",
            to=settings.SECRETARIAT_MAIL,
            subject=_subject("メールアドレスの変更に異議がありました"),
            body=render_to_string("members/email/login_objected_secretariat.txt", context),
        )


def tell_settled_login(change: LoginChange, entry: AuditEntry, *, login: str, kept: bool) -> None:
    """Tells both addresses what the secretariat has decided, and how the one logs in again.

    ``login`` was the account's address until then: another one, where it has changed again.
    """
    what = "変更を認めました" if kept else "変更を取り消しました"
    told = {change.before: "before", change.after: "after"}
    for address, place in ({login: "login"} | told).items():
        context = {
            "user": change.user,
            "change": change,
            "entry": entry,
            "kept": kept,
            "is_login": address == change.user.email,
            "login_url": absolute(reverse("account_request_login_code")),
        }
        mail.queue(
            f"members.login_settled:{change.pk}:{place}",
            to=address,
            subject=_subject(f"ログインのメールアドレスの{what}"),
            body=render_to_string("members/email/login_settled.txt", context),
        )


def _subject(text: str) -> str:
    return f"［特別区全国連携プロジェクト］{text}"
