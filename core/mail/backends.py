"""Where mail goes: to a mail server, or, without one, to the terminal and into files."""

import secrets
import smtplib
import sys
from collections.abc import Buffer, Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

# Seconds to wait for the answer to a whole message. RFC 5321 4.5.3.2.6 grants the server ten
# minutes; more than two would keep the login codes waiting that stand behind the message.
ANSWERS_WITHIN = 120


class Unanswered(Exception):
    """The whole message was handed over, and no answer came: it may have arrived."""


class _Conversation(smtplib.SMTP):
    """Tells a message that was cut short from one that was not answered.

    A server takes a message only with its last line (RFC 5321 4.1.1.4), so one that broke off
    before may be sent again, and one that was handed over whole may not.
    """

    _is_handed_over = False

    def data(self, msg: Buffer | str) -> tuple[int, bytes]:
        self._is_handed_over = False
        patience = self.sock.gettimeout() if self.sock else None
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self._is_handed_over:
                raise Unanswered(str(error)) from error
            raise
        finally:
            if self.sock:
                self.sock.settimeout(patience)

    def send(self, s: Buffer | str) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(b"\r\n.\r\n") and self.sock:
            self._is_handed_over = True
            self.sock.settimeout(ANSWERS_WITHIN)


class _ConversationOverTLS(_Conversation, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP; raises ``Unanswered`` when it cannot know whether a mail was taken."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _ConversationOverTLS if self.use_ssl else _Conversation


class PrintAndKeepBackend(BaseEmailBackend):
    """Prints each mail to standard error and keeps it in ``settings.KEPT_MAIL_DIR``.

    Only the owner of the files reads them, because codes stand in them. Used when no SMTP server is named, so that login codes reach whoever runs the demo.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            path = self._keep(message)
            print(
                f"\n---- mail to {', '.join(message.recipients())} ({path.name}) ----\n"
                f"{message.subject}\n\n{message.body}\n----",
                file=sys.stderr,
                flush=True,
            )
        return len(email_messages)

    def _keep(self, message: EmailMessage) -> Path:
        directory = Path(settings.KEPT_MAIL_DIR)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S-%f")
        # Two workers may write in the same microsecond.
        path = directory / f"{stamp}-{secrets.token_hex(2)}.txt"
        headers = f"To: {', '.join(message.recipients())}\nSubject: {message.subject}\n\n"
        path.touch(mode=0o600)
        path.write_text(headers + str(message.body), encoding="utf-8")
        return path
