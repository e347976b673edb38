"""Mails about requests to become a member: to the applicant's lead, and to the secretariat."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import links, mail
from core.addresses import absolute
from core.enums import MailKind
from core.models import AuditEntry, OutboxMail
from members.models import Application, Organization

# What a returned application's link opens (``core.links``), and for how long.
CORRECTION = "members.application"
CORRECTION_DAYS = 30


def tell_application_code(organization: Organization, issued: links.Issued) -> OutboxMail:
    """Mails the code that confirms an applicant's address; the only mail before applying."""
    context = {"organization": organization, "issued": issued}
    return mail.queue(
        f"members.application_code:{issued.link.pk}",
        to=issued.link.to,
        subject=_subject("会員登録申請の番号"),
        body=render_to_string("members/email/application_code.txt", context),
        kind=MailKind.SECRET,
        expires_at=issued.link.expires_at,
    )


def tell_applied(application: Application, entry: AuditEntry) -> None:
    """Confirms to the applicant what ``entry`` records, and tells the secretariat."""
    _tell(application, "applied", f"会員登録申請を受け付けました（{application.number}）")
    if settings.SECRETARIAT_MAIL:
        context = {"application": application, "url": absolute(application.get_absolute_url())}
        mail.queue(
            f"members.applied:{entry.pk}:secretariat",
            to=settings.SECRETARIAT_MAIL,
            subject=_subject(f"会員登録申請が届きました（{application.number}）"),
            body=render_to_string("members/email/applied_secretariat.txt", context),
        )


def ask_correction(application: Application) -> OutboxMail:
    """Mails why the application was sent back, with a new link and code to correct it."""
    expires_at = timezone.now() + timedelta(days=CORRECTION_DAYS)
    to = application.lead.email
    issued = links.issue(CORRECTION, application, to=to, expires_at=expires_at)
    subject = f"会員登録申請を確認してください（{application.number}）"
    return _tell(
        application,
        "application_returned",
        subject,
        mark=str(issued.link.pk),
        issued=issued,
        code_page=absolute(reverse("core:mail_link_code")),
    )


def tell_approved(application: Application) -> OutboxMail:
    """Tells the applicant that the organization is a member; the invitation is another mail."""
    return _tell(application, "application_approved", "会員登録が承認されました")


def tell_rejected(application: Application) -> OutboxMail:
    """Tells the applicant why the application was refused."""
    subject = f"会員登録申請の結果をお知らせします（{application.number}）"
    return _tell(application, "application_rejected", subject)


def tell_cancelled(application: Application) -> OutboxMail:
    """Tells the applicant that the application was taken back."""
    subject = f"会員登録申請を取り消しました（{application.number}）"
    return _tell(application, "application_cancelled", subject)


def _tell(
    application: Application, template: str, subject: str, mark: str = "", **context: Any
) -> OutboxMail:
    """A mail to the applicant; each version of the application is told of once."""
    shown = {"application": application, "lead": application.lead, **context}
    return mail.queue(
        f"members.{template}:{application.pk}:{mark or application.version}",
        to=application.lead.email,
        subject=_subject(subject),
        body=render_to_string(f"members/email/{template}.txt", shown),
    )


def _subject(text: str) -> str:
    return f"［特別区全国連携プロジェクト］{text}"
