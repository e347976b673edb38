"""What gives, changes and ends seats."""

from collections.abc import Iterable
from datetime import date
from types import EllipsisType

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.dates import add_months, day_text, today
from core.errors import DomainError, given, require
from members import emails, queries, rules
from members.enums import Action, Role
from members.models import Office, Organization, Seat, User
from members.services.acting import require_secretariat_or_system
from members.services.people.accounts import refuse_erased_account

# How far ahead a seat may begin: nobody leads who is to come in some years.
MONTHS_AHEAD = 12

BEGUN = "すでに始まっている担当の、始まりの日は変えられません"
ENDED = "この担当は、すでに終わっています"
IN_ORDER = "終わりの日は、始まりの日以降の日付にしてください"
HAS_SEAT = "この利用者は、この部署の担当をすでに持っています"
LAST_LEAD = (
    "団体の主担当がいなくなります。先に、後任の主担当を招待するか、引継ぎをしてください。"
    "後任がいないときは、事務局にご連絡ください"
)
NO_SHARED_LEAD = "共用アカウントを主担当にすることは、事務局だけができます"
SHARED_MAKES_NO_LEAD = "共用アカウントから主担当を決めることはできません。事務局にご連絡ください"


@transaction.atomic
def give_seat(
    user: User,
    office: Office,
    role: Role,
    *,
    valid_from: date,
    by: Actor,
    valid_until: date | None = None,
) -> Seat:
    """Seats ``user`` at ``office`` from one day until another, both inclusive.

    Where the organization leaves, it ends with the membership. Raises ``DomainError`` for 事務局
    outside the secretariat, for dates in the wrong order, for a second seat at the same office
    in the same days, for an account that was erased, and where the organization has left
    before; ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    return add_seat(user, office, role, valid_from=valid_from, valid_until=valid_until, by=by)


def add_seat(
    user: User,
    office: Office,
    role: Role,
    *,
    valid_from: date,
    by: Actor,
    valid_until: date | None = None,
) -> Seat:
    """``give_seat`` for a service of this room that has asked its own rule, in its transaction.

    Where the organization leaves, the seat ends with its membership.
    """
    refuse_staff_elsewhere(role, office)
    refuse_wrong_order(valid_from, valid_until)
    valid_until = until_leaving(office, valid_from, valid_until)
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_erased_account(user)
    if user.seats.filter(office=office).overlapping(valid_from, valid_until).exists():
        raise DomainError(HAS_SEAT)
    seat = Seat.objects.create(
        user=user, office=office, role=role, valid_from=valid_from, valid_until=valid_until
    )
    audit.record(Action.GIVE_SEAT, seat, by=by, changes=_given(seat))
    return seat


@transaction.atomic
def change_seat(
    seat: Seat,
    *,
    by: Actor,
    role: Role | None = None,
    valid_from: date | None = None,
    valid_until: date | EllipsisType | None = ...,
) -> Seat:
    """Changes the role and the days of a seat that has not ended; what is left out stays.

    The person is told by mail when somebody else's seat has done it; nothing is written when it
    all is the same. A seat that acts already keeps its first day; no new day lies in the past,
    nor a last one beyond the day on which the organization leaves. Raises ``DomainError`` for
    that, for days in the wrong order or of another seat of the person, for a role that ``by``
    may not give, and when a lead of the organization would leave it without one;
    ``NotAllowed``.
    """
    seat, by = _locked(seat, by)
    _refuse_ended(seat)
    before = {"role": seat.role, "valid_from": seat.valid_from, "valid_until": seat.valid_until}
    asked = {"role": role, "valid_from": valid_from}
    after = before | {name: value for name, value in asked.items() if value is not None}
    if valid_until is not ...:
        after["valid_until"] = valid_until
    changes = audit.differences(before, after)
    if not changes:
        return seat
    if changes.keys() & {"valid_from", "valid_until"}:
        _refuse_days(seat, after["valid_from"], after["valid_until"])
    if "role" in changes:
        refuse_role(Role(after["role"]), seat.office, by=by, to_shared=seat.user.is_shared)
    if after["role"] != Role.LEAD or ends_earlier(seat, after["valid_until"]):
        _refuse_last_lead(seat, after, by)
    for name, value in after.items():
        setattr(seat, name, value)
    seat.save(update_fields=list(after))
    entry = audit.record(Action.CHANGE_SEAT, seat, by=by, changes=changes)
    if _is_told(seat, by):
        emails.tell_changed_seat(seat, entry)
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, last_day: date, by: Actor) -> Seat:
    """Ends a seat: ``last_day`` is the last one on which it acts.

    The person is told by mail when somebody else's seat has done it. Raises ``DomainError`` when
    it has ended already, would end before it begins, or when a lead of the organization would
    leave it without one; ``NotAllowed``.
    """
    seat, by = _locked(seat, by)
    _refuse_ended(seat)
    if last_day < seat.valid_from:
        raise DomainError(IN_ORDER)
    after = {"role": seat.role, "valid_until": last_day}
    if ends_earlier(seat, last_day):
        _refuse_last_lead(seat, after, by)
    elif last_day != seat.valid_until:
        _refuse_beyond_leaving(seat, last_day)
    changes = {"valid_until": audit.Change(seat.valid_until, last_day)}
    seat.valid_until = last_day
    seat.save(update_fields=["valid_until"])
    entry = audit.record(Action.END_SEAT, seat, by=by, changes=changes)
    if _is_told(seat, by):
        emails.tell_ended_seat(seat, entry)
    return seat


@transaction.atomic
def take_over_seat(seat: Seat, *, by: Actor, reason: str) -> Seat:
    """The secretariat takes over from the last lead, whose seat ends today if it has not yet.

    It opens nothing any more from tomorrow, not even the handover; the organization stands among
    those without a lead. The person is told by mail. Raises ``DomainError`` for a seat that is
    no last lead's or has been taken over before, or without a reason; ``NotAllowed``.
    """
    require_secretariat_or_system(by)
    seat, by = _locked(seat, by)
    if not may_be_taken_over(seat):
        raise DomainError("引き取れるのは、団体の最後の主担当だけです")
    before = seat.valid_until
    if before is None or before > today():
        seat.valid_until = max(today(), seat.valid_from)
    seat.taken_over_at = timezone.now()
    seat.save(update_fields=["valid_until", "taken_over_at"])
    changes = audit.differences({"valid_until": before}, {"valid_until": seat.valid_until})
    entry = audit.record(Action.TAKE_OVER_SEAT, seat, by=by, changes=changes, reason=given(reason))
    emails.tell_taken_over_seat(seat, entry)
    return seat


def may_be_taken_over(seat: Seat) -> bool:
    """Whether ``seat`` is a last lead's, which acts or lingers, and not taken over yet."""
    if seat.role != Role.LEAD or seat.taken_over_at is not None or seat.valid_from > today():
        return False
    if seat.is_current:
        return not _has_successor(seat, today())
    return Seat.objects.filter(pk=seat.pk).lingering(today()).exists()


def ends_earlier(seat: Seat, last_day: date | None) -> bool:
    return last_day is not None and (seat.valid_until is None or last_day < seat.valid_until)


def refuse_role(role: Role, office: Office, *, by: Actor, to_shared: bool) -> None:
    """Raises ``DomainError`` for a role that the seat ``by`` may not give at ``office``."""
    refuse_staff_elsewhere(role, office)
    if not isinstance(by, Seat) or rules.may_give_role(by, role, to_shared=to_shared):
        return
    if role == Role.STAFF:
        raise DomainError("事務局の担当は、事務局が管理画面で登録します")
    raise DomainError(NO_SHARED_LEAD if to_shared else SHARED_MAKES_NO_LEAD)


def refuse_staff_elsewhere(role: Role, office: Office) -> None:
    """Raises ``DomainError`` for 事務局 outside the secretariat."""
    if role == Role.STAFF and not office.organization.is_secretariat:
        raise DomainError("事務局の担当は、特別区長会と特別区協議会だけに置けます")


def refuse_wrong_order(valid_from: date, valid_until: date | None) -> None:
    if valid_until is not None and valid_until < valid_from:
        raise DomainError(IN_ORDER)


def refuse_start(valid_from: date) -> None:
    """Raises ``DomainError`` for a first day in the past, or more than ``MONTHS_AHEAD`` away."""
    if refusal := _start_refusal(valid_from):
        raise DomainError(refusal)


def _start_refusal(valid_from: date) -> str:
    if valid_from < today():
        return "始まりの日は、今日以降の日付にしてください"
    if valid_from > add_months(today(), MONTHS_AHEAD):
        return "始まりの日は、今日から1年以内の日付にしてください"
    return ""


def days_refusals(
    seat: Seat,
    valid_from: date,
    valid_until: date | None,
    *,
    others: Iterable[Seat],
    leaving: date | None,
) -> dict[str, str]:
    """Why ``seat`` may not have these days, one of which is new, by column; empty when it may.

    ``others`` are the person's further seats at the office, ``leaving`` is the last day of an
    organization that leaves (``queries.leaves_on``).
    """
    refusals = {}
    if valid_from != seat.valid_from:
        begun = seat.valid_from <= today()
        refusal = BEGUN if begun else _start_refusal(valid_from)
        refusals |= {"valid_from": refusal} if refusal else {}
    if valid_until != seat.valid_until:
        if valid_until is not None and valid_until < today():
            refusals["valid_until"] = "終わりの日は、今日以降の日付にしてください"
        elif refusal := _leaving_refusal(leaving, valid_from, valid_until):
            refusals["valid_until"] = refusal
    if valid_until is not None and valid_until < valid_from:
        refusals.setdefault("valid_until", IN_ORDER)
    elif any(_overlaps(other, valid_from, valid_until) for other in others):
        name = "valid_from" if valid_from != seat.valid_from else "valid_until"
        refusals.setdefault(name, HAS_SEAT)
    return refusals


def _overlaps(seat: Seat, first: date, last: date | None) -> bool:
    """Whether ``seat`` holds on one of the days (``SeatQuerySet.overlapping``)."""
    ends_before = seat.valid_until is not None and seat.valid_until < first
    return not ends_before and (last is None or seat.valid_from <= last)


def until_leaving(office: Office, first: date, last: date | None) -> date | None:
    """``last``, or the day on which the organization leaves where that comes earlier.

    Raises ``DomainError`` when it has left before ``first``.
    """
    leaving = queries.leaves_on(office.organization)
    if leaving is None:
        return last
    if leaving < first:
        raise DomainError(_leaving_refusal(leaving, first, last))
    return leaving if last is None else min(last, leaving)


def _leaving_refusal(leaving: date | None, first: date, last: date | None) -> str:
    """Why a seat may not last until ``last`` where its organization leaves; empty when it may."""
    if leaving is None:
        return ""
    if leaving < first:
        return f"この団体は、{day_text(leaving)}までが会員です"
    if last is None or last > leaving:
        return "終わりの日は、団体の退会日までの日付にしてください"
    return ""


def _refuse_beyond_leaving(seat: Seat, last_day: date | None) -> None:
    """Raises ``DomainError`` for a new last day after the organization has left."""
    leaving = queries.leaves_on(seat.office.organization)
    if refusal := _leaving_refusal(leaving, seat.valid_from, last_day):
        raise DomainError(refusal)


def _given(seat: Seat) -> dict[str, audit.Change]:
    return {
        "user": audit.Change("", seat.user.audit_label),
        "valid_from": audit.Change(None, seat.valid_from),
        "valid_until": audit.Change(None, seat.valid_until),
    }


def _locked(seat: Seat, by: Actor) -> tuple[Seat, Actor]:
    """The seat and who acts, as they are now. Raises ``NotAllowed``.

    All changes to the seats of an organization wait for each other: of two leads who end each
    other at the same time, the second is none any more.
    """
    Organization.objects.locked().get(pk=seat.office.organization_id)
    rows = Seat.objects.select_for_update(of=("self",), no_key=True).with_office().with_user()
    seat = rows.get(pk=seat.pk)
    if isinstance(by, Seat):
        by = Seat.objects.with_office().with_user().get(pk=by.pk)
        require(rules.is_secretariat(by) or rules.may_change_seat(by, seat))
    return seat, by


def _refuse_ended(seat: Seat) -> None:
    if seat.valid_until is not None and seat.valid_until < today():
        raise DomainError(ENDED)


def _refuse_days(seat: Seat, valid_from: date, valid_until: date | None) -> None:
    """Raises ``DomainError`` unless the seat may have these days (``days_refusals``)."""
    others = seat.user.seats.filter(office=seat.office).exclude(pk=seat.pk)
    leaving = queries.leaves_on(seat.office.organization)
    for refusal in days_refusals(
        seat, valid_from, valid_until, others=others, leaving=leaving
    ).values():
        raise DomainError(refusal)


def _has_successor(seat: Seat, last_day: date) -> bool:
    """Whether another lead of the organization acts, or will, beyond ``last_day``."""
    leads = Seat.objects.leads().active().lasting_beyond(last_day)
    others = leads.filter(office__organization=seat.office.organization_id)
    return others.exclude(pk=seat.pk).exists()


def _refuse_last_lead(seat: Seat, after: dict, by: Actor) -> None:
    """Raises ``DomainError`` when the organization's own lead would leave it without one."""
    if seat.role != Role.LEAD or not isinstance(by, Seat) or rules.is_secretariat(by):
        return
    still_leads = after["role"] == Role.LEAD and after["valid_until"] is not None
    last_day = after["valid_until"] if still_leads else today()
    if not _has_successor(seat, max(last_day, today())):
        raise DomainError(LAST_LEAD)


def _is_told(seat: Seat, by: Actor) -> bool:
    """Whether the person hears of it: somebody else did it, and they may log in."""
    return isinstance(by, Seat) and by.user_id != seat.user_id and seat.user.is_active
