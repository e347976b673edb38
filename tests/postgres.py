"""A PostgreSQL server of the tests' own: in a scratch directory, on a free loopback port."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path

USER = "renkei"
STARTS_WITHIN = 60  # seconds


class Unavailable(Exception):
    """This machine cannot run a server; ``str(error)`` says why."""


@contextmanager
def server(kept: Path | None = None) -> Iterator[str]:
    """Runs a server for the duration of the block and gives the URL of its first database.

    Django makes its test databases beside that one. The data lives as long as the block, or
    stays in the directory ``kept``, where a later server finds it.

    Nothing is written to disk for safety's sake (no fsync). Raises ``Unavailable`` when the
    machine has no PostgreSQL.
    """
    binaries, owner = _binaries(), _owner()
    with tempfile.TemporaryDirectory(prefix="renkei-postgres-") as scratch:
        directory = kept or Path(scratch)
        if not (directory / "data").exists():
            _initialise(binaries, directory, owner)
        password = (directory / "password").read_text()
        port = free_port()
        with _running(binaries, directory, port, owner):
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    """The directory of the newest server's programs, on the path or where Debian puts them."""
    found = [Path(path) for path in glob("/usr/lib/postgresql/*/bin/postgres")]
    newest = sorted(found, key=lambda path: float(path.parts[-3]))[-1:]
    on_path = shutil.which("postgres")
    for program in [Path(on_path)] if on_path else newest:
        return program.resolve().parent
    raise Unavailable("PostgreSQL is not installed (Debian: apt install postgresql)")


def _owner() -> str | None:
    """Who must run the server: it refuses root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    raise Unavailable("PostgreSQL refuses root, and there is no user postgres")


def _initialise(binaries: Path, directory: Path, owner: str | None) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "password").write_text(secrets.token_hex(16))
    if owner:
        for path in (directory, directory / "password"):
            shutil.chown(path, owner, owner)
    command = [
        str(binaries / "initdb"),
        f"--pgdata={directory / 'data'}",
        f"--pwfile={directory / 'password'}",
        f"--username={USER}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    ]
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, cwd=directory, user=owner, group=owner
    )


@contextmanager
def _running(binaries: Path, directory: Path, port: int, owner: str | None) -> Iterator[None]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        # A query that would never end fails its test, also when nobody waits for it any more.
        "statement_timeout": "120s",
    }
    command = [str(binaries / "postgres"), "-D", str(directory / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            user=owner,
            group=owner,
            # Ctrl-C is for the tests; the server stops after them.
            start_new_session=True,
        )
    try:
        _wait_until_ready(binaries, port, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # ends the sessions and shuts down
        process.wait()


def _wait_until_ready(
    binaries: Path, port: int, process: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.1)
