"""Programs of the portal as processes of their own, on the database of the running test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from core.models import Heartbeat
from renkei.env import BASE_DIR

# Seconds; a process that has to start on a busy machine takes its time.
PATIENCE = 60


@contextmanager
def running(*arguments: str, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs ``python *arguments`` in the project; kills it at the end if it still runs.

    Only what the test has committed is there for it, so the test needs a real database
    (``transaction=True``).
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=environment(**variables),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def environment(**variables: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.process_settings",
        "RENKEI_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        **variables,
    }


def wait_for[Found](found: Callable[[], Found], what: str) -> Found:
    """What ``found`` returns, as soon as that is true. Fails when it never is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"in vain waited for {what}")


def worker_other_than(pid: int | None) -> int:
    """The process id of a worker that shows its life and is not ``pid``."""

    def alive() -> int | None:
        beat = Heartbeat.objects.first()
        return beat.pid if beat and beat.pid != pid and exists(beat.pid) else None

    return wait_for(alive, "a worker's heartbeat")


def exists(pid: int) -> bool:
    """Whether a process runs under this id; one that has ended and waits to be asked does not."""
    return _stat(pid)[0] not in ("", "Z")


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def programs_under(pid: int) -> list[str]:
    """The command lines of the processes that ``pid`` has started."""
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    children = [child for child in found if _stat(child)[1] == str(pid)]
    return [Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in children]


def _stat(pid: int) -> list[str]:
    """State, parent and more of a process (proc_pid_stat(5)); empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["", ""]
