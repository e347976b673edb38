"""Departments that get a new name from a day on.

Posts keep the signature they were published with; only the office's own name changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor, System
from core.dates import add_months, day_text, today
from core.errors import DomainError, require
from members import rules
from members.enums import Action
from members.models import Office, OfficeRename, Seat

NAME_LENGTH: int = Office._meta.get_field("name").max_length
# A name that is to come much later is a mistyped year.
MONTHS_AHEAD = 24
PLANNED = "この部署の名称変更は、すでに予定されています。先に、その予定を取り消してください"


@dataclass(frozen=True)
class NewName:
    """What an office is to be called, and from when."""

    office: Office
    name: str
    valid_from: date


@transaction.atomic
def plan_rename(office: Office, name: str, *, valid_from: date, by: Actor) -> OfficeRename:
    """Gives ``office`` the name ``name`` from ``valid_from`` on; at once when that day is here.

    Raises ``DomainError`` for what ``rename_refusals`` says, and ``NotAllowed`` for a seat that
    neither writes for the organization nor is the secretariat's.
    """
    office = _locked(office)
    require(not isinstance(by, Seat) or rules.may_rename_office(by, office))
    name = name.strip()
    for refusal in rename_refusals(NewName(office, name, valid_from)).values():
        raise DomainError(refusal)
    rename = OfficeRename.objects.create(office=office, name=name, valid_from=valid_from)
    if valid_from <= today():
        return _apply(rename, office, by)
    changes = {
        "name": audit.Change(office.name, name),
        "valid_from": audit.Change(None, valid_from),
    }
    audit.record(Action.PLAN_RENAME, office, by=by, changes=changes)
    return rename


@transaction.atomic
def plan_renames(renames: Iterable[NewName], *, by: Actor) -> list[OfficeRename]:
    """``plan_rename`` for all of them or for none. Raises what that raises, naming the office."""
    planned = []
    for new in renames:
        try:
            planned.append(plan_rename(new.office, new.name, valid_from=new.valid_from, by=by))
        except DomainError as refusal:
            raise type(refusal)(f"{new.office.signature}：{refusal}") from refusal
    return planned


@transaction.atomic
def cancel_rename(rename: OfficeRename, *, by: Actor) -> Office:
    """Takes back a name that has not come yet; the history keeps that it was planned.

    Raises ``DomainError`` when it has come or was taken back before, and ``NotAllowed``.
    """
    office = _locked(rename.office)
    require(not isinstance(by, Seat) or rules.may_rename_office(by, office))
    waiting = OfficeRename.objects.waiting().filter(pk=rename.pk).first()
    if waiting is None:
        raise DomainError("この部署名の変更は、すでに反映されたか、取り消されています")
    changes = {
        "name": audit.Change(waiting.name, office.name),
        "valid_from": audit.Change(waiting.valid_from, None),
    }
    waiting.delete()
    audit.record(Action.CANCEL_RENAME, office, by=by, changes=changes)
    return office


@transaction.atomic
def apply_renames(day: date) -> int:
    """Renames what was to be renamed by ``day``, also on a day that was missed; how many."""
    due = OfficeRename.objects.due(day).select_related("office")
    by = System("members.renames")
    return len([_apply(rename, _locked(rename.office), by) for rename in due])


def rename_refusals(new: NewName) -> dict[str, str]:
    """Why the office may not get the name from that day on, by what is wrong; empty when it may."""
    refusals = {}
    last = add_months(today(), MONTHS_AHEAD)
    if new.valid_from > last:
        refusals["valid_from"] = f"変わる日は、{day_text(last)}までの日付にしてください"
    if not new.name:
        refusals["name"] = "新しい部署名を入力してください"
    elif len(new.name) > NAME_LENGTH:
        length = f"{NAME_LENGTH}文字以内で入力してください（現在{len(new.name)}文字）"
        refusals["name"] = f"新しい部署名は{length}"
    elif new.name == new.office.name:
        refusals["name"] = "新しい部署名が、今の部署名と同じです"
    elif any(rename.applied_at is None for rename in new.office.renames.all()):
        refusals["name"] = PLANNED
    return refusals


def _locked(office: Office) -> Office:
    rows = Office.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture"
    )
    return rows.get(pk=office.pk)


def _apply(rename: OfficeRename, office: Office, by: Actor) -> OfficeRename:
    """Renames the locked ``office``; forms that were opened before are stale."""
    changes = {"name": audit.Change(office.name, rename.name)}
    office.name = rename.name
    office.version += 1
    office.save(update_fields=["name", "version", "search_text"])
    rename.applied_at = timezone.now()
    rename.save(update_fields=["applied_at"])
    audit.record(Action.RENAME_OFFICE, office, by=by, changes=changes)
    return rename
