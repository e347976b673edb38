"""What of the events is open when a person leaves (``members.handover``)."""

from core.dates import today
from events.models import Event, EventRole
from members.handover import Business, Item, register
from members.models import Seat

COMING = "これから開くイベント"


def register_business() -> None:
    register("events.roles", Business(("events.EventRole",), list_open))


def list_open(seat: Seat) -> list[Item]:
    """The coming events that the organization hosts, as far as members see them.

    Counterparts are the other hosts. A draft is the secretariat's, and stands in the admin.
    """
    hosting = EventRole.objects.filter(organization=seat.organization, role=EventRole.HOST)
    events = Event.objects.visible_to(seat.user).coming(today())
    own = events.filter(pk__in=hosting.order_by().values("event"))
    return [_item(event) for event in own.prefetch_related("roles__organization")]


def _item(event: Event) -> Item:
    hosts = tuple(
        role.organization
        for role in event.roles.all()
        if role.organization and role.role == EventRole.HOST
    )
    extra = "、".join(part for part in (event.when_text, event.state_text) if part)
    return Item(COMING, str(event), event.get_absolute_url(), extra, hosts)
