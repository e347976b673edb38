"""An organization writes an event and submits it; the secretariat sends it back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core import audit
from core.dates import Precision
from core.errors import DomainError, StaleVersion, given, require
from events import rules
from events.enums import Action, EventStatus
from events.models import Event, EventRole
from events.services.states import locked, move, state_forbids
from events.services.telling import tell_owner
from members.models import Seat

# What ``data`` of ``write_event`` may hold, beside the days ``first`` and ``last``, and ``themes``.
TEXT_FIELDS = ("title", "kind", "venue", "address", "capacity", "fee", "summary")


@transaction.atomic
def write_event(
    event: Event | None = None,
    *,
    data: Mapping[str, Any],
    by: Seat,
    version: int | None = None,
) -> Event:
    """Keeps ``data`` as an event that the seat's organization hosts, however incomplete.

    Without ``event`` a draft begins; otherwise that draft, or what was sent back, is corrected as
    it stood at ``version``. Nothing is written when nothing differs. Raises ``NotAllowed``,
    ``StaleVersion``, and ``DomainError`` without a title, for days in the wrong order, or when it
    is its organization's no longer.
    """
    event = _opened(event, by, version) if event else _begun(by)
    before = _content(event) if event.pk else {}
    _fill(event, data)
    if not event.pk:
        event.save()
        EventRole.objects.create(event=event, organization=event.owner, role=EventRole.HOST)
    event.themes.set(data.get("themes", event.themes.all()))
    after = _content(event)
    if after == before:
        return event
    if before:
        event.version += 1
        event.save()
    audit.record(Action.WRITE, event, by=by, changes=_changes(before, after))
    return event


@transaction.atomic
def submit_event(event: Event, *, by: Seat, version: int) -> Event:
    """Puts an event, as it stood at ``version``, before the secretariat.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` while something is missing, or
    when it is submitted already.
    """
    event = _opened(event, by, version)
    if not (event.earliest and event.venue and event.summary):
        raise DomainError("提出するには、開始日・会場・概要を入力してください")
    # In full: the secretariat reads this row, and never what a draft has said.
    changes = _changes({}, _content(event))
    return move(event, EventStatus.SUBMITTED, Action.SUBMIT, by=by, changes=changes)


@transaction.atomic
def send_back(event: Event, *, reason: str, by: Seat) -> Event:
    """Gives a submitted event back to its organization, with what is to be mended.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or in another state.
    """
    event = locked(event, by)
    event = move(event, EventStatus.RETURNED, Action.SEND_BACK, by=by, reason=given(reason))
    tell_owner(event, f"イベント「{event}」が差し戻されました", by=by)
    return event


@transaction.atomic
def delete_event(event: Event, *, by: Seat, version: int) -> None:
    """Deletes a draft; nothing else can be deleted.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it was ever submitted.
    """
    event = _opened(event, by, version)
    if event.status != EventStatus.DRAFT:
        raise DomainError("一度提出したイベントは、削除できません")
    audit.record(Action.DELETE, event, by=by, changes=_changes(_content(event), {}))
    event.delete()


def _begun(by: Seat) -> Event:
    """A new draft, not saved yet; what a sample account writes is a sample."""
    require(rules.may_add(by))
    return Event(owner=by.organization, is_sample=by.user.is_sample)


def _opened(event: Event, by: Seat, version: int | None) -> Event:
    """The event, held until the transaction ends, for who writes it and has read this version."""
    row = Event.objects.select_for_update().filter(pk=event.pk).first()
    if row is None:
        raise DomainError("この下書きは、すでに削除されています")
    require(rules.writes_it(by, row))
    if row.version != version:
        raise StaleVersion
    if not row.is_being_written:
        raise DomainError(state_forbids(row))
    return row


def _fill(event: Event, data: Mapping[str, Any]) -> None:
    """Sets what ``data`` holds of the row itself. Raises ``DomainError``."""
    for field in TEXT_FIELDS:
        if field in data:
            setattr(event, field, data[field])
    if "first" in data:
        first, last = data["first"], data.get("last") or data["first"]
        if first and last < first:
            raise DomainError("終了日は、開始日以降の日付にしてください")
        event.earliest, event.latest = first, last if first else None
        event.precision = Precision.DAY
    if not event.title.strip():
        raise DomainError("題名を入力してください")


def _content(event: Event) -> dict[str, Any]:
    """What the history keeps of an event that an organization writes."""
    own = {field: getattr(event, field) for field in TEXT_FIELDS}
    themes = [theme.name for theme in event.themes.all()]
    return own | {"earliest": event.earliest, "latest": event.latest, "themes": themes}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, audit.Change]:
    """What differs; of an event that is not there yet, or no longer, what is filled."""
    pairs = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    return {
        name: audit.Change(old, new)
        for name, (old, new) in pairs.items()
        if (old or new) and old != new
    }
