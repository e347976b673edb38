"""Carrying a plan out: one transaction, through the services that anybody else would call."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor
from core.dates import today
from core.errors import DomainError
from members.enums import Action, Verdict
from members.models import Office, User
from members.services.acting import require_secretariat_or_system
from members.services.joining.imports.plan import (
    Difference,
    ListedSeat,
    Plan,
    PlannedOrganization,
    PlannedSeat,
)
from members.services.joining.imports.planning import plan_import
from members.services.offices.contacts import PERSONAL_CONTACT_FIELDS
from members.services.offices.offices import correct_office
from members.services.people.accounts import open_account
from members.services.register.memberships import open_membership
from members.services.seats.seats import change_seat, give_seat


class PlanChanged(DomainError):
    """Since the plan was shown, somebody has changed what it is about."""

    def __init__(self) -> None:
        super().__init__(
            "確認している間に、登録の内容が変わりました。もう一度確認してから取り込んでください"
        )


@transaction.atomic
def import_members(
    rows: Iterable[ListedSeat], *, joined: date, digest: str, left_out: int, by: Actor
) -> Plan:
    """Does what ``plan_import`` has shown for ``rows``, all of it or nothing.

    ``left_out`` is how many rows of the table are not taken; the audit row says so. Nothing is
    written when the plan changes nothing. Raises ``PlanChanged`` when the plan is not that of
    ``digest`` any more, ``NotAllowed`` for a seat outside the secretariat, and what the services
    raise.
    """
    require_secretariat_or_system(by)
    plan = plan_import(rows, joined=joined)
    if plan.digest != digest:
        raise PlanChanged
    if not plan.changes_something:
        return plan
    for item in plan.organizations:
        _carry_out(item, by)
    counts = Counter(seat.verdict for _, seat in plan.seats)
    audit.record_run(
        Action.IMPORT_MEMBERS,
        by=by,
        counts={verdict.label: f"{counts[verdict]:,}行" for verdict in Verdict}
        | {"取り込まず": f"{left_out:,}行"},
    )
    return plan


def _carry_out(item: PlannedOrganization, by: Actor) -> None:
    if item.joined:
        open_membership(item.organization, joined=item.joined, by=by)
    office = _office(item, by)
    first_day = max(today(), item.joined) if item.joined else today()
    for planned in item.seats:
        if planned.verdict != Verdict.UNCHANGED:
            _seat(planned, office, first_day, by)


def _office(item: PlannedOrganization, by: Actor) -> Office:
    """The main office, made or brought up to date."""
    if item.office is None:
        return _opened_office(item, by)
    return correct_office(item.office, item.contacts, by=by)


def _opened_office(item: PlannedOrganization, by: Actor) -> Office:
    """The main office of an organization that had none when the plan was made."""
    office = Office(organization=item.organization, is_main=True, **item.contacts)
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError as error:  # a second import at the same time
        raise PlanChanged from error
    changes = audit.differences({}, item.contacts, PERSONAL_CONTACT_FIELDS)
    audit.record(Action.OPEN_OFFICE, office, by=by, changes=changes)
    return office


def _seat(planned: PlannedSeat, office: Office, first_day: date, by: Actor) -> None:
    """The account and the seat of one row."""
    row = planned.row
    user = planned.user or User.objects.filter(email=row.email).first()
    if user is None:
        names = {"family_name": row.family_name, "given_name": row.given_name}
        user = open_account(row.email, by=by, kind=row.kind, **names)
    elif named := [item for item in planned.differences if item.label in ("姓", "名")]:
        _correct_name(user, named, by)
    if planned.seat is None:
        give_seat(user, office, row.role, valid_from=first_day, by=by)
    elif planned.seat.role != row.role:
        change_seat(planned.seat, role=row.role, by=by)


def _correct_name(user: User, differences: list[Difference], by: Actor) -> None:
    columns = {"姓": "family_name", "名": "given_name"}
    changes = {}
    for item in differences:
        setattr(user, columns[item.label], item.after)
        changes[columns[item.label]] = audit.Change(item.before, item.after, personal=True)
    user.save(update_fields=list(changes))
    audit.record(Action.CHANGE_PERSON, user, by=by, changes=changes)
