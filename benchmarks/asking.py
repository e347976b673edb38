"""What a measurement asks of a portal from within: each call in a process of its own."""

import logging
import time
from collections.abc import Callable, Iterable
from itertools import combinations, islice
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks.texts import COMMON, RARE, SUBJECTS

BARE = "/bare/"
# How often each query of a search is asked, to take the median.
TIMES = 3


def prepare() -> None:
    """Makes tables and static files as the code wants them now."""
    _begin()
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def build(proposals: int) -> None:
    """Fills the tables."""
    prepare()
    from benchmarks import world

    world.build(proposals)


def log_in() -> str:
    """The reader's session."""
    return _reader().cookies[settings.SESSION_COOKIE_NAME].value


def _begin() -> None:
    django.setup()
    logging.disable()  # the table is all that is to be read


def _reader() -> Client:
    _begin()
    from benchmarks.world import READER
    from members.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=READER))
    return client


def pages() -> dict[str, str]:
    """The pages by what the table calls them."""
    _begin()
    from django.urls import reverse

    from proposals.models import Proposal

    board = reverse("proposals:proposal_list")
    first, own = Proposal.objects.order_by("pk")[:2]
    conditions = {"theme": own.themes.first().pk, "status": own.status}
    conditions["prefecture"] = own.organization.prefecture_id
    return {
        "board": board,
        "filtered board": f"{board}?{urlencode(conditions)}",
        "board search": f"{board}?{urlencode({'q': RARE[0]})}",
        "proposal": first.get_absolute_url(),
        "member home": reverse("portal:member_home"),
    }


def queries() -> dict[str, int]:
    """How many queries each page takes when a process is asked for it for the first time."""
    client = _reader()
    addresses = {"bare": BARE} | pages()
    client.get(BARE)  # notes in the session that the terms are accepted
    return {name: len(_asked(client, address)) for name, address in addresses.items()}


def _asked(client: Client, address: str) -> list[tuple[str, Any]]:
    """Each query of the page at ``address`` and its parameters, with nothing kept before."""
    caches["process"].clear()
    found: list[tuple[str, Any]] = []

    def note(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}")
    return found


def searches() -> dict[str, list[float]]:
    """How many seconds the database takes for the first page of each search, by its kind.

    All queries of the page are counted, also those that are not about the words. Each is read
    to its end, because SQLite works while it is read.
    """
    client = _reader()
    client.get(BARE)
    board = pages()["board"]
    return {
        kind: [_seconds(_asked(client, f"{board}?{urlencode({'q': words})}")) for words in asked]
        for kind, asked in _words().items()
    }


def _words() -> dict[str, list[str]]:
    three = [" ".join(words) for words in islice(combinations(SUBJECTS[:12], 3), 0, None, 11)]
    return {
        "two characters": [word for word in SUBJECTS if len(word) == 2],
        "common words": [*COMMON, *(" ".join(pair) for pair in combinations(COMMON, 2))],
        "rare words": [*RARE, *(f"{word} {COMMON[0]}" for word in RARE), "該当のない言葉"],
        "three words": three,
    }


def _seconds(asked: Iterable[tuple[str, Any]]) -> float:
    return sum(
        sorted(_once(sql, params) for _ in range(TIMES))[TIMES // 2]
        for sql, params in asked
        if sql.startswith("SELECT")
    )


def _once(sql: str, params: Any) -> float:
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(sql, params)
        cursor.fetchall()
        return time.perf_counter() - start
