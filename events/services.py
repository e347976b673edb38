"""Everything that changes an event's state, by ``enums.MOVES``, or what it belongs to."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F, Q

from agreements.models import Collaboration
from agreements.services import linked_text, open_project, tell_followers
from core import audit
from core.audit import Actor
from core.dates import Precision
from core.errors import DomainError, given, require
from events.enums import MOVES, VISIBLE_STATUSES, Action, EventStatus
from events.models import Event
from events.queries import linkable_to
from members.models import Seat
from members.rules import is_secretariat


@transaction.atomic
def publish(event: Event, *, by: Seat) -> Event:
    """Puts a draft on the site; who follows the joint projects it belongs to is told.

    Raises ``NotAllowed``, and ``DomainError`` for any other state.
    """
    event = _locked(event, by)
    if event.status != EventStatus.DRAFT:
        raise DomainError(_state_forbids(event))
    event = _move(event, EventStatus.PUBLISHED, Action.PUBLISH, by=by)
    note_links(event, added=event.collaborations.all(), by=by)
    return event


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


@transaction.atomic
def link_events(
    project: Collaboration, events: Iterable[Event], *, by: Seat, version: int
) -> Collaboration:
    """Says which events belong to a joint project, as it stood at ``version``.

    Its followers are told of new ones; an event that ``by`` cannot see stays as it is. Raises
    ``NotAllowed``, ``StaleVersion``, and ``DomainError`` for an event in which none of its
    organizations has a part.
    """
    chosen = list(events)
    _hold(project, chosen)
    project = open_project(project, by=by, version=version)
    allowed = set(linkable_to(project, by.user))
    former = set(project.events.all()) & allowed
    if foreign := [event for event in chosen if event not in allowed]:
        raise DomainError(
            f"イベント「{foreign[0]}」に、この連携事業の団体は参加していません。選び直してください"
        )
    added, removed = [row for row in chosen if row not in former], former - set(chosen)
    if not added and not removed:
        return project
    before = [event.title for event in project.events.all()]
    project.events.add(*added)
    project.events.remove(*removed)
    _note_new_version(project, [*added, *removed])
    after = [event.title for event in project.events.all()]
    audit.record(Action.LINK, project, by=by, changes={"events": audit.Change(before, after)})
    if added:
        _tell_linked(project, added, by=by)
    return project


def note_links(
    event: Event,
    *,
    added: Iterable[Collaboration],
    removed: Iterable[Collaboration] = (),
    by: Actor,
) -> None:
    """Tells that ``event`` belongs to ``added`` from now on, and belonged to ``removed``.

    No ward's open form brings back what stood before. Of a draft, which no ward sees, only once
    it is public. In the caller's transaction, which has written the event.
    """
    if event.status not in VISIBLE_STATUSES:
        return
    added = list(added)
    # One after the other in one order, so that nobody waits for each other.
    for key in sorted(project.pk for project in (*added, *removed)):
        Collaboration.objects.filter(pk=key).update(version=F("version") + 1)
    for project in added:
        _tell_linked(project, [event], by=by)


def _hold(project: Collaboration, events: Iterable[Event]) -> None:
    """Holds ``events`` and those of ``project``: as in the admin, events before joint projects."""
    links = Event.collaborations.through.objects.filter(collaboration=project)
    wanted = Q(pk__in=[event.pk for event in events]) | Q(pk__in=links.values("event"))
    list(Event.objects.filter(wanted).order_by("pk").select_for_update())


def _note_new_version(project: Collaboration, events: Iterable[Event]) -> None:
    """Lets nobody's open form bring back what stood before."""
    project.version += 1
    project.save(update_fields=["version"])
    keys = [event.pk for event in events]
    Event.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _tell_linked(project: Collaboration, events: list[Event], *, by: Actor) -> None:
    titles = [f"「{event}」" for event in events]
    when = "、".join(f"{event}（{event.when_text}）" for event in events)
    text = linked_text(project, "イベント", titles)
    which = events[0].pk if len(events) == 1 else f"version:{project.version}"
    key = f"events.linked:{project.pk}:{which}"
    tell_followers(project, key, text, by=by, facts={"イベント": when})


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
