"""What of the events waits for the secretariat (``core.pending``)."""

from collections.abc import Iterable

from core import pending
from core.pending import Item, admin_list
from events.enums import EventStatus
from events.models import Event


def register() -> None:
    pending.register("events.unpublished", "events.view_event", _unpublished)


def _unpublished() -> Iterable[Item]:
    number = Event.objects.filter(status=EventStatus.DRAFT).count()
    address = admin_list("events_event", status__exact=EventStatus.DRAFT.value)
    yield Item("公開を待つイベント", number, address)
