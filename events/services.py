"""Everything that changes an event's state, by ``enums.MOVES``."""

from datetime import date

from django.db import transaction

from core import audit
from core.dates import Precision
from core.errors import DomainError, given, require
from events.enums import MOVES, Action, EventStatus
from events.models import Event
from members.models import Seat
from members.rules import is_secretariat


@transaction.atomic
def publish(event: Event, *, by: Seat) -> Event:
    """Puts a draft on the site. Raises ``NotAllowed``, and ``DomainError`` for any other state."""
    event = _locked(event, by)
    if event.status != EventStatus.DRAFT:
        raise DomainError(_state_forbids(event))
    return _move(event, EventStatus.PUBLISHED, Action.PUBLISH, by=by)


@transaction.atomic
def postpone(event: Event, *, reason: str, by: Seat) -> Event:
    """Says that the event will not be on its day; people keep its page.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not published.
    """
    event = _locked(event, by)
    return _move(event, EventStatus.POSTPONED, Action.POSTPONE, by=by, reason=given(reason))


@transaction.atomic
def republish(event: Event, *, first: date, last: date, by: Seat) -> Event:
    """Gives a postponed event its new days, from ``first`` to ``last``.

    Raises ``NotAllowed``, and ``DomainError`` for days in the wrong order or when it is not
    postponed.
    """
    event = _locked(event, by)
    if event.status != EventStatus.POSTPONED:
        raise DomainError(_state_forbids(event))
    if last < first:
        raise DomainError("終了日は、開始日以降の日付にしてください")
    before = str(event.when)
    event.earliest, event.latest, event.precision = first, last, Precision.DAY
    days = {"when": audit.Change(before, str(event.when))}
    return _move(event, EventStatus.PUBLISHED, Action.REPUBLISH, by=by, changes=days)


@transaction.atomic
def cancel(event: Event, *, reason: str, by: Seat) -> Event:
    """Calls the event off; its page stays and says why.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, for a draft, or when it is
    cancelled already.
    """
    event = _locked(event, by)
    return _move(event, EventStatus.CANCELLED, Action.CANCEL, by=by, reason=given(reason))


def _locked(event: Event, by: Seat) -> Event:
    """The event as it stands now, held until the transaction ends, for the secretariat only."""
    require(is_secretariat(by))
    return Event.objects.select_for_update().get(pk=event.pk)


def _move(
    event: Event,
    target: EventStatus,
    action: Action,
    *,
    by: Seat,
    reason: str = "",
    changes: dict[str, audit.Change] | None = None,
) -> Event:
    """Takes the event to ``target`` and writes the audit row. Raises ``DomainError``."""
    if target not in MOVES[EventStatus(event.status)]:
        raise DomainError(_state_forbids(event))
    moved = {"status": audit.Change(event.status, target), **(changes or {})}
    event.status, event.status_reason = target, reason
    event.version += 1
    event.save()
    audit.record(action, event, by=by, changes=moved, reason=reason)
    return event


def _state_forbids(event: Event) -> str:
    return f"このイベントは「{event.get_status_display()}」になっています。この操作はできません"
