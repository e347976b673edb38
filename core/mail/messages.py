"""A row of the outbox as the message that leaves."""

from email.policy import default
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from core.models import OutboxMail


class PlainMessage(EmailMessage):
    """Plain text in UTF-8, encoded so that seven bits carry it over every relay."""

    def message(self, *, policy: Any = default) -> Any:
        return super().message(policy=policy.clone(cte_type="7bit"))


def message_of(mail: OutboxMail) -> PlainMessage:
    """The message that ``mail`` becomes, the same at every attempt but for its date."""
    headers = {
        "Date": format_datetime(timezone.localtime()),
        "Message-ID": f"<{mail.reference}@{_own_domain()}>",
        # No out-of-office note answers it (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        if mail.unsubscribe_url.startswith("https:"):  # one click, by POST (RFC 8058)
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return PlainMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers=headers,
    )


def _own_domain() -> str:
    """The domain that mail is sent from, which makes a Message-ID ours (RFC 5322 3.6.4)."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
