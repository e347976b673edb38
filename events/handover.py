"""What of the events is open when a person leaves (``members.handover``)."""

from core.dates import today
from events.enums import VISIBLE_STATUSES
from events.models import Event, EventRole
from members.handover import Business, Item, register
from members.models import Seat

COMING = "これから開くイベント"
UNPUBLISHED = "公開前のイベント"


def register_business() -> None:
    register("events.roles", Business(("events.EventRole", "events.Event"), list_open))


def list_open(seat: Seat) -> list[Item]:
    """What the organization has not published yet, and the coming events that it hosts.

    Counterparts are the other hosts. The secretariat's own drafts stand in the admin.
    """
    hosting = EventRole.objects.filter(organization=seat.organization, role=EventRole.HOST)
    events = Event.objects.visible_to(seat.user).coming(today())
    own = events.filter(pk__in=hosting.order_by().values("event"))
    written = seat.organization.own_events.exclude(status__in=VISIBLE_STATUSES)
    unpublished = [
        Item(UNPUBLISHED, str(event), event.get_absolute_url(), event.get_status_display())
        for event in written.order_by("earliest", "pk")
    ]
    return unpublished + [_item(event) for event in own.prefetch_related("roles__organization")]


def _item(event: Event) -> Item:
    hosts = tuple(
        role.organization
        for role in event.roles.all()
        if role.organization and role.role == EventRole.HOST
    )
    extra = "、".join(part for part in (event.when_text, event.state_text) if part)
    return Item(COMING, str(event), event.get_absolute_url(), extra, hosts)
