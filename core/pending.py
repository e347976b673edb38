"""What waits for the secretariat, told by the room that has it: the admin's first page lists it.

A room registers in ``AppConfig.ready`` each queue that it keeps. An item's number is that of
the rows in the list that its address opens: what is done there is gone from here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.enums import MailState
from core.mail import unreached
from core.models import DailyRun, OutboxMail


@dataclass(frozen=True)
class Item:
    """So many of one thing wait, and where: 会員登録申請（承認待ち） 3件."""

    label: str
    number: int
    url: str
    unit: str = "件"


# A few queries, always the same number of them; an item with nothing in it may be given.
type Source = Callable[[], Iterable[Item]]

_sources: dict[str, tuple[str, Source]] = {}


def register(name: str, permission: str, source: Source) -> None:
    """Makes ``source`` part of the first page, for whoever has ``permission`` (empty: everybody).

    ``name`` is ``<app>.<queue>``. Raises ``ValueError`` when another one has the name.
    """
    if _sources.get(name, (permission, source)) != (permission, source):
        raise ValueError(f"a queue named {name} is registered already")
    _sources[name] = permission, source


def pending(user: Any, rooms: Sequence[str]) -> list[Item]:
    """What waits, of the queues that ``user`` may see; the rooms in the order of ``rooms``."""

    def place(name: str) -> int:
        room = name.partition(".")[0]
        return rooms.index(room) if room in rooms else len(rooms)

    return [
        item
        for name in sorted(_sources, key=place)
        for item in _source_for(user, name)()
        if item.number
    ]


def _source_for(user: Any, name: str) -> Source:
    permission, source = _sources[name]
    return source if not permission or user.has_perm(permission) else list


def admin_list(model: str, **query: str) -> str:
    """The address of the admin's list of ``model`` (``members_office``) with these filters."""
    return reverse(f"admin:{model}_changelist", query=query)


def register_own() -> None:
    """The queues of this room."""
    register("core.mail", "core.view_outboxmail", _mail)
    register("core.daily", "", _failed_jobs)


def _mail() -> Iterable[Item]:
    held = OutboxMail.objects.filter(state=MailState.HELD).count()
    address = admin_list("core_outboxmail", state__exact=MailState.HELD.value)
    yield Item("送信する前に確認するメール", held, address, "通")
    address = admin_list("core_outboxmail", unreached="yes")
    yield Item("届かなかったメール", unreached().count(), address, "通")


def _failed_jobs() -> Iterable[Item]:
    failed = DailyRun.objects.filter(done_at=None).exclude(tried_at=None)
    number = failed.order_by().values("name").distinct().count()
    yield Item("終わっていない毎日の処理", number, reverse("admin:system_state"))
