"""「ご利用開始のご案内」: invitations in waves to the people who have an account already."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit, links, mail
from core.audit import Actor, System
from core.enums import MailKind, MailState
from core.errors import DomainError
from core.models import MailLink, OutboxMail
from members import emails, starting
from members.enums import Action
from members.models import Seat, User
from members.services.acting import require_secretariat_or_system

WELCOME_DAYS = 90


@transaction.atomic
def write_welcomes(
    mailing: str,
    *,
    prefectures: Collection[str] = (),
    kinds: Collection[str] = (),
    only_silent: bool = True,
    by: Actor,
) -> list[Seat]:
    """Writes the mails of one wave (``starting.recipients``), held until they are released.

    Each has a link and a code of its own. Those of an earlier wave hold as well: this one may
    never be released. Returns one seat of everybody who is written to. Raises ``DomainError`` when there is nobody, and
    ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    seats = starting.recipients(
        prefectures=prefectures, kinds=kinds, only_silent=only_silent, mailing=mailing
    )
    if not seats:
        raise DomainError("この条件で、まだ案内していない方はいません")
    for seat in seats:
        issued = _issue(seat, replaces=False)
        emails.send_welcome(seat, issued, kind=MailKind.BULK, mailing=mailing)
    organizations = {seat.office.organization_id for seat in seats}
    counts = {mailing: f"{len(organizations):,}団体 {len(seats):,}人"}
    audit.record_run(Action.WRITE_WELCOMES, by=by, counts=counts)
    return seats


@transaction.atomic
def renew_welcome(link: MailLink) -> None:
    """Mails a new link in place of one that is over, to the same address only.

    Raises ``DomainError`` when the account has another address by now, or nobody's seat.
    """
    seats = Seat.objects.with_office().with_user().filter(user=link.object_id)
    seat = seats.active().order_by("-pk").first()
    if seat is None or seat.user.email != link.to:
        raise DomainError("登録の内容が変わっているため、新しいリンクを送れません")
    emails.send_welcome(seat, _issue(seat), kind=MailKind.NORMAL, mailing="")


@transaction.atomic
def note_start(user: User) -> None:
    """Notes the first login of ``user``; an invitation that is still held is not sent any more."""
    silent = User.objects.filter(pk=user.pk, started_at=None)
    if not silent.update(started_at=timezone.now()):
        return
    key = starting.welcome_key(user, "")
    for waiting in OutboxMail.objects.filter(key__startswith=key, state=MailState.HELD):
        mail.cancel(waiting, by=System("初めてのログイン"), reason="案内の前にログインしたため")


def _issue(seat: Seat, *, replaces: bool = True) -> links.Issued:
    expires_at = timezone.now() + timedelta(days=WELCOME_DAYS)
    to = seat.user.email
    return links.issue(starting.WELCOME, seat.user, to=to, expires_at=expires_at, replaces=replaces)
