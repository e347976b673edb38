"""What an event says of itself, and what the database refuses."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from core.enums import Qualifier
from events.enums import MOVES, VISIBLE_STATUSES, EventStatus
from events.models import Event, EventRole
from tests.factories.events import EventFactory, EventRoleFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("latest", "status", "confirmed", "unconfirmed"),
    [
        (date(2026, 11, 21), EventStatus.PUBLISHED, False, True),
        (date(2026, 11, 21), EventStatus.PUBLISHED, True, False),
        (date(2026, 11, 21), EventStatus.CANCELLED, False, False),
        (date(2026, 11, 22), EventStatus.PUBLISHED, False, False),
        (None, EventStatus.PUBLISHED, False, False),
    ],
)
def test_an_announced_event_is_unconfirmed_once_it_is_over(latest, status, confirmed, unconfirmed):
    event = EventFactory(earliest=latest, status=status, held_confirmed=confirmed)
    with time_machine.travel(DAY, tick=False):
        assert event.is_unconfirmed is unconfirmed


def test_an_event_is_coming_until_its_last_day():
    running = EventFactory(earliest=date(2026, 11, 20), latest=DAY)
    undated = EventFactory(earliest=None)
    over = EventFactory(earliest=date(2026, 11, 21))
    assert set(Event.objects.coming(DAY)) == {running, undated}
    assert list(Event.objects.past(DAY)) == [over]


def test_what_is_near_comes_first():
    later, sooner = EventFactory(earliest=date(2027, 1, 1)), EventFactory(earliest=DAY)
    older, newer = EventFactory(earliest=date(2015, 1, 1)), EventFactory(earliest=date(2016, 1, 1))
    assert list(Event.objects.coming(DAY)) == [sooner, later]
    assert list(Event.objects.past(DAY)) == [newer, older]


@pytest.mark.parametrize(
    ("number", "qualifier", "text"),
    [
        (260000, Qualifier.ABOUT, "約260,000人"),
        (57000, Qualifier.OVER, "57,000人超"),
        (30000, Qualifier.ABOUT_TOTAL, "延べ約30,000人"),
        (164, Qualifier.EXACT, "164人"),
        (0, Qualifier.EXACT, "0人"),
        (None, Qualifier.ABOUT, ""),
    ],
)
def test_a_number_keeps_its_word(number, qualifier, text):
    assert EventFactory(attendance=number, attendance_qualifier=qualifier).attendance_text == text


def test_what_is_not_published_is_not_visible():
    rows = {status: EventFactory(status=status) for status in EventStatus}
    shown = [rows[status] for status in VISIBLE_STATUSES]
    assert set(Event.objects.visible_to(None)) == set(shown)


def test_a_role_has_one_body_and_stands_once():
    role = EventRoleFactory()
    for wrong in (
        {"event": role.event, "organization": role.organization, "role": role.role},
        {"event": role.event, "organization": None, "body_text": ""},
        {"event": role.event, "organization": role.organization, "body_text": "見本地域"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            EventRole.objects.create(**wrong)
    EventRoleFactory(event=role.event, organization=role.organization, role="参加")
    EventRoleFactory(event=role.event, organization=None, body_text="見本地域")
    assert role.event.roles.count() == 3


def test_a_cancelled_event_stays_cancelled():
    assert MOVES[EventStatus.CANCELLED] == set()
    assert all(EventStatus.DRAFT not in targets for targets in MOVES.values())
    assert set(MOVES) == set(EventStatus)
