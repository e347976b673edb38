"""Everything that changes contact details, accounts and seats.

``told`` says how the secretariat heard of a change that it writes down for an office: by which
channel, and from whom. Without it the seat acts for its own organization.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import Actor, Told
from core.dates import today
from core.enums import Channel
from core.errors import DomainError, StaleVersion, given, require
from core.text import normalise_email
from members import emails, rules
from members.enums import Action, Role, UserKind
from members.models import Office, Seat, User

CONTACT_FIELDS = tuple(rules.CONTACT_LEVELS)
# One person may stand behind them in a small office, so they must be erasable.
PERSONAL_CONTACT_FIELDS = frozenset({"phone", "extension", "fax", "email"})


@transaction.atomic
def update_office(
    office: Office,
    data: Mapping[str, Any],
    *,
    version: int,
    by: Seat,
    lead: Seat | None = None,
    told: Told | None = None,
) -> Office:
    """Saves the contact details in ``data`` (of ``CONTACT_FIELDS``) and confirms them all.

    ``lead``, when given, becomes the office's lead (``change_lead``). Nothing different is a
    confirmation like any other. Raises ``StaleVersion`` when the office has changed since
    ``version``, ``NotAllowed``, and what ``change_lead`` raises; then nothing is saved.
    """
    office = _locked(office, version=version)
    _require_change(rules.may_change_office, by, office, told)
    before = contact_values(office)
    for field in CONTACT_FIELDS:
        if field in data:
            setattr(office, field, data[field])
    changes = audit.differences(before, contact_values(office), PERSONAL_CONTACT_FIELDS)
    if lead is not None:
        _make_lead(office, lead, by=by, told=told)
    _confirm(office, by, told)
    action = Action.CHANGE_OFFICE if changes else Action.CONFIRM_OFFICE
    office.version += bool(changes)
    office.save()
    audit.record(action, office, by=by, changes=changes, told=told)
    return office


@transaction.atomic
def confirm_office(
    office: Office, *, by: Seat, version: int | None = None, told: Told | None = None
) -> Office:
    """Notes that the office's contact details are still true.

    Raises ``StaleVersion`` when ``version`` is given and the office has changed since: nobody
    confirms what they have not seen. Raises ``NotAllowed``.
    """
    office = _locked(office, version=version)
    _require_change(rules.may_change_office, by, office, told)
    _confirm(office, by, told)
    office.save()
    audit.record(Action.CONFIRM_OFFICE, office, by=by, told=told)
    return office


@transaction.atomic
def change_lead(office: Office, lead: Seat, *, by: Seat, told: Told | None = None) -> Seat:
    """Makes ``lead`` the one lead of ``office``; whoever else was one becomes a deputy.

    Returns the seat as it is then; nothing is recorded when it is the only lead already. Raises
    ``NotAllowed``, and ``DomainError`` when ``lead`` is not a current seat of the office that
    writes.
    """
    office = _locked(office)
    seat = _make_lead(office, lead, by=by, told=told)
    office.save(update_fields=["version"])
    return seat


def contact_values(office: Office) -> dict[str, Any]:
    """The contact details of ``office`` by field."""
    return {field: getattr(office, field) for field in CONTACT_FIELDS}


def _locked(office: Office, *, version: int | None = None) -> Office:
    """The office as it is now, locked. Raises ``StaleVersion`` unless it has ``version``."""
    offices = Office.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture"
    )
    office = offices.get(pk=office.pk)
    if version is not None and office.version != version:
        raise StaleVersion
    return office


def _from_caller(told: Told | None) -> bool:
    """Whether the secretariat writes down what somebody else said."""
    return told is not None and told.channel != Channel.WEB


def _require_change(rule: rules.SeatRule, by: Seat, obj: Any, told: Told | None) -> None:
    """Raises ``NotAllowed`` unless ``rule`` holds or, for a caller, ``by`` is the secretariat's."""
    require(rules.may_act_for_caller(by, obj) if _from_caller(told) else rule(by, obj))


def _confirm(office: Office, by: Seat, told: Told | None) -> None:
    """Notes when, by which office and how; what a caller says is said by the office itself."""
    itself = _from_caller(told) or by.office_id == office.pk
    office.confirmed_at = timezone.now()
    # Not by.office: that one still has the name of before this change.
    office.confirmed_by = office.signature if itself else by.office.signature
    office.confirmed_through = (told or Told()).channel


def _make_lead(office: Office, lead: Seat, *, by: Seat, told: Told | None) -> Seat:
    """``change_lead`` for an office that is locked and that the caller saves."""
    current = office.seats.on(today()).active().writing()
    locked = current.select_for_update(of=("self",)).with_office().with_user()
    seats = {seat.pk: seat for seat in locked}
    if not _from_caller(told):
        # As the seat is now: another lead may just have been named in its place.
        require(by.pk in seats)
    _require_change(rules.may_change_lead, seats.get(by.pk, by), office, told)
    if lead.pk not in seats:
        raise DomainError("主担当には、今の主担当または副担当から選んでください")
    lead = seats[lead.pk]
    leads = [seat for seat in seats.values() if seat.role == Role.LEAD]
    if leads == [lead]:
        return lead
    Seat.objects.filter(pk__in=[seat.pk for seat in leads]).update(role=Role.DEPUTY)
    lead.role = Role.LEAD
    lead.save(update_fields=["role"])
    # Forms that were opened before must not bring the former lead back.
    office.version += 1
    before = "、".join(seat.user.display_name for seat in leads)
    changes = {"lead": audit.Change(before, lead.user.display_name, personal=True)}
    audit.record(Action.CHANGE_LEAD, office, by=by, changes=changes, told=told)
    return lead


@transaction.atomic
def change_person(
    user: User, *, family_name: str, given_name: str, by: Seat, told: Told | None = None
) -> User:
    """Corrects the name of a personal account; nothing is written when it is the same.

    Raises ``NotAllowed``.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_change(rules.may_change_person, by, user, told)
    before = {"family_name": user.family_name, "given_name": user.given_name}
    after = {"family_name": family_name, "given_name": given_name}
    changes = audit.differences(before, after, personal=frozenset(after))
    if not changes:
        return user
    user.family_name, user.given_name = family_name, given_name
    user.save(update_fields=["family_name", "given_name"])
    audit.record(Action.CHANGE_PERSON, user, by=by, changes=changes, told=told)
    return user


@transaction.atomic
def set_password(user: User, password: str) -> User:
    """Sets the password of an account, as its owner asks."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(Action.SET_PASSWORD, user, by=user)
    return user


def note_new_login(user: User, *, before: str) -> None:
    """Records that the owner of an account has changed its address from ``before``.

    Call it inside the transaction that changes the address; nothing when it is the same.
    """
    if user.email != before:
        changes = {"email": audit.Change(before, user.email, personal=True)}
        audit.record(Action.CHANGE_LOGIN, user, by=user, changes=changes)


def note_factor(user: User, kind: str, *, is_added: bool) -> None:
    """Records that the owner of an account has added or removed a second factor of ``kind``."""
    action = Action.ADD_FACTOR if is_added else Action.REMOVE_FACTOR
    values = ("", kind) if is_added else (kind, "")
    audit.record(action, user, by=user, changes={"factor": audit.Change(*values)})


@transaction.atomic
def reset_factors(user: User, *, by: Actor, reason: str) -> User:
    """Removes all second factors of an account, ends its logins, and tells the owner by mail.

    For whoever has lost device and recovery codes; how they proved who they are stands in
    ``reason``. Raises ``NotAllowed`` on one's own account and for a seat outside the
    secretariat, ``DomainError`` when the account has none.
    """
    _require_secretariat_or_system(by)
    require(getattr(by, "user", None) != user)
    user = User.objects.select_for_update().get(pk=user.pk)
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise DomainError("この利用者は、二段階の確認を登録していません")
    factors.delete()
    end_sessions(user)
    changes = {"factors": audit.Change(kinds, [])}
    entry = audit.record(Action.RESET_FACTORS, user, by=by, changes=changes, reason=given(reason))
    emails.tell_reset_factors(user, entry)
    return user


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Ends the logins of ``user``, except the one whose session key is ``but``."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


@transaction.atomic
def open_account(
    email: str,
    *,
    by: Actor,
    password: str | None = None,
    kind: UserKind = UserKind.PERSONAL,
    family_name: str = "",
    given_name: str = "",
    is_sample: bool = False,
) -> User:
    """Makes an account whose address counts as verified; without a password, by code only.

    Raises ``DomainError`` when the address has an account already, and ``NotAllowed`` for a
    seat outside the secretariat.
    """
    _require_secretariat_or_system(by)
    email = normalise_email(email)
    fields = {"family_name": family_name, "given_name": given_name, "is_sample": is_sample}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, kind=kind, **fields)
            # Without this row allauth would ask for a verification at the first login.
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    except IntegrityError as error:
        raise DomainError("このメールアドレスの利用者は、すでに登録されています") from error
    audit.record(Action.OPEN_ACCOUNT, user, by=by, changes=_opened(user))
    return user


def _opened(user: User) -> dict[str, audit.Change]:
    return {
        "email": audit.Change("", user.email, personal=True),
        "kind": audit.Change("", user.kind),
    }


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

    Raises ``DomainError`` for 事務局 outside the secretariat, for dates in the wrong order and
    for a second seat at the same office in the same days; ``NotAllowed`` for a seat outside
    the secretariat.
    """
    _require_secretariat_or_system(by)
    if role == Role.STAFF and not office.organization.is_secretariat:
        raise DomainError("事務局の担当は、特別区長会と特別区協議会だけに置けます")
    if valid_until is not None and valid_until < valid_from:
        raise DomainError("終わりの日は、始まりの日以降の日付にしてください")
    user = User.objects.select_for_update().get(pk=user.pk)
    overlapping = user.seats.filter(office=office).filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from)
    )
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_until)
    if overlapping.exists():
        raise DomainError("この利用者は、この部署の担当をすでに持っています")
    seat = Seat.objects.create(
        user=user, office=office, role=role, valid_from=valid_from, valid_until=valid_until
    )
    audit.record(Action.GIVE_SEAT, seat, by=by, changes=_given(seat))
    return seat


def _given(seat: Seat) -> dict[str, audit.Change]:
    return {
        "user": audit.Change("", seat.user.audit_label),
        "valid_from": audit.Change(None, seat.valid_from),
        "valid_until": audit.Change(None, seat.valid_until),
    }


@transaction.atomic
def end_seat(seat: Seat, *, last_day: date, by: Actor) -> Seat:
    """Ends a seat: ``last_day`` is the last one on which it acts.

    Raises ``DomainError`` when it has ended already or would end before it begins;
    ``NotAllowed`` for a seat outside the secretariat.
    """
    _require_secretariat_or_system(by)
    seats = Seat.objects.select_for_update(of=("self",)).with_office()
    seat = seats.get(pk=seat.pk)
    if seat.valid_until is not None and seat.valid_until < today():
        raise DomainError("この担当は、すでに終わっています")
    if last_day < seat.valid_from:
        raise DomainError("終わりの日は、始まりの日以降の日付にしてください")
    changes = {"valid_until": audit.Change(seat.valid_until, last_day)}
    seat.valid_until = last_day
    seat.save(update_fields=["valid_until"])
    audit.record(Action.END_SEAT, seat, by=by, changes=changes)
    return seat


def _require_secretariat_or_system(by: Actor) -> None:
    """Accounts come by invitation; until members invite, only the secretariat opens them."""
    require(not isinstance(by, Seat) or rules.is_secretariat(by))
