"""What changes an event's state; a refusal changes nothing."""

from contextlib import contextmanager
from datetime import date

import pytest

from core import audit
from core.admin.actor import BREAK_GLASS, BreakGlass
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry
from events import services
from events.enums import MOVES, Action, EventStatus
from events.models import Event
from members.models import User
from notices.models import Notice
from notices.services import watch
from tests.factories.agreements import CollaborationPartyFactory
from tests.factories.events import EventFactory, EventRoleFactory

pytestmark = pytest.mark.django_db

REASON = "台風のため"
NEW_DAYS = {"first": date(2027, 2, 6), "last": date(2027, 2, 7)}
# Each service, what it is told, and the state it leads to.
SERVICES = {
    services.publish: ({}, EventStatus.PUBLISHED),
    services.postpone: ({"reason": REASON}, EventStatus.POSTPONED),
    services.republish: (NEW_DAYS, EventStatus.PUBLISHED),
    services.cancel: ({"reason": REASON}, EventStatus.CANCELLED),
    services.send_back: ({"reason": REASON}, EventStatus.RETURNED),
}
ALLOWED = {
    (services.publish, EventStatus.DRAFT),
    (services.publish, EventStatus.SUBMITTED),
    (services.send_back, EventStatus.SUBMITTED),
    (services.postpone, EventStatus.PUBLISHED),
    (services.republish, EventStatus.POSTPONED),
    (services.cancel, EventStatus.PUBLISHED),
    (services.cancel, EventStatus.POSTPONED),
}


@contextmanager
def refused(error, message=None):
    def stored():
        return [list(model.objects.order_by("pk").values()) for model in (Event, AuditEntry)]

    before = stored()
    with pytest.raises(error, match=message):
        yield
    assert stored() == before


@pytest.mark.parametrize("status", EventStatus)
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
def test_moves_are_those_of_the_table(service, status, staff):
    event = EventFactory(status=status, earliest=date(2027, 1, 9))
    arguments, target = SERVICES[service]
    if (service, status) in ALLOWED:
        moved = service(event, by=staff, **arguments)
        assert target in MOVES[status]
        assert (moved.status, moved.version) == (target, 2)
        assert Event.objects.get().status == target
    else:
        with refused(DomainError):
            service(event, by=staff, **arguments)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
def test_only_the_secretariat_moves_an_event(service, lead):
    event = EventFactory(status=EventStatus.PUBLISHED)
    with refused(NotAllowed):
        service(event, by=lead, **SERVICES[service][0])


@pytest.mark.parametrize("service", [services.postpone, services.cancel])
def test_postponing_and_cancelling_say_why(service, staff):
    event = EventFactory()
    with refused(DomainError, "理由を入力してください"):
        service(event, reason=" \n", by=staff)
    service(event, reason=f" {REASON} ", by=staff)
    assert Event.objects.get().status_reason == REASON
    assert audit.history_of(event).get().reason == REASON


def test_republishing_gives_new_days_and_takes_the_reason_away(staff):
    event = EventFactory(status=EventStatus.POSTPONED, status_reason=REASON, precision="month")
    services.republish(event, by=staff, **NEW_DAYS)
    event.refresh_from_db()
    assert str(event.when) == "2027年（令和9年）2月6日～7日"
    assert event.status_reason == ""
    entry = audit.history_of(event).get()
    assert entry.action == Action.REPUBLISH
    assert entry.changes["status"] == ["postponed", "published"]
    assert entry.changes["when"] == ["2024年（令和6年）10月", "2027年（令和9年）2月6日～7日"]


@pytest.mark.parametrize(
    ("service", "status", "said"),
    [
        (services.postpone, EventStatus.PUBLISHED, "が延期になりました"),
        (services.republish, EventStatus.POSTPONED, "の新しい開催日が決まりました"),
        (services.cancel, EventStatus.POSTPONED, "が中止になりました"),
    ],
)
def test_who_has_an_event_in_the_calendar_is_told_once(
    service, status, said, staff, lead, deputy, other_lead
):
    event = EventFactory(title="朝市", status=status, owner=lead.organization)
    EventRoleFactory(event=event, organization=lead.organization)
    for _ in range(2):
        project = CollaborationPartyFactory(organization=lead.organization).collaboration
        event.collaborations.add(project)
        watch(project, by=other_lead)
    service(event, by=staff, **SERVICES[service][0])
    told = Notice.objects.values_list("seat", "text")
    assert dict(told) == {seat.pk: f"イベント「朝市」{said}" for seat in (lead, deputy, other_lead)}
    assert len(told) == 3


def test_republishing_refuses_days_in_the_wrong_order(staff):
    event = EventFactory(status=EventStatus.POSTPONED)
    with refused(DomainError, "終了日は、開始日以降の日付にしてください"):
        services.republish(event, first=date(2027, 2, 7), last=date(2027, 2, 6), by=staff)


def test_the_break_glass_account_acts_under_its_name():
    event = EventFactory(status=EventStatus.DRAFT)
    user = User.objects.create_superuser("break-glass@example.jp")
    services.publish(event, by=BreakGlass(user))
    entry = audit.history_of(event).get()
    assert (entry.actor_organization, entry.actor_office) == (BREAK_GLASS, "")
    assert entry.personal.values == {"actor": "break-glass@example.jp"}


def test_nothing_moves_when_the_history_cannot_be_written(staff, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    event = EventFactory(status=EventStatus.DRAFT)
    monkeypatch.setattr(audit, "record", broken)
    with refused(RuntimeError):
        services.publish(event, by=staff)
