"""A seat and its open business passed to a successor: begun, changed, sent again, ended."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core import audit, links
from core.audit import Actor, System, Told
from core.dates import add_months, day_text, today
from core.errors import DomainError, require
from core.models import MailLink
from core.text import normalise_email
from members import emails, rules
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Handover, Organization, Seat, User
from members.services.acting import require_secretariat_or_system
from members.services.seats.invited import (
    prolong,
    refuse_erased,
    refuse_renewal,
    settle,
    signature,
    why_closed,
)
from members.services.seats.seats import MONTHS_AHEAD, NO_SHARED_LEAD, SHARED_MAKES_NO_LEAD

# What ``core.links`` calls the links of handovers.
HANDOVER = "members.handover"
# A successor who is named in March answers once they have arrived, in April.
HANDOVER_DAYS = 30
# How long both may act: whoever hands over passes a seat on, and does not make a second one.
MONTHS_TOGETHER = 3


class WrongDay(DomainError):
    """A day that does not fit; ``field`` is its name in ``HandoverTerms``."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Successor:
    """Whom a seat passes to; the name may be unknown yet."""

    email: str
    family_name: str = ""
    given_name: str = ""


@dataclass(frozen=True)
class HandoverTerms:
    """When a seat ends, when the successor's begins, and what the predecessor wants to say."""

    last_day: date
    first_day: date
    note: str = ""


@transaction.atomic
def start_handover(
    seat: Seat, successor: Successor, terms: HandoverTerms, *, by: Actor, told: Told | None = None
) -> Handover:
    """Names the successor of ``seat`` and mails them; it may be answered for ``HANDOVER_DAYS``.

    The predecessor is told when somebody else has done it. A seat that has ended lasts until
    the day on which it did. Raises ``DomainError`` when a handover of the seat waits already,
    for an address that cannot succeed, and for days that do not fit; ``NotAllowed`` for whom
    ``rules.may_hand_over`` and the secretariat leave.
    """
    seat, by = _allowed(seat, by)
    _refuse_waiting(seat)
    email = normalise_email(successor.email)
    kind = successor_kind(seat, email, by)
    is_person = kind == UserKind.PERSONAL
    terms = fitting_terms(seat, terms)
    handover = Handover.objects.create(
        seat=seat,
        kind=kind,
        email=email,
        family_name=successor.family_name.strip() if is_person else "",
        given_name=successor.given_name.strip() if is_person else "",
        last_day=terms.last_day,
        first_day=terms.first_day,
        note=terms.note,
        sent_by=signature(by),
        expires_at=_expiry(),
    )
    audit.record(Action.START_HANDOVER, handover, by=by, changes=_begun(handover), told=told)
    _mail(handover)
    if not (isinstance(by, Seat) and by.user_id == seat.user_id):
        emails.tell_started_handover(handover)
    return handover


@transaction.atomic
def change_handover(
    handover: Handover, terms: HandoverTerms, *, by: Actor, told: Told | None = None
) -> Handover:
    """Other days, or another note, until it is answered; nothing is written without a change.

    Raises as ``start_handover`` does for the days, and ``DomainError`` when it is answered,
    cancelled or has run out.
    """
    handover, by = _to_handle(handover, by)
    _refuse_closed(handover)
    terms = fitting_terms(handover.seat, terms)
    before = _terms_of(handover)
    handover.last_day, handover.first_day, handover.note = (
        terms.last_day,
        terms.first_day,
        terms.note,
    )
    changes = audit.differences(before, _terms_of(handover), personal=frozenset({"note"}))
    if changes:
        handover.save(update_fields=list(before))
        audit.record(Action.CHANGE_HANDOVER, handover, by=by, changes=changes, told=told)
    return handover


@transaction.atomic
def cancel_handover(handover: Handover, *, by: Actor, told: Told | None = None) -> Handover:
    """Takes it back; both seats stay as they are, and its link opens nothing any more.

    Raises ``DomainError`` when it has been answered or has run out, ``NotAllowed``.
    """
    handover, by = _to_handle(handover, by)
    if handover.status != InvitationStatus.SENT:
        raise DomainError(why_closed(handover))
    settle(handover, InvitationStatus.CANCELLED, Action.CANCEL_HANDOVER, by=by, told=told)
    links.cancel(HANDOVER, handover)
    return handover


@transaction.atomic
def resend_handover(handover: Handover, *, by: Actor) -> Handover:
    """Mails it again, for ``HANDOVER_DAYS`` from now; the earlier link ends.

    One that has run out is begun anew: then the new handover is returned. Raises
    ``DomainError`` when it was answered or cancelled, and what ``start_handover`` raises;
    ``NotAllowed``.
    """
    handover, by = _to_handle(handover, by)
    if handover.status == InvitationStatus.EXPIRED:
        return _start_again(handover, by=by)
    prolong(handover, _expiry(), Action.RESEND_HANDOVER, by=by)
    _mail(handover)
    return handover


@transaction.atomic
def renew_handover(link: MailLink) -> None:
    """Mails a new link to the successor, as they ask on the page of the old one.

    While the handover waits, for as long as it does; one that has run out is begun anew, until
    ``RENEWAL_DAYS`` later. Raises ``DomainError`` when it was answered, cancelled or ran out
    longer ago, and when the organization has left since.
    """
    handover = locked_handover(Handover.objects.get(pk=link.object_id))
    if handover.status == InvitationStatus.SENT and not handover.is_over:
        _mail(handover)
        return
    same = Handover.objects.filter(seat=handover.seat, email=handover.email)
    office = handover.seat.office
    refuse_renewal(handover, office=office, later=same.filter(pk__gt=handover.pk))
    if handover.status == InvitationStatus.SENT:
        _expire(handover)
    _start_again(handover, by=System("引継ぎのリンク"), sent_by=handover.sent_by)


@transaction.atomic
def expire_handovers() -> int:
    """Notes which handovers nobody has answered in time, and tells the predecessors by mail.

    Returns how many. The seats stay as they are.
    """
    overdue = Handover.objects.overdue().with_seat().select_for_update(of=("self",))
    for handover in overdue:
        _expire(handover)
        emails.tell_expired_handover(handover)
    return len(overdue)


def locked_handover(handover: Handover) -> Handover:
    """The handover as it stands now; all changes to an organization's seats wait for it."""
    organization = handover.seat.office.organization_id
    Organization.objects.locked().get(pk=organization)
    rows = Handover.objects.select_for_update(of=("self",)).with_seat()
    return rows.get(pk=handover.pk)


def default_terms(seat: Seat) -> HandoverTerms:
    """The days as most handovers have them: until 31 March, and from 1 April.

    A seat that ends before passes on the day after. One that has ended lasted until then, and
    the successor begins today.
    """
    fiscal_end = date(today().year + (today().month >= 4), 3, 31)
    if has_ended(seat):
        return HandoverTerms(seat.valid_until, today())
    last_day = max(min(fiscal_end, seat.valid_until or fiscal_end), seat.valid_from)
    return HandoverTerms(last_day, last_day + timedelta(days=1))


def has_ended(seat: Seat) -> bool:
    return seat.valid_until is not None and seat.valid_until < today()


def successor_kind(seat: Seat, email: str, by: Actor) -> UserKind:
    """The kind of the successor's account. Raises ``DomainError`` when it cannot succeed.

    A shared mailbox passes its own seat on, and names no other lead.
    """
    is_a_colleagues = isinstance(by, Seat) and by.user_id != seat.user_id
    if is_a_colleagues and not rules.may_give_role(by, seat.role, to_shared=False):
        raise DomainError(SHARED_MAKES_NO_LEAD)
    user = User.objects.filter(email=email).first()
    if user is None:
        return UserKind.PERSONAL
    if not user.is_active:
        raise DomainError("このメールアドレスは使えません。事務局にご連絡ください")
    if user.pk == seat.user_id:
        if user.is_shared:
            return UserKind.OFFICE
        raise DomainError("後任のメールアドレスが、前任の方のアドレスと同じです")
    is_lead_for_shared = seat.role == Role.LEAD and user.is_shared
    if is_lead_for_shared and isinstance(by, Seat) and not rules.is_secretariat(by):
        raise DomainError(NO_SHARED_LEAD)
    return UserKind(user.kind)


def fitting_terms(seat: Seat, terms: HandoverTerms) -> HandoverTerms:
    """``terms`` as they can be. Raises ``WrongDay`` for days that do not fit the seat."""
    last_day = terms.last_day
    if has_ended(seat):
        last_day = seat.valid_until
    elif last_day < max(today(), seat.valid_from):
        first = day_text(max(today(), seat.valid_from))
        raise WrongDay("last_day", f"前任の最後の日は、{first}以降の日付にしてください")
    elif seat.valid_until is not None and last_day > seat.valid_until:
        until = day_text(seat.valid_until)
        raise WrongDay(
            "last_day", f"前任の最後の日は、担当の終わりの日（{until}）までにしてください"
        )
    if not today() <= terms.first_day <= add_months(today(), MONTHS_AHEAD):
        raise WrongDay("first_day", "後任の最初の日は、今日から1年以内の日付にしてください")
    if last_day > add_months(terms.first_day, MONTHS_TOGETHER):
        raise WrongDay(
            "last_day",
            f"前任の最後の日は、後任の最初の日から{MONTHS_TOGETHER}か月以内の日付にしてください",
        )
    return HandoverTerms(last_day, terms.first_day, terms.note.strip())


def is_held(seat: Seat) -> bool:
    """Whether ``seat`` has not ended, or is a last lead's to whom nobody has succeeded."""
    return not has_ended(seat) or Seat.objects.filter(pk=seat.pk).lingering(today()).exists()


def _allowed(seat: Seat, by: Actor) -> tuple[Seat, Actor]:
    """The seat and who acts, as they are now. Raises ``NotAllowed``, and ``DomainError`` for a
    seat that has ended and is no last lead's."""
    Organization.objects.locked().get(pk=seat.office.organization_id)
    rows = Seat.objects.select_for_update(of=("self",), no_key=True).with_office().with_user()
    seat = rows.get(pk=seat.pk)
    if isinstance(by, Seat):
        by = Seat.objects.with_office().with_user().get(pk=by.pk)
        require(rules.is_secretariat(by) or rules.may_hand_over(by, seat))
    else:
        require_secretariat_or_system(by)
    if seat.taken_over_at is not None:
        raise DomainError("この担当は、事務局が引き取っています。後任の方は、事務局が登録します")
    if not is_held(seat):
        raise DomainError("この担当は、すでに終わっています")
    return seat, by


def _to_handle(handover: Handover, by: Actor) -> tuple[Handover, Actor]:
    """The handover and who acts on it for the organization. Raises ``NotAllowed``."""
    handover = locked_handover(handover)
    if isinstance(by, Seat):
        by = Seat.objects.with_office().with_user().get(pk=by.pk)
        require(rules.is_secretariat(by) or rules.may_handle_handover(by, handover))
    else:
        require_secretariat_or_system(by)
    return handover, by


def _refuse_waiting(seat: Seat) -> None:
    """Raises ``DomainError`` while another handover of the seat waits for its answer."""
    for earlier in Handover.objects.waiting().with_seat().filter(seat=seat):
        if not earlier.is_over:
            raise DomainError("この担当の引継ぎは、すでに始まっています")
        _expire(earlier)


def _refuse_closed(handover: Handover) -> None:
    if handover.status != InvitationStatus.SENT or handover.is_over:
        raise DomainError(why_closed(handover))


def _start_again(handover: Handover, *, by: Actor, sent_by: str = "") -> Handover:
    """A new handover in the terms of one that has run out; days that have passed become today."""
    refuse_erased(handover)
    terms = HandoverTerms(
        max(handover.last_day, today()), max(handover.first_day, today()), handover.note
    )
    successor = Successor(handover.email, handover.family_name, handover.given_name)
    again = start_handover(handover.seat, successor, terms, by=by)
    if sent_by:
        again.sent_by = sent_by
        again.save(update_fields=["sent_by"])
    return again


def _mail(handover: Handover) -> None:
    issued = links.issue(HANDOVER, handover, to=handover.email, expires_at=handover.expires_at)
    emails.send_handover(handover, issued)


def _expire(handover: Handover) -> None:
    by = System("引継ぎの期限")
    settle(handover, InvitationStatus.EXPIRED, Action.EXPIRE_HANDOVER, by=by)


def _terms_of(handover: Handover) -> dict:
    names = ("last_day", "first_day", "note")
    return {name: getattr(handover, name) for name in names}


def _begun(handover: Handover) -> dict[str, audit.Change]:
    return {
        "email": audit.Change("", handover.email, personal=True),
        "kind": audit.Change("", handover.kind),
        "last_day": audit.Change(None, handover.last_day),
        "first_day": audit.Change(None, handover.first_day),
    }


def _expiry():
    return timezone.now() + timedelta(days=HANDOVER_DAYS)
