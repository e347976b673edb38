"""A successor's answer, and what it does to both seats."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core import audit
from core.audit import System
from core.dates import today
from core.errors import DomainError
from members import emails
from members import handover as business
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Handover, Organization, Seat, User
from members.services.people.shared import reset_shared_credentials
from members.services.seats.handovers import HANDOVER, has_ended, locked_handover
from members.services.seats.invited import (
    forget_seats,
    leads_to_tell,
    note_name,
    require_to_answer,
    settle,
    use_links,
)
from members.services.seats.seats import HAS_SEAT, add_seat, end_seat, until_leaving

_ONE_DAY = timedelta(days=1)


@transaction.atomic
def accept_handover(
    handover: Handover, *, user: User, family_name: str = "", given_name: str = ""
) -> Seat:
    """Passes the seat to ``user``, who is logged in with the very address that was named.

    The old seat ends on ``last_day`` and the new one begins on ``first_day``; a day that has
    passed meanwhile becomes yesterday, or today. A seat that the successor has at the office
    already becomes the new one; where it is more than what is handed over, it stays as it is.
    Everything that hangs on the person moves; the predecessor, the office's leads and the
    counterparts of the open business get one mail each. Where the people behind a shared
    mailbox change, its seat goes on, and the ways to log in that the former ones know end
    (``reset_shared_mailboxes``). Raises ``NotAllowed`` for anybody else, ``DomainError`` when
    the handover holds no longer, the seat has been cut short since, the organization has left
    or the name is missing.
    """
    handover = locked_handover(handover)
    require_to_answer(handover, user)
    _refuse_changed(handover, user)
    note_name(user, family_name, given_name)
    old = handover.seat
    counterparts = business.counterparts_of(old) if tells_counterparts(old) else []
    _pass_on(handover, user)
    business.hand_over_all(old, handover.new_seat)
    settle(handover, InvitationStatus.ACCEPTED, Action.ACCEPT_HANDOVER, by=user)
    use_links(HANDOVER, handover)
    _tell(handover, user, counterparts)
    if old.user.is_shared and _first_day_without(handover) <= today():
        reset_shared_credentials(old.user, by=user)
    forget_seats(user)
    return handover.new_seat


@transaction.atomic
def decline_handover(handover: Handover, *, user: User, reason: str = "") -> Handover:
    """Says no, with a reason if ``user`` gives one; both seats stay as they are.

    The predecessor and the office's leads are told by mail. Raises as ``accept_handover`` does
    for whom and when.
    """
    handover = locked_handover(handover)
    require_to_answer(handover, user)
    handover.reason = reason.strip()
    settle(handover, InvitationStatus.DECLINED, Action.DECLINE_HANDOVER, by=user)
    use_links(HANDOVER, handover)
    emails.tell_declined_handover(handover, _own_side(handover, user))
    return handover


@transaction.atomic
def reset_shared_mailboxes(day: date) -> int:
    """Resets the shared accounts whose former people have left by ``day``; returns how many.

    Those that were accepted on the day itself, or after it, have been reset at once.
    """
    handovers = Handover.objects.filter(
        status=InvitationStatus.ACCEPTED, seat__user__kind=UserKind.OFFICE
    )
    stays = Q(new_seat__user=F("seat__user"))
    goes_on = stays & Q(first_day=day)
    has_ended_the_day_before = ~stays & Q(seat__valid_until=day - _ONE_DAY)
    due = [
        handover
        for handover in handovers.filter(goes_on | has_ended_the_day_before).with_seat()
        if _settled_day(handover) < day
    ]
    for handover in due:
        reset_shared_credentials(handover.seat.user, by=System("引継ぎ"))
    return len(due)


def _refuse_changed(handover: Handover, user: User) -> None:
    """Raises ``DomainError`` when something has happened meanwhile that forbids it."""
    seat = handover.seat
    if seat.taken_over_at is not None:
        raise DomainError("この担当は、事務局が引き取っています。後任の方は、事務局が登録します")
    cut_short = seat.valid_until is not None and seat.valid_until < handover.last_day
    if cut_short and not Seat.objects.filter(pk=seat.pk).lingering(today()).exists():
        raise DomainError(
            "前任の方の担当が、予定より早く終わることになっています。"
            f"{handover.sent_by}に、引継ぎの日付を直すようご依頼ください"
        )
    is_lead_for_shared = seat.role == Role.LEAD and user.is_shared
    if is_lead_for_shared and handover.kind == UserKind.PERSONAL:
        raise DomainError("共用アカウントは、この引継ぎを承諾できません。事務局にご連絡ください")


def _pass_on(handover: Handover, user: User) -> None:
    """Ends one seat and begins the other, and notes on which days that came to be."""
    old = handover.seat
    handover.first_day = max(handover.first_day, today())
    if handover.is_to_same_mailbox:
        goes_on = old.valid_until is None or old.valid_until >= handover.first_day
        handover.new_seat = old if goes_on else _seat_for(handover, user)
    else:
        handover.new_seat = _seat_for(handover, user)
        handover.last_day = _end(old, handover.last_day, user)


def _first_day_without(handover: Handover) -> date:
    """The first day on which the former people of a shared account are to be kept out."""
    if handover.is_to_same_mailbox:
        return handover.first_day
    return handover.last_day + _ONE_DAY


def _seat_for(handover: Handover, user: User) -> Seat:
    """The seat of the successor: a new one, or one at the office that becomes it."""
    office, first_day, role = handover.office, handover.first_day, Role(handover.seat.role)
    until = until_leaving(office, first_day, None)
    held = list(user.seats.filter(office=office).overlapping(first_day, None))
    if len(held) > 1:
        raise DomainError(f"{HAS_SEAT}。事務局にご連絡ください")
    days = {"valid_from": first_day, "valid_until": until}
    if not held:
        return add_seat(user, office, role, **days, by=user)
    [seat] = held
    if _rank(seat.role) < _rank(role):
        return _beside(seat, role, **days)
    if seat.role == role:
        return _changed(seat, user, **days | {"valid_from": min(seat.valid_from, first_day)})
    if seat.valid_from >= first_day:
        return _changed(seat, user, role=role, **days)
    _changed(seat, user, valid_until=first_day - _ONE_DAY)
    return add_seat(user, office, role, **days, by=user)


def _beside(more: Seat, role: Role, *, valid_from: date, valid_until: date | None) -> Seat:
    """The successor's own seat, which is more than ``role``; that one fills the days without it.

    Nobody leads sooner or longer because a deputy or a reader has named them.
    """
    if more.valid_from > valid_from:
        valid_until = more.valid_from - _ONE_DAY
    elif more.valid_until is not None and more.valid_until != valid_until:
        valid_from = more.valid_until + _ONE_DAY
    else:
        return more
    days = {"valid_from": valid_from, "valid_until": valid_until}
    return add_seat(more.user, more.office, role, **days, by=more.user)


def _rank(role: str) -> int:
    """How much a role may do: the less the more."""
    return list(Role).index(Role(role))


def tells_counterparts(seat: Seat) -> bool:
    """Whether other organizations hear of a successor to ``seat``: not of a reader, who deals
    with nobody."""
    return seat.role != Role.READER


def _changed(seat: Seat, user: User, **after) -> Seat:
    """The successor's own seat with new values; nothing is written when they are the same."""
    before = {name: getattr(seat, name) for name in after}
    changes = audit.differences(before, after)
    if changes:
        for name, value in after.items():
            setattr(seat, name, value)
        seat.save(update_fields=list(after))
        audit.record(Action.CHANGE_SEAT, seat, by=user, changes=changes)
    return seat


def _end(old: Seat, last_day: date, user: User) -> date:
    """Ends the predecessor's seat, and returns its last day.

    It has acted until now when ``last_day`` has passed.
    """
    if has_ended(old):
        return old.valid_until
    day = max(last_day, today() - _ONE_DAY, old.valid_from)
    if old.valid_until is not None:
        day = min(day, old.valid_until)
    if day != old.valid_until:
        end_seat(old, last_day=day, by=user)
    return day


def _tell(handover: Handover, user: User, counterparts: list[Organization]) -> None:
    """One mail to each: the predecessor and the own leads, then the counterparts' leads."""
    own = _own_side(handover, user)
    emails.tell_accepted_handover(handover, own, tells_others=tells_counterparts(handover.seat))
    leads = Seat.objects.on(today()).active().leads().with_office().with_user()
    others = leads.filter(office__organization__in=counterparts).order_by("pk")
    told = {user.pk, handover.seat.user_id, *(person.pk for person in own)}
    emails.tell_new_person(handover, [seat for seat in others if seat.user_id not in told])


def _own_side(handover: Handover, user: User) -> list[User]:
    """The predecessor and the leads at the office, each once; not ``user``, who answers."""
    leads = [seat.user for seat in leads_to_tell(handover.seat.office, user)]
    people = {person.pk: person for person in (handover.seat.user, *leads)}
    people.pop(user.pk, None)
    return [person for person in people.values() if person.is_active]


def _settled_day(handover: Handover) -> date:
    return timezone.localdate(handover.settled_at)
