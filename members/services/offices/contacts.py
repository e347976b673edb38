"""What changes an office's contact details and its lead."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Told
from core.dates import today
from core.errors import DomainError, StaleVersion, require
from members import rules
from members.enums import Action, Role
from members.models import Office, Seat
from members.services.acting import from_caller, require_or_told

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
    require_or_told(rules.may_change_office, by, office, told)
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
    require_or_told(rules.may_confirm_office, by, office, told)
    _confirm(office, by, told)
    office.save()
    audit.record(Action.CONFIRM_OFFICE, office, by=by, told=told)
    return office


@transaction.atomic
def change_lead(office: Office, lead: Seat, *, by: Seat, told: Told | None = None) -> Seat:
    """Makes ``lead`` the one lead of ``office``; whoever else was one becomes a deputy.

    Returns the seat as it is then; nothing is recorded when it is the only lead already. Raises
    ``NotAllowed``, and ``DomainError`` when ``lead`` is not a current seat of the office that
    writes, or a shared mailbox's and the secretariat has not been asked for it.
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


def _confirm(office: Office, by: Seat, told: Told | None) -> None:
    """Notes when, by which office and how; what a caller says is said by the office itself."""
    itself = from_caller(told) or by.office_id == office.pk
    office.confirmed_at = timezone.now()
    # Not by.office: that one still has the name of before this change.
    office.confirmed_by = office.signature if itself else by.office.signature
    office.confirmed_through = (told or Told()).channel


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
