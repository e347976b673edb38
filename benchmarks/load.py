"""A load of requests: the same page again and again over several connections at once."""

import selectors
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

CONNECTIONS = 8
# A browser has had its form token since the login; any of its shape will do.
CSRF = "a" * 32
_PIECE = 1 << 18  # bytes; a whole page


class NotTheWholePage(Exception):
    """An answer that is no 200, or shorter than the first one; ``str(error)`` shows its head."""


@dataclass
class Outcome:
    """How long a run took, and each answer in it, in seconds."""

    duration: float = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.duration

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def joined(outcomes: Iterable[Outcome]) -> Outcome:
    """Several runs of the same page as one."""
    outcomes = list(outcomes)
    return Outcome(
        sum(one.duration for one in outcomes), [s for one in outcomes for s in one.seconds]
    )


@dataclass
class Visitor:
    """Reads pages of the portal at ``port`` in one session.

    One thread, and nothing parsed but the first line and the length, so that it takes little
    of the processors that it shares with the server. As the server closes each connection
    after its answer, so does it.
    """

    port: int
    session: str

    def read(self, path: str) -> bytes:
        """The page at ``path``, with its head. Raises ``NotTheWholePage``."""
        connection = self._ask(path)
        answer = b""
        while piece := connection.recv(_PIECE):
            answer += piece
        connection.close()
        return _checked(answer)

    def run(self, path: str, seconds: float) -> Outcome:
        """Reads ``path`` over ``CONNECTIONS`` connections for so long, and each answer to its end.

        Raises ``NotTheWholePage`` when an answer differs in length from the first one.
        """
        expected = len(self.read(path))
        outcome, start = Outcome(), time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                self._begin(selector, path)
            while selector.get_map():
                for key, _events in selector.select():
                    exchange = key.data
                    if piece := exchange.connection.recv(_PIECE):
                        exchange.pieces.append(piece)
                        continue
                    selector.unregister(exchange.connection)
                    exchange.connection.close()
                    _checked(b"".join(exchange.pieces), expected)
                    now = time.perf_counter()
                    outcome.seconds.append(now - exchange.began)
                    if now < start + seconds:
                        self._begin(selector, path)
        outcome.duration = time.perf_counter() - start
        return outcome

    def _begin(self, selector: selectors.BaseSelector, path: str) -> None:
        began = time.perf_counter()
        connection = self._ask(path)
        selector.register(connection, selectors.EVENT_READ, _Exchange(connection, began))

    def _ask(self, path: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        cookies = f"sessionid={self.session}; csrftoken={CSRF}"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n"
        connection.sendall(head.encode("ascii"))
        return connection


@dataclass
class _Exchange:
    """A request that waits for its answer."""

    connection: socket.socket
    began: float
    pieces: list[bytes] = field(default_factory=list)


def _checked(answer: bytes, expected: int | None = None) -> bytes:
    is_whole = expected is None or len(answer) == expected
    if not answer.startswith(b"HTTP/1.1 200 ") or not is_whole:
        raise NotTheWholePage(f"{len(answer)} bytes instead of {expected}: {answer[:200]!r}")
    return answer
