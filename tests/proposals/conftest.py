"""What several of the board's tests begin with."""

import pytest

from members.models import Theme
from tests.factories.members import ThemeFactory


@pytest.fixture
def theme(db: None) -> Theme:
    return ThemeFactory(name="観光")
