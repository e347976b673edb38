"""People who left, and the day on which their time is over."""

from datetime import date, datetime, timedelta

import time_machine

from core.dates import start_of
from members import services
from members.enums import Role
from members.models import Seat
from tests.factories.members import SeatFactory

LAST_DAY = date(2026, 11, 30)
# Where 365 days are kept.
OVER = LAST_DAY + timedelta(days=366)


def noon(day: date) -> datetime:
    return start_of(day) + timedelta(hours=12)


def at(day: date):
    """Stops the clock at noon of ``day``."""
    return time_machine.travel(noon(day), tick=False)


def left(until: date = LAST_DAY, **fields) -> Seat:
    """The seat of somebody who has left, and of nobody whom they led."""
    return SeatFactory(role=Role.DEPUTY, valid_until=until, **fields)


def erased(seat: Seat, day: date = OVER) -> bool:
    """Whether the person is erased once the job of ``day`` has run."""
    with at(day):
        services.erase_people(day)
    seat.user.refresh_from_db()
    return seat.user.is_erased
