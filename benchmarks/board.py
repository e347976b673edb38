"""How fast the members' pages are while the board is full, and whether that costs more queries.

``python -m benchmarks.board`` builds a portal on SQLite with 1,741 organizations, 100,000
proposals and 500,000 replies and offers, serves it as in production, and reads its pages over
eight connections. ``--postgresql`` does the same on a PostgreSQL server that it starts itself;
``--data DIR`` keeps what was built for the next time, and ``--small`` is a quick trial.

Each page is read in turn with a bare page on the same server: who is logged in, and nothing
else. What counts is the ratio of the two; how many answers a second there are depends on the
machine. It exits with 1 when a page needs more queries for many rows than for few.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import asking
from benchmarks.load import Outcome, Visitor, joined
from benchmarks.tables import Line, print_pages, print_searches
from renkei.env import BASE_DIR
from tests import postgres
from tests.browser.served import environment, wait_until_served

MANY, SOME, FEW = 100_000, 1_000, 2  # proposals
ROUNDS, SECONDS = 30, 0.5
WARM_UP = 10  # requests; each of the two workers keeps things of its own


@dataclass(frozen=True)
class Portal:
    """One database with its data directory, and what runs on it, each in a process of its own."""

    directory: Path
    database_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Without a worker: mail that is sent meanwhile would be measured too."""
        own = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATABASE_URL": self.database_url,
            "RENKEI_WORKER": "own",
        }
        return environment(self.directory) | own

    def call[Result](self, ask: Callable[..., Result], *arguments: object) -> Result:
        """What ``ask`` returns where this portal's settings hold."""
        spawned = get_context("spawn")
        with ProcessPoolExecutor(1, spawned, _live_in, [self.environment]) as process:
            return process.submit(ask, *arguments).result()

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serves it as in production for the duration of the block, and gives the port."""
        port, log = postgres.free_port(), self.directory / "server.log"
        command = ["-m", "gunicorn", "--config", "python:renkei.gunicorn"]
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603 - every argument is ours
                [sys.executable, *command, "--bind", f"127.0.0.1:{port}"],
                cwd=BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until_served(port, server, log)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _live_in(environment: dict[str, str]) -> None:
    """Gives this process an environment, and no other."""
    os.environ.clear()
    os.environ.update(environment)


@contextmanager
def portals(directory: Path, sizes: Sequence[int], *, postgresql: bool) -> Iterator[list[Portal]]:
    """A portal for each number of proposals, on SQLite or a PostgreSQL server of their own."""
    if not postgresql:
        yield [_portal(directory / f"sqlite-{size}", size) for size in sizes]
        return
    with postgres.server(directory / "postgresql") as server:
        yield [
            _portal(directory / f"postgresql-{size}", size, _database(server, f"board_{size}"))
            for size in sizes
        ]


def _portal(directory: Path, size: int, database_url: str = "") -> Portal:
    """With its database filled, unless an earlier run has done so; that one is brought up to date."""
    directory.mkdir(exist_ok=True)
    portal, mark = Portal(directory, database_url), directory / "is_built"
    if mark.exists():
        portal.call(asking.prepare)
        return portal
    print(f"Building a portal with {size:,} proposals", file=sys.stderr)
    portal.call(asking.build, size)
    mark.touch()
    return portal


def _database(server: str, name: str) -> str:
    """The URL of the database ``name`` of a server, made if it is not there yet."""
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"


def measure(portal: Portal, pages: dict[str, str], rounds: int, seconds: float) -> list[Line]:
    """Reads each page in turn with the bare one, again and again.

    So the ratio holds on a machine that others use as well, which is now faster, now slower. One
    page after the other, because counts are kept for half a minute, and made anew once in it.
    """
    session = portal.call(asking.log_in)
    runs: dict[str, list[tuple[Outcome, Outcome]]] = {}
    with portal.served() as port:
        visitor = Visitor(port, session)
        for name, path in pages.items():
            for address in [asking.BARE, path] * WARM_UP:
                visitor.read(address)
            runs[name] = [
                (visitor.run(asking.BARE, seconds), visitor.run(path, seconds))
                for _ in range(rounds)
            ]
    lines = [Line("bare", joined(bare for pairs in runs.values() for bare, _page in pairs), 1)]
    for name, pairs in runs.items():
        bare, page = (joined(one) for one in zip(*pairs, strict=True))
        lines.append(Line(name, page, page.rate / bare.rate))
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--data", type=Path, help="keeps what was built here, for the next time")
    parser.add_argument("--small", action="store_true", help="1,000 proposals, read for a moment")
    options = parser.parse_args()
    rounds, seconds = (1, 0.2) if options.small else (ROUNDS, SECONDS)
    with ExitStack() as stack:
        scratch = options.data or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="renkei-board-")
        )
        directory = Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o711)  # PostgreSQL's own user goes through it, where root measures
        sizes = (FEW, SOME if options.small else MANY)
        few, many = stack.enter_context(portals(directory, sizes, postgresql=options.postgresql))
        few_rows, many_rows = few.call(asking.queries), many.call(asking.queries)
        lines = measure(many, many.call(asking.pages), rounds, seconds)
        print_pages(lines, few_rows, many_rows)
        print_searches(many.call(asking.searches))
    return int(any(many_rows[name] > number for name, number in few_rows.items()))


if __name__ == "__main__":
    sys.exit(main())
