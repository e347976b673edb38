"""What of the events waits for the secretariat (``core.pending``)."""

from collections.abc import Iterable

from django.db.models import Count

from core import pending
from core.pending import Item, admin_list
from events.enums import EventStatus
from events.models import Event

_WAITING = {"確認待ちのイベント": EventStatus.SUBMITTED, "公開を待つイベント": EventStatus.DRAFT}


def register() -> None:
    pending.register("events.unpublished", "events.view_event", _unpublished)


def _unpublished() -> Iterable[Item]:
    rows = Event.objects.for_secretariat().order_by().values_list("status")
    numbers = dict(rows.annotate(Count("pk")))
    for label, status in _WAITING.items():
        url = admin_list("events_event", status__exact=status.value)
        yield Item(label, numbers.get(status.value, 0), url)
