"""The secretariat's moves: an event is published, postponed, and called off."""

from datetime import date

from django.db import transaction

from core import audit
from core.dates import Precision
from core.errors import DomainError, given
from events.enums import Action, EventStatus
from events.models import Event
from events.services.linking import note_links
from events.services.states import locked, move, state_forbids
from events.services.telling import tell_change, tell_owner
from members.models import Seat


@transaction.atomic
def publish(event: Event, *, by: Seat) -> Event:
    """Puts an event on the site: what an organization has submitted, or a draft of one's own.

    Its organization is told, and who follows the joint projects it belongs to. Raises
    ``NotAllowed``, and ``DomainError`` in any other state.
    """
    event = locked(event, by)
    if not event.awaits_publishing:
        raise DomainError(state_forbids(event))
    event = move(event, EventStatus.PUBLISHED, Action.PUBLISH, by=by)
    tell_owner(event, f"イベント「{event}」が承認され、公開されました", by=by)
    note_links(event, added=event.collaborations.all(), by=by)
    return event


@transaction.atomic
def postpone(event: Event, *, reason: str, by: Seat) -> Event:
    """Says that the event will not be on its day; people keep its page, and are told.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not published.
    """
    event = locked(event, by)
    event = move(event, EventStatus.POSTPONED, Action.POSTPONE, by=by, reason=given(reason))
    tell_change(event, f"イベント「{event}」が延期になりました", by=by)
    return event


@transaction.atomic
def republish(event: Event, *, first: date, last: date, by: Seat) -> Event:
    """Gives a postponed event its new days, from ``first`` to ``last``, and tells so.

    Raises ``NotAllowed``, and ``DomainError`` for days in the wrong order or when it is not
    postponed.
    """
    event = locked(event, by)
    if event.status != EventStatus.POSTPONED:
        raise DomainError(state_forbids(event))
    if last < first:
        raise DomainError("終了日は、開始日以降の日付にしてください")
    before = str(event.when)
    event.earliest, event.latest, event.precision = first, last, Precision.DAY
    days = {"when": audit.Change(before, str(event.when))}
    event = move(event, EventStatus.PUBLISHED, Action.REPUBLISH, by=by, changes=days)
    tell_change(event, f"イベント「{event}」の新しい開催日が決まりました", by=by)
    return event


@transaction.atomic
def cancel(event: Event, *, reason: str, by: Seat) -> Event:
    """Calls the event off; its page stays and says why, and people are told.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, for one that was never
    published, or when it is cancelled already.
    """
    event = locked(event, by)
    event = move(event, EventStatus.CANCELLED, Action.CANCEL, by=by, reason=given(reason))
    tell_change(event, f"イベント「{event}」が中止になりました", by=by)
    return event
