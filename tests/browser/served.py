"""The real demo as a process: its address, its accounts, its mail."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from renkei.env import BASE_DIR
from tests.postgres import free_port

STARTS_WITHIN = 120  # seconds
MAILED_WITHIN = 30  # seconds


@dataclass(frozen=True)
class Demo:
    """A running demo with a data directory of its own."""

    url: str
    data_dir: Path
    codes_read: Counter[str] = field(default_factory=Counter)

    def password(self, email: str) -> str:
        accounts = json.loads((self.data_dir / "demo_accounts.json").read_text("utf-8"))
        return {account["email"]: account["password"] for account in accounts}[email]

    def mail_to(self, email: str) -> list[str]:
        """The mails kept for ``email``, oldest first."""
        mails = [path.read_text("utf-8") for path in sorted((self.data_dir / "mail").glob("*.txt"))]
        return [mail for mail in mails if f"To: {email}\n" in mail]

    def login_code(self, email: str) -> str:
        """The code in the newest mail to ``email``, once the worker has sent it.

        It stands on a line of its own. Asked again, waits for the next one.
        """
        deadline = time.monotonic() + MAILED_WITHIN
        while len(codes := self._codes(email)) <= self.codes_read[email]:
            assert time.monotonic() < deadline, f"no code was mailed to {email}"
            time.sleep(0.1)
        self.codes_read[email] = len(codes)
        return codes[-1]

    def link_code(self, email: str) -> str:
        """The code of the newest link mailed to ``email``, once the worker has sent it."""
        deadline = time.monotonic() + MAILED_WITHIN
        while not (codes := re.findall(r"番号：(\S+)", "\n".join(self.mail_to(email)))):
            assert time.monotonic() < deadline, f"no link was mailed to {email}"
            time.sleep(0.1)
        return codes[-1]

    def _codes(self, email: str) -> list[str]:
        return re.findall(r"^([A-Z0-9-]{6,12})$", "\n".join(self.mail_to(email)), re.MULTILINE)


@contextmanager
def running(data_dir: Path, host: str = "127.0.0.1", **variables: str) -> Iterator[Demo]:
    """Runs ``manage.py demo`` for the duration of the block; asserts that it stops cleanly.

    ``variables`` are set in its environment; visitors call it ``host``.
    """
    port = free_port()
    log = data_dir / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=BASE_DIR,
            env=environment(data_dir) | variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_served(port, process, log)
        yield Demo(f"http://{host}:{port}", data_dir)
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait()
    assert code == 0, log.read_text("utf-8")


def environment(data_dir: Path) -> dict[str, str]:
    """What a shell would give that says nothing about Renkei but the data directory."""
    ours = ("RENKEI_", "DJANGO_", "DATABASE_URL", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"RENKEI_DATA_DIR": str(data_dir)}


def wait_until_served(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError(f"The demo did not start:\n{log.read_text('utf-8')}")
