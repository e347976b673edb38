"""The outbox: how a mail gets into it, and what the secretariat does with what is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import Actor, Change
from core.enums import MAIL_MOVES, Action, MailKind, MailMove, MailState
from core.errors import DomainError, given
from core.mail.layout import laid_out
from core.models import OutboxMail, UndeliverableAddress
from core.querysets import OutboxQuerySet
from core.text import normalise_email
from core.traces import is_erased

# A month, of long holidays too; what nobody has looked at by then is no news any more.
UNREACHED_FOR = timedelta(days=30)
_UNREACHED = (MailState.FAILED, MailState.UNCERTAIN, MailState.UNSENT)
_LONGEST_ADDRESS = 254
_LONGEST_SUBJECT = 200
_NO_ADDRESS = "メールアドレスの形が正しくありません"
_MARKED = "不達と記録されたアドレスです"


@dataclass(frozen=True)
class Letter:
    """A mail to be written; ``queue`` says what its parts are."""

    key: str
    to: str
    subject: str
    body: str
    kind: MailKind = MailKind.NORMAL
    mailing: str = ""
    expires_at: datetime | None = None
    unsubscribe_url: str = ""
    hold: bool = True


def queue(
    key: str,
    *,
    to: str,
    subject: str,
    body: str,
    kind: MailKind = MailKind.NORMAL,
    mailing: str = "",
    expires_at: datetime | None = None,
    unsubscribe_url: str = "",
    hold: bool = True,
) -> OutboxMail:
    """Writes a mail in the caller's transaction; the worker sends it once that has committed.

    ``key`` says what the mail tells whom, such as ``proposals.reply:12:seat:3``: the same key
    twice is one mail, the first, whatever became of it. ``body`` is laid out in short lines.
    Bulk mails are held until the secretariat releases them, those of one ``mailing`` together;
    without ``hold`` they leave as soon as nothing else waits.
    A mail past ``expires_at`` is never sent.

    A bad address raises nothing, so that it does not stop the others: that mail, like one to
    an address marked 不達, is noted as 送らず. Codes are sent to marked addresses all the same,
    because somebody is waiting who typed the address just now.
    """
    letter = Letter(key, to, subject, body, kind, mailing, expires_at, unsubscribe_url, hold=hold)
    trouble = _why_not_to(normalise_email(to), kind)
    mail, _ = OutboxMail.objects.get_or_create(key=key, defaults=_columns(letter, trouble))
    return mail


def queue_all(letters: Iterable[Letter]) -> int:
    """Writes many mails, each as ``queue`` would; returns how many are new.

    Four queries for some hundreds of them; what calls it hands a greater wave over in parts.
    """
    by_key: dict[str, Letter] = {}
    for letter in letters:
        by_key.setdefault(letter.key, letter)
    known = set(OutboxMail.objects.filter(key__in=by_key).values_list("key", flat=True))
    new = [letter for key, letter in by_key.items() if key not in known]
    addresses = {normalise_email(letter.to) for letter in new}
    marked = UndeliverableAddress.objects.filter(address__in=addresses)
    dead = set(marked.values_list("address", flat=True))
    OutboxMail.objects.bulk_create(
        (
            OutboxMail(key=letter.key, **_columns(letter, _trouble_with(letter, dead)))
            for letter in new
        ),
        ignore_conflicts=True,  # another writer may just have written one of them
    )
    return len(new)


def _columns(letter: Letter, trouble: str) -> dict[str, Any]:
    """The row of ``letter``; ``trouble`` says why it is not to be sent."""
    is_lost = bool(trouble) and letter.kind == MailKind.SECRET
    return {
        "kind": letter.kind,
        "state": _first_state(letter, trouble),
        "mailing": letter.mailing,
        "to": normalise_email(letter.to)[:_LONGEST_ADDRESS],
        "subject": _one_line(letter.subject),
        "body": "" if is_lost else laid_out(letter.body),
        "expires_at": letter.expires_at,
        "unsubscribe_url": letter.unsubscribe_url,
        "last_error": trouble,
    }


@transaction.atomic
def release(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Lets a held mail go. Raises ``DomainError`` when it is not held any more."""
    return _move(mail, MailMove.RELEASE, Action.RELEASE_MAIL, by)


@transaction.atomic
def release_mailing(mailing: str, *, by: Actor) -> int:
    """Lets all held mails of ``mailing`` go; returns how many.

    Raises ``DomainError`` when none is held any more.
    """
    return _move_all(mailing, MailState.NEW, Action.RELEASE_MAILING, by)


@transaction.atomic
def cancel(mail: OutboxMail, *, by: Actor, reason: str) -> OutboxMail:
    """Takes a waiting mail back. Raises ``DomainError`` when it waits no more."""
    return _move(mail, MailMove.CANCEL, Action.CANCEL_MAIL, by, given(reason))


@transaction.atomic
def cancel_mailing(mailing: str, *, by: Actor, reason: str) -> int:
    """Takes all held mails of ``mailing`` back; returns how many.

    Raises ``DomainError`` when none is held any more.
    """
    return _move_all(mailing, MailState.CANCELLED, Action.CANCEL_MAILING, by, given(reason))


@transaction.atomic
def resend(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Puts a mail that failed, or may not have arrived, into the queue anew.

    Raises ``DomainError`` for a mail in another state, for a secret one, whose body is gone,
    and while its address is marked 不達.
    """
    if mail.is_secret:
        raise DomainError(
            "番号のメールは送り直せません。ご本人に、もう一度番号を求めてもらってください"
        )
    if trouble := _why_not_to(mail.to, MailKind(mail.kind)):
        raise DomainError(f"{trouble}。先に不達を解除するか、宛先を直してください")
    return _move(mail, MailMove.RESEND, Action.RESEND_MAIL, by)


@transaction.atomic
def mark_undeliverable(address: str, *, by: Actor, reason: str) -> UndeliverableAddress:
    """Notes that nothing reaches ``address``; what waits for it is not sent (codes are).

    Raises ``DomainError`` when that has been noted before.
    """
    address = normalise_email(address)
    row, is_new = UndeliverableAddress.objects.get_or_create(
        address=address, defaults={"reason": given(reason)[:200]}
    )
    if not is_new:
        raise DomainError("このアドレスの不達は、すでに記録されています")
    waiting = OutboxMail.objects.filter(to=address, state__in=[MailState.HELD, MailState.NEW])
    waiting.exclude(kind=MailKind.SECRET).update(
        state=MailState.UNSENT, last_error=_why_not_to(address, MailKind.NORMAL)
    )
    changes = {"address": Change("", address, personal=True)}
    audit.record(Action.MARK_UNDELIVERABLE, row, by=by, changes=changes, reason=row.reason)
    return row


@transaction.atomic
def clear_undeliverable(row: UndeliverableAddress, *, by: Actor, reason: str) -> None:
    """Mail is sent to the address again; what was not sent meanwhile stays so."""
    changes = {"address": Change(row.address, "", personal=True)}
    audit.record(Action.CLEAR_UNDELIVERABLE, row, by=by, changes=changes, reason=given(reason))
    row.delete()


def unreached() -> OutboxQuerySet:
    """The mails of the last 30 days that reached nobody, or perhaps not, and wait for somebody.

    They are sent again, or their address is noted as 不達: whoever has that one is then looked
    after instead. Codes are asked for anew by whoever needs one.
    """
    since = timezone.now() - UNREACHED_FOR
    lately = Q(claimed_at__gt=since) | Q(claimed_at=None, created_at__gt=since)
    troubled = OutboxMail.objects.filter(lately, state__in=_UNREACHED).exclude(kind=MailKind.SECRET)
    return troubled.exclude(to__in=UndeliverableAddress.objects.values("address"))


def _why_not_to(address: str, kind: MailKind) -> str:
    """Why a mail of ``kind`` is not sent to ``address``; empty when it may be."""
    if not _is_address(address):
        return _NO_ADDRESS
    if kind == MailKind.SECRET:
        return ""
    return _MARKED if UndeliverableAddress.objects.filter(address=address).exists() else ""


def _trouble_with(letter: Letter, dead: set[str]) -> str:
    """``_why_not_to`` where the marked addresses have been read."""
    address = normalise_email(letter.to)
    if not _is_address(address):
        return _NO_ADDRESS
    return _MARKED if address in dead and letter.kind != MailKind.SECRET else ""


def _is_address(address: str) -> bool:
    try:
        OutboxMail._meta.get_field("to").clean(address, None)
    except ValidationError:
        return False
    return not is_erased(address)


def _first_state(letter: Letter, trouble: str) -> MailState:
    if trouble:
        return MailState.UNSENT
    is_held = letter.kind == MailKind.BULK and letter.hold
    return MailState.HELD if is_held else MailState.NEW


def _one_line(subject: str) -> str:
    """A subject cannot smuggle a header in, and ends in … where it is too long to keep."""
    line = " ".join(subject.split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1] + "…"


def _move(
    mail: OutboxMail, move: MailMove, action: Action, by: Actor, reason: str = ""
) -> OutboxMail:
    """Moves a mail as ``MAIL_MOVES`` allows it, with its audit row."""
    mail = OutboxMail.objects.select_for_update().get(pk=mail.pk)
    before = MailState(mail.state)
    target = MAIL_MOVES.get((before, move))
    if target is None:
        raise DomainError(f"このメールは「{before.label}」のため、{move.label}ことはできません")
    changes = {"state": Change(before, target)}
    if target == MailState.NEW:
        changes |= audit.differences({"attempts": mail.attempts}, {"attempts": 0})
        mail.attempts, mail.next_try_at = 0, timezone.now()
    mail.state = target
    if mail.is_secret and target in MailState.settled():
        mail.body = ""
    mail.save(update_fields=["state", "attempts", "next_try_at", "body"])
    audit.record(action, mail, by=by, changes=changes, reason=reason)
    return mail


def _move_all(mailing: str, target: MailState, action: Action, by: Actor, reason: str = "") -> int:
    """Moves the held mails of a mailing, with one audit row for them all."""
    held = OutboxMail.objects.filter(mailing=mailing, state=MailState.HELD) if mailing else None
    count = held.update(state=target, next_try_at=timezone.now()) if held is not None else 0
    if not count:
        raise DomainError("この一斉送信に、確認待ちのメールはありません")
    counts = {mailing: f"{count:,}通"} | ({"理由": reason} if reason else {})
    audit.record_run(action, by=by, counts=counts)
    return count
