"""What the page of the system's state says of people who left (``core.state``)."""

from collections.abc import Iterator

from core import state
from core.dates import day_text, today
from core.state import Fact
from members.models import User
from members.services.people.leaving import people_waiting


def register() -> None:
    state.register("members.erasure", facts)


def facts() -> Iterator[Fact]:
    """How many wait for their erasure, when the next one is, and how many have been erased."""
    days = people_waiting(today())
    if days:
        yield Fact("消去を待つ退任者", f"{len(days):,}人（次の消去は{day_text(days[0])}）")
    else:
        yield Fact("消去を待つ退任者", "0人")
    erased = User.objects.exclude(erased_at=None).count()
    yield Fact("消去した退任者", f"{erased:,}人")
