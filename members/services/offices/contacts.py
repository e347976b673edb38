"""What changes an office's contact details and its lead, and confirms them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor, Told
from core.dates import day_text, today
from core.errors import DomainError, StaleVersion, require
from members import rules
from members.enums import Action, Answer, Role
from members.models import Office, Seat
from members.services.acting import from_caller, require_or_told
from members.services.campaign.answering import answer_open

CONTACT_FIELDS = tuple(rules.CONTACT_LEVELS)
# One person may stand behind them in a small office, so they must be erasable.
PERSONAL_CONTACT_FIELDS = frozenset({"phone", "extension", "fax", "email"})


class Confirming(Actor, Protocol):
    """A seat, or somebody else who acts for an office."""

    office_id: int

    @property
    def office(self) -> Office: ...


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
    ``version``, ``NotAllowed``, what ``told_day_refusal`` says, and what ``change_lead`` raises;
    then nothing is saved.
    """
    office = locked_office(office, version=version)
    require_or_told(rules.may_change_office, by, office, told)
    before = contact_values(office)
    for field in CONTACT_FIELDS:
        if field in data:
            setattr(office, field, data[field])
    changes = audit.differences(before, contact_values(office), PERSONAL_CONTACT_FIELDS)
    if lead is not None:
        _make_lead(office, lead, by=by, told=told)
    office.version += bool(changes)
    # A new lead is a change as well, with an audit row of its own.
    answer = Answer.UNCHANGED if office.version == version else Answer.CHANGED
    _confirm(office, answer, by, told)
    action = Action.CHANGE_OFFICE if changes else Action.CONFIRM_OFFICE
    audit.record(action, office, by=by, changes=changes, told=told)
    return office


@transaction.atomic
def confirm_office(
    office: Office, *, by: Seat, version: int | None = None, told: Told | None = None
) -> Office:
    """Notes that the office's contact details are still true.

    Raises ``StaleVersion`` when ``version`` is given and the office has changed since: nobody
    confirms what they have not seen. Raises ``NotAllowed``, and what ``told_day_refusal`` says.
    """
    office = locked_office(office, version=version)
    require_or_told(rules.may_confirm_office, by, office, told)
    return confirm_locked(office, by=by, told=told)


def confirm_locked(office: Office, *, by: Confirming, told: Told | None = None) -> Office:
    """``confirm_office`` of a locked office, by whoever has been found to be allowed to."""
    _confirm(office, Answer.UNCHANGED, by, told)
    audit.record(Action.CONFIRM_OFFICE, office, by=by, told=told)
    return office


def told_day_refusal(office: Office, day: date | None) -> str:
    """Why a call cannot have been on ``day``; empty where it can, None being today."""
    if day is None:
        return ""
    if day > today():
        return f"連絡があった日は、今日（{day_text(today())}）までの日付にしてください"
    last = office.confirmed_at and timezone.localdate(office.confirmed_at)
    if last and day < last:
        return f"連絡があった日は、最終確認の日（{day_text(last)}）以降の日付にしてください"
    return ""


@transaction.atomic
def change_lead(office: Office, lead: Seat, *, by: Seat, told: Told | None = None) -> Seat:
    """Makes ``lead`` the one lead of ``office``; whoever else was one becomes a deputy.

    Returns the seat as it is then; nothing is recorded when it is the only lead already. Raises
    ``NotAllowed``, and ``DomainError`` when ``lead`` is not a current seat of the office that
    writes, or a shared mailbox's and the secretariat has not been asked for it.
    """
    office = locked_office(office)
    seat = _make_lead(office, lead, by=by, told=told)
    office.save(update_fields=["version"])
    return seat


def contact_values(office: Office) -> dict[str, Any]:
    """The contact details of ``office`` by field."""
    return {field: getattr(office, field) for field in CONTACT_FIELDS}


def locked_office(office: Office, *, version: int | None = None) -> Office:
    """The office as it is now, locked. Raises ``StaleVersion`` unless it has ``version``."""
    offices = Office.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture"
    )
    office = offices.get(pk=office.pk)
    if version is not None and office.version != version:
        raise StaleVersion
    return office


def _confirm(office: Office, answer: Answer, by: Confirming, told: Told | None) -> None:
    """Saves the office with when, by which office and how it was confirmed.

    What a caller says is said by the office itself. A campaign that asks it has its answer.
    """
    told = told or Told()
    if refusal := told_day_refusal(office, told.day):
        raise DomainError(refusal)
    itself = from_caller(told) or by.office_id == office.pk
    # Of a day of which only the date is known, not before what is known of it already.
    office.confirmed_at = max(filter(None, (told.at, office.confirmed_at)))
    # Not by.office: that one still has the name of before this change.
    office.confirmed_by = office.signature if itself else by.office.signature
    office.confirmed_through = told.channel
    office.save()
    answer_open(office, answer, recorded_by=_signature(by) if from_caller(told) else "")


def _signature(by: Actor) -> str:
    """Who writes down what a caller says; the break-glass account sits at no office."""
    identity = by.audit_identity()
    return "　".join(filter(None, (identity.organization, identity.office)))


def _make_lead(office: Office, lead: Seat, *, by: Seat, told: Told | None) -> Seat:
    """``change_lead`` for an office that is locked and that the caller saves."""
    current = office.seats.on(today()).active().writing()
    locked = current.select_for_update(of=("self",)).with_office().with_user()
    seats = {seat.pk: seat for seat in locked}
    if not from_caller(told):
        # As the seat is now: another lead may just have been named in its place.
        require(by.pk in seats)
    require_or_told(rules.may_change_lead, seats.get(by.pk, by), office, told)
    if lead.pk not in seats:
        raise DomainError("主担当には、今の主担当または副担当から選んでください")
    lead = seats[lead.pk]
    if lead.user.is_shared and lead.role != Role.LEAD and not from_caller(told):
        raise DomainError("共用アカウントを主担当にすることは、事務局だけができます")
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
