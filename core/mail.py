"""Mail without a mail server: printed in the terminal and kept as files."""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


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
