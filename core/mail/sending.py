"""Sending what waits in the outbox, so that nobody gets a mail twice.

A row is claimed (送信待ち → 送信中) and committed before its mail is handed to the server, and
settled afterwards. Whatever stops the process in between leaves one row 送信中, which becomes
要確認 and is never sent again by itself.
"""

import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from core.enums import MailKind, MailState
from core.mail.backends import Unanswered
from core.mail.messages import message_of
from core.models import OutboxMail
from core.querysets import OutboxQuerySet

logger = logging.getLogger(__name__)

# Mails of one connection: servers take it amiss when one stays open for ever.
PER_CONNECTION = 100
_MINUTE = timedelta(minutes=1)
# The wait after each attempt that was put off. Two servers in three lift a grey-listing within
# minutes; RFC 5321 4.5.4.1 asks not to give up for four to five days, a long weekend.
RETRY_AFTER = (
    *(number * _MINUTE for number in (1, 5, 15, 30)),
    *(timedelta(hours=number) for number in (1, 2, 4, 8, 12, 24, 24, 24)),
)
# Of mail that expires: somebody sits waiting. The last one repeats until it has expired.
HASTY_RETRY_AFTER = tuple(timedelta(seconds=number) for number in (5, 15, 30, 60))
# Longer than any attempt lasts: every command within the server's timeout, then the answer.
STALE_AFTER = timedelta(minutes=10)

STOPPED = "送信の途中で処理が止まりました。届いているかもしれません"
UNANSWERED = "メールサーバーの返事がありませんでした。届いているかもしれません"
_LONGEST_ERROR = 500
GIVEN_UP = "{count}回試みましたが、送信できませんでした。最後の返事：{error}"


class ServerTrouble(Exception):
    """No mail leaves at present: the server is away, or refuses us. ``str(error)`` says why.

    ``tried`` is how many mails were tried before without it.
    """

    tried = 0


def drain(keep_going: Callable[[], bool] = lambda: True) -> int:
    """Sends what is due over one connection; returns how many mails it has tried.

    Codes go first, then normal mails, then bulk, each as they came; at most ``PER_CONNECTION``
    mails, and no more than ``settings.MAIL_PER_MINUTE`` where that is set, which codes do not
    wait for. ``keep_going`` is asked before each mail.

    Raises ``ServerTrouble`` when there is no connection, or none any more. What is left keeps
    its place.
    """
    room = _room()
    if not _due(room).exists():
        return 0
    count = 0
    with _connection() as connection:
        while count < PER_CONNECTION and keep_going():
            mail = _claim(room)
            if mail is None:
                break
            try:
                _send(mail, connection)
            except ServerTrouble as trouble:
                trouble.tried = count
                raise
            count += 1
            room -= 1
    return count


def try_server() -> None:
    """Opens a connection and closes it. Raises ``ServerTrouble`` when that cannot be done."""
    with _connection():
        pass


def settle_forgotten(stale_before: datetime | None = None) -> int:
    """Settles what nobody sends any more; returns how many mails.

    What has expired is never sent. What was 送信中 before ``stale_before``, by default
    ``STALE_AFTER`` ago, becomes 要確認: its sender is dead. Bodies of secret mails are erased.
    """
    now = timezone.now()
    mails = OutboxMail.objects.all()
    expired = _settle_all(mails.expired(now), MailState.EXPIRED)
    stale = mails.stale(stale_before or now - STALE_AFTER)
    return expired + _settle_all(stale, MailState.UNCERTAIN, STOPPED)


def _settle_all(rows: OutboxQuerySet, state: MailState, error: str = "") -> int:
    if not rows.exists():  # a read, so that an idle worker takes no lock
        return 0
    values = {"state": state, **({"last_error": error} if error else {})}
    secret = rows.filter(kind=MailKind.SECRET).update(body="", **values)
    return secret + rows.update(**values)


def _room() -> int:
    """How many mails may still be tried in this minute."""
    if not settings.MAIL_PER_MINUTE:
        return PER_CONNECTION
    tried = OutboxMail.objects.filter(claimed_at__gt=timezone.now() - _MINUTE).count()
    return int(settings.MAIL_PER_MINUTE) - tried


def _due(room: int) -> OutboxQuerySet:
    due = OutboxMail.objects.due(timezone.now())
    return due if room > 0 else due.filter(kind=MailKind.SECRET)


def _claim(room: int) -> OutboxMail | None:
    """The next mail, 送信中 from now on and for everybody; None when nothing is due.

    Two senders may see the same row; the database lets one of them have it.
    """
    mail: OutboxMail | None
    while mail := _due(room).first():
        mail.state, mail.claimed_at = MailState.SENDING, timezone.now()
        waiting = OutboxMail.objects.filter(pk=mail.pk, state=MailState.NEW)
        if waiting.update(state=mail.state, claimed_at=mail.claimed_at, attempts=F("attempts") + 1):
            mail.attempts += 1
            break
    return mail


def _send(mail: OutboxMail, connection: BaseEmailBackend) -> None:
    """Sends a claimed mail and settles it.

    Raises ``ServerTrouble`` when the connection is of no more use.
    """
    try:
        connection.send_messages([message_of(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        [(code, reply)] = error.recipients.values()
        _settle_by(mail, code, reply)
    except smtplib.SMTPDataError as error:
        _settle_by(mail, error.smtp_code, error.smtp_error)
    except Unanswered as error:
        _settle(mail, MailState.UNCERTAIN, UNANSWERED)
        raise ServerTrouble(UNANSWERED) from error
    except OSError as error:  # it hung up, or refuses us: this mail it has not taken
        _put_off(mail, _text_of(error))
        raise ServerTrouble(_text_of(error)) from error
    except ValueError as error:  # no mail can be made of this row
        _settle(mail, MailState.FAILED, _text_of(error))
    else:
        _settle(mail, MailState.SENT)


def _settle_by(mail: OutboxMail, code: int, reply: bytes | str) -> None:
    """Settles a mail by the server's answer to it (RFC 5321 4.2.1)."""
    text = _text_of(smtplib.SMTPResponseException(code, reply))
    if 500 <= code < 600:
        _settle(mail, MailState.FAILED, text)
    elif 400 <= code < 500:
        _put_off(mail, text)
    else:
        _settle(mail, MailState.UNCERTAIN, text)
    if code == 421:  # it closes the connection
        raise ServerTrouble(text)


def _put_off(mail: OutboxMail, error: str) -> None:
    """Back into the queue, for later; failed when that has been done often enough."""
    waits = RETRY_AFTER
    if mail.expires_at is not None:
        waits = HASTY_RETRY_AFTER + HASTY_RETRY_AFTER[-1:] * mail.attempts
    if mail.attempts > len(waits):
        _settle(mail, MailState.FAILED, GIVEN_UP.format(count=mail.attempts, error=error))
        return
    next_try_at = timezone.now() + waits[mail.attempts - 1]
    _note(mail, MailState.NEW, last_error=error, next_try_at=next_try_at)


def _settle(mail: OutboxMail, state: MailState, error: str = "") -> None:
    """Notes what became of a mail; a secret one loses its body with that."""
    values: dict[str, Any] = {"last_error": error}
    if state == MailState.SENT:
        values["sent_at"] = timezone.now()
    if mail.is_secret:
        values["body"] = ""
    _note(mail, state, **values)


def _note(mail: OutboxMail, state: MailState, **values: Any) -> None:
    """Writes down what a claim came to, unless the row has been taken from its sender since.

    A sender that was held up for longer than ``STALE_AFTER`` finds its row 要確認, or already
    judged by a person, or claimed anew; what stands there counts.
    """
    claim = OutboxMail.objects.filter(
        pk=mail.pk, state=MailState.SENDING, claimed_at=mail.claimed_at
    )
    if not claim.update(state=state, **values):
        logger.warning("mail %d was taken from its sender, which came to %s", mail.pk, state.value)


@contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """An open connection to the mail server. Raises ``ServerTrouble`` when there is none."""
    connection = mailers["default"]
    try:
        connection.open()
    except OSError as error:
        raise ServerTrouble(_text_of(error)) from error
    try:
        yield connection
    finally:
        # Every mail is settled: how the server takes its leave changes nothing.
        with suppress(OSError):
            connection.close()


def _text_of(error: Exception) -> str:
    """What went wrong, in the server's words where it said something."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        text = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
        return f"{error.smtp_code} {text}"[:_LONGEST_ERROR]
    return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
