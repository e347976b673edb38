"""What the organization that has written an event is told of it."""

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
    if event.owner is None:
        return
    facts = {
        "イベント": event.title,
        "開催日": event.when_text,
        "会場": event.venue,
        "状態": event.get_status_display(),
        "理由": event.status_reason,
    }
    happening = Happening(
        f"events.move:{event.pk}:{event.version}",
        text,
        event.get_absolute_url(),
        None,  # its organization alone is told, and may read it in every state
        {label: value for label, value in facts.items() if value},
    )
    seats = Seat.objects.on(today()).active().filter(office__organization=event.owner)
    audience = seats.with_office().with_user().order_by("pk")
    tell(happening, [(seat, Reason.OWN) for seat in audience], by=by)
