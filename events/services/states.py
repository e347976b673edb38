"""How an event is held for a change, and taken from one state to the next."""

from core import audit
from core.errors import DomainError, require
from events.enums import MOVES, Action, EventStatus
from events.models import Event
from members.models import Seat
from members.rules import is_secretariat


def locked(event: Event, by: Seat) -> Event:
    """The event as it stands now, held until the transaction ends, for the secretariat only."""
    require(is_secretariat(by))
    return Event.objects.select_for_update().get(pk=event.pk)


def move(
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
        raise DomainError(state_forbids(event))
    moved = {"status": audit.Change(event.status, target), **(changes or {})}
    event.status, event.status_reason = target, reason
    event.version += 1
    event.save()
    audit.record(action, event, by=by, changes=moved, reason=reason)
    return event


def state_forbids(event: Event) -> str:
    return f"このイベントは「{event.get_status_display()}」になっています。この操作はできません"
