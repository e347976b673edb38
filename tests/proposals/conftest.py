"""What several of the board's tests begin with."""

import pytest

from members.models import Seat, Theme
from tests.factories.members import SeatFactory, ThemeFactory, WardFactory


@pytest.fixture
def theme(db: None) -> Theme:
    return ThemeFactory(name="観光")


@pytest.fixture
def other_ward(db) -> Seat:
    """The lead of a ward that comes behind 品川区 in the register."""
    return SeatFactory(office__organization=WardFactory(municipality__code="139990"))
