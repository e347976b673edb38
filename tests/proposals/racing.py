"""Two people who act on the board at the same moment, each on a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Event
from typing import Any

from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import once
from core.errors import DomainError, NotAllowed
from members.models import Seat

DONE = "done"
# Seconds; what has not happened by then never will.
PATIENCE = 20
_WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "LOCK")
_LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE")


@dataclass(frozen=True)
class Act:
    """What somebody does: the service, and the form of the page that calls it.

    ``page`` is an address's name, which ``key`` completes. Without one there is no page: what
    the calendar brings, or the admin's.
    """

    service: Callable[[], object]
    seat: Seat | None = None
    page: str = ""
    key: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    def ready(self, way: str) -> Callable[[], str]:
        """The act as a ``service``, or by its ``page`` in a browser that is logged in.

        It returns ``DONE``, or the sentence that refuses.
        """
        if way == "service" or self.seat is None:
            return self._call
        client, address = Client(), reverse(self.page, args=[self.key])
        client.force_login(self.seat.user)
        sent = self.answers | {"token": once.new_token()}
        return lambda: outcome(client.post(address, sent))

    def _call(self) -> str:
        try:
            self.service()
        except DomainError as refusal:
            return str(refusal)
        return DONE


def outcome(response: HttpResponse) -> str:
    """``DONE``, or what the page says at its top; anything else is no answer."""
    if response.status_code == 302:
        return DONE
    if response.status_code == 403:
        return str(NotAllowed())
    assert response.status_code in (409, 422), response.status_code
    errors = response.context["form"].errors
    return " ".join(str(error) for listed in errors.values() for error in listed)


def overtake(
    first: Callable[[], str], second: Callable[[], str], then: Callable[[], object] = str
) -> tuple[str, str]:
    """What both end with when ``second`` begins before ``first`` is committed.

    So it reads everything as it was before ``first``, until it comes to write: then it waits.
    ``then`` is what the transaction of ``first`` goes on with.
    """
    has_written, is_waiting = Event(), Event()

    def go_first() -> str:
        try:
            with transaction.atomic():
                ended = first()
                has_written.set()
                assert is_waiting.wait(PATIENCE), "the second has not come to write"
                then()
            return ended
        finally:
            has_written.set()
            connections.close_all()

    def go_second() -> str:
        try:
            assert has_written.wait(PATIENCE), "the first has not come to an end"
            with telling(is_waiting):
                return second()
        finally:
            is_waiting.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(go_first), threads.submit(go_second)]
        return ends[0].result(), ends[1].result()


def at_once(first: Callable[[], str], second: Callable[[], str]) -> tuple[str, str]:
    """What both end with when they begin at the same moment."""
    start = Barrier(2)

    def go(act: Callable[[], str]) -> str:
        try:
            start.wait(PATIENCE)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(go, first), threads.submit(go, second)]
        return ends[0].result(), ends[1].result()


@contextmanager
def telling(event: Event) -> Iterator[None]:
    """Sets ``event`` as soon as this thread asks to write, or for a row to itself."""

    def told(execute, sql, params, many, context):
        if sql.startswith(_WRITES) or any(lock in sql for lock in _LOCKS):
            event.set()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(told):
        yield
