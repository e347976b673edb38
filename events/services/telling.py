"""Who is told of an event: the organizations it is of, and who follows its joint projects."""

from collections.abc import Collection

from agreements.services import tell_followers
from core.audit import Actor
from core.dates import today
from events.models import Event
from members.models import Seat
from notices.enums import Reason
from notices.services import Happening, tell


def tell_owner(event: Event, text: str, *, by: Actor) -> None:
    """Tells the seats of the organization whose event it is what the secretariat has made of it.

    An event of the secretariat's own tells nobody.
    """
    if event.owner_id:
        _tell(event, text, [event.owner_id], by=by)


def tell_change(event: Event, text: str, *, by: Actor) -> None:
    """Tells once, of what becomes of a published event, who has it in the calendar.

    That is every organization with a part in it, and who follows the joint projects it belongs to.
    """
    concerned = set(event.roles.values_list("organization", flat=True)) | {event.owner_id}
    _tell(event, text, concerned - {None}, by=by)
    for project in event.collaborations.all():
        tell_followers(project, _key(event), text, by=by, facts=_facts(event))


def _tell(event: Event, text: str, organizations: Collection[int], *, by: Actor) -> None:
    # No record of the notice's own: the organizations may read their event in every state.
    happening = Happening(_key(event), text, event.get_absolute_url(), None, _facts(event))
    seats = Seat.objects.on(today()).active().filter(office__organization__in=organizations)
    audience = seats.with_office().with_user().order_by("pk")
    tell(happening, [(seat, Reason.OWN) for seat in audience], by=by)


def _key(event: Event) -> str:
    return f"events.move:{event.pk}:{event.version}"


def _facts(event: Event) -> dict[str, str]:
    facts = {
        "イベント": event.title,
        "開催日": event.when_text,
        "会場": event.venue,
        "イベントの状態": event.get_status_display(),
        "理由": event.status_reason,
    }
    return {label: value for label, value in facts.items() if value}
