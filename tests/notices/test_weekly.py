"""The weekly mail: what was told by its Monday, once, to who may still read it."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from core import daily
from core.enums import Level
from core.models import OutboxMail
from members.models import Seat
from notices.enums import Pace
from notices.models import Notice
from notices.services import send_weekly
from tests.factories.members import SeatFactory
from tests.factories.notices import NoticeFactory, PreferenceFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 30)
SUNDAY_EVENING = datetime(2026, 11, 29, 21, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def monday(time_machine) -> None:
    time_machine.move_to("2026-11-30 00:10+09:00", tick=False)


def owed(seat: Seat, **fields) -> Notice:
    return NoticeFactory(**{"seat": seat, "pace": Pace.WEEKLY, "at": SUNDAY_EVENING, **fields})


def bodies() -> list[str]:
    return [mail.body for mail in OutboxMail.objects.order_by("pk")]


def test_one_mail_with_all_that_was_not_mailed():
    seat = SeatFactory()
    other_seat = SeatFactory(user=seat.user)
    first, second = owed(seat), owed(other_seat)
    now, read = owed(seat, pace=Pace.NOW), owed(seat, read_at=timezone.now())
    later = owed(seat, at=SUNDAY_EVENING + timedelta(hours=3))
    assert send_weekly(MONDAY) == 1
    [body] = bodies()
    assert "まだ読んでいない通知は2件です。" in body
    for notice, stands in ((first, 1), (second, 1), (now, 0), (read, 0), (later, 0)):
        assert body.count(f"・{notice.text}") == stands
    assert body.count("この通知が届いた理由：") == 2


def test_nothing_is_mailed_twice():
    notice = owed(SeatFactory())
    for day in range(8):
        send_weekly(MONDAY + timedelta(days=day))
    assert [body.count(notice.text) for body in bodies()] == [1]


@pytest.mark.parametrize("days", [1, 3, 6])
def test_a_missed_monday_heals(days, time_machine):
    owed(SeatFactory())
    daily.run(MONDAY - timedelta(days=1))
    assert bodies() == []
    time_machine.move_to(f"2026-12-0{days} 09:00+09:00")
    daily.run()
    assert len(bodies()) == 1


def test_who_wants_none_any_more_and_who_has_left_gets_none():
    stopped = owed(PreferenceFactory(own=Pace.NONE).seat)
    left = owed(SeatFactory(valid_until=MONDAY - timedelta(days=1)))
    assert send_weekly(MONDAY) == 0
    assert bodies() == []
    assert not Notice.objects.filter(pk__in=[stopped.pk, left.pk]).exclude(pace="none").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_at": SUNDAY_EVENING, "hidden_reason": "見本"},
        {"level": Level.WARDS},
    ],
    ids=["hidden", "for the wards"],
)
def test_what_its_reader_may_read_no_longer_is_left_out(fields, ward_lead):
    seat = SeatFactory()
    kept, lost = owed(seat), owed(seat)
    for name, value in fields.items():
        setattr(lost.object, name, value)
    lost.object.save()
    own = owed(SeatFactory(office=lost.object.office), object=lost.object)
    assert send_weekly(MONDAY) == 2
    body = OutboxMail.objects.get(to=seat.user.email).body
    assert kept.text in body
    assert lost.text not in body
    assert own.text in OutboxMail.objects.get(to=own.seat.user.email).body


def test_a_long_list_ends_with_the_inbox():
    seat = SeatFactory()
    notice = owed(seat)
    for _ in range(30):
        owed(seat, object=notice.object)
    send_weekly(MONDAY)
    [body] = bodies()
    assert body.count("・見本の動き") == 30
    assert "ほかに1件あります。" in body
    assert body.count("/notices/\n") == 1
