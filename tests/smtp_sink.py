"""A real mail server on the loopback address, which refuses, defers and hangs up as told."""

import asyncio
import email
import email.policy
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.postgres import free_port

ACCEPTED = "250 OK"
REFUSED = "550 5.1.1 No such user here"
DEFERRED = "451 4.7.1 Greylisted, try again later"
CLOSING = "421 4.3.2 Shutting down"
# Instead of an answer: the connection breaks.
HANGS_UP = ""

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd tells of every hang-up

# The answer to a recipient at its nth attempt (from 1).
type Answer = Callable[[str, int], str]


def accept(address: str, attempt: int) -> str:
    return ACCEPTED


@dataclass
class Sink:
    """Keeps what it has accepted, in the order of arrival.

    ``to_sender``, ``to_recipient`` and ``to_message`` answer the three steps of a mail; all
    accept unless a test says otherwise.
    """

    port: int = field(default_factory=free_port)
    to_sender: Answer = accept
    to_recipient: Answer = accept
    to_message: Answer = accept
    recipients: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    _controller: Controller | None = None

    @property
    def mailer(self) -> dict[str, Any]:
        """What ``settings.MAILERS`` says to reach it."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 5}
        return {"BACKEND": "core.mail.backends.SmtpBackend", "OPTIONS": options}

    def start(self) -> None:
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.connections = 0  # the controller tries its own door

    def stop(self) -> None:
        """Closes the door and breaks every connection; ``start`` opens the same door again."""
        if self._controller:
            hung_up = self._controller.handler.hang_up()
            asyncio.run_coroutine_threadsafe(hung_up, self._controller.loop).result()
            self._controller.stop()
            self._controller = None

    def read(self) -> list[EmailMessage]:
        """The accepted messages, decoded."""
        return [
            email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[misc]
            for content in self.messages
        ]


@contextmanager
def running() -> Iterator[Sink]:
    """A sink for the duration of the block."""
    sink = Sink()
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()


class _Handler:
    """The hooks that aiosmtpd calls."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open: set[asyncio.BaseTransport] = set()

    async def hang_up(self) -> None:
        """Breaks what is open, and lets the loop notice."""
        for transport in self._open:
            transport.abort()
        await asyncio.sleep(0.01)

    async def handle_EHLO(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        self._sink.connections += 1
        assert server.transport is not None
        self._open.add(server.transport)
        session.host_name = hostname
        return replies

    async def handle_MAIL(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = _given(self._sink.to_sender(address, 1), server)
        if answer == ACCEPTED:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._sink.attempts[address] += 1
        answer = _given(self._sink.to_recipient(address, self._sink.attempts[address]), server)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        [address] = envelope.rcpt_tos
        answer = self._sink.to_message(address, self._sink.attempts[address])
        if answer in (ACCEPTED, HANGS_UP):  # taken, whether or not the sender learns of it
            self._sink.recipients.append(address)
            self._sink.messages.append(bytes(envelope.content or b""))
        return _given(answer, server)


def _given(answer: str, server: SMTP) -> str:
    """``answer``; for ``HANGS_UP`` none, because there is no connection any more."""
    if answer == HANGS_UP:
        assert server.transport is not None
        server.transport.abort()
        raise ConnectionResetError
    return answer
