"""What an organization has not published yet goes on under another one that succeeds it.

What is published stays under the name of who held it.
"""

from core import audit
from core.audit import Actor
from events.enums import VISIBLE_STATUSES, Action
from events.models import Event
from events.querysets import EventQuerySet
from members import successions
from members.models import Organization


def _going_on(organization: Organization) -> EventQuerySet:
    return Event.objects.filter(owner=organization).exclude(status__in=VISIBLE_STATUSES)


def moving(organization: Organization) -> list[str]:
    """The events that go on; of those still written only how many, which nobody else may read."""
    events = _going_on(organization)
    submitted = [
        f"{event}（{event.get_status_display()}）" for event in events if event.is_submitted
    ]
    written = sum(event.is_being_written for event in events)
    return submitted + ([f"下書き{written}件"] if written else [])


def move(former: Organization, successor: Organization, by: Actor) -> int:
    """Gives the successor what goes on, as its own and with it as the host."""
    events = _going_on(former).select_for_update(of=("self",))
    changes = {"owner": audit.Change(str(former), str(successor))}
    for event in events:
        event.owner = successor
        event.save(update_fields=["owner", "search_text"])
        held = event.roles.filter(organization=successor).values("role")
        event.roles.filter(organization=former).exclude(role__in=held).update(
            organization=successor
        )
        audit.record(Action.SUCCEED, event, by=by, changes=changes)
    return len(events)


def register() -> None:
    successions.register(
        "events.events", successions.Belongings("イベント", moving=moving, move=move)
    )
