"""Eight writers at once over HTTP: how many replies a second, and whether any is refused.

``python -m benchmarks.writers`` serves the demo in a directory of its own on SQLite, logs its
accounts in, and lets them reply to one proposal as fast as the portal takes it. It exits with
1 when a reply was not saved.
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

SAVED = "saved"
# A sample of the demo that every member may reply to.
OPEN_TO_ALL = 1
# What Django compares a form's token with; any of its shape will do.
CSRF = "a" * 32


@dataclass
class Outcome:
    """The answers, and how long each took, in seconds."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.answers += other.answers
        self.seconds += other.seconds

    @property
    def refused(self) -> int:
        """How many replies were not saved."""
        return self.answers.total() - self.answers[SAVED]

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        p50, p95 = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.95))
        return (
            f"{len(ordered)} replies, {self.refused} refused {dict(self.answers)}; "
            f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {1000 * ordered[-1]:.0f} ms"
        )


def write(url: str, sessions: Sequence[str], seconds: float) -> Outcome:
    """One writer for each of ``sessions`` replies at ``url`` again and again for ``seconds``.

    ``url`` is that of a proposal, to whose page a saved reply leads.
    """
    until = time.monotonic() + seconds
    outcome = Outcome()
    with ThreadPoolExecutor(len(sessions)) as threads:
        for one in threads.map(lambda session: _write(url, session, until), sessions):
            outcome.add(one)
    return outcome


def _write(url: str, session: str, until: float) -> Outcome:
    outcome = Outcome()
    while (start := time.monotonic()) < until:
        form = {"body": f"{len(outcome.seconds) + 1}件目の返信です。"}
        response = post(f"{url}replies/new/", form, f"sessionid={session}")
        is_saved = response.headers["Location"] == urlsplit(url).path
        outcome.answers[SAVED if is_saved else str(response.status)] += 1
        outcome.seconds.append(time.monotonic() - start)
    return outcome


def post(url: str, form: dict[str, Any], cookies: str = "") -> http.client.HTTPResponse:
    """The answer to a form that is sent to ``url``, read to its end."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={CSRF}; {cookies}",
    }
    connection.request("POST", parts.path, urlencode(form | {"csrfmiddlewaretoken": CSRF}), headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def log_in(url: str, email: str, password: str) -> str:
    """The session of somebody who has logged in."""
    response = post(f"{url}/accounts/login/", {"login": email, "password": password})
    cookies = SimpleCookie("; ".join(response.headers.get_all("Set-Cookie", [])))
    return cookies["sessionid"].value


def main() -> int:
    from tests.browser import served

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--writers", type=int, default=8)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="renkei-writers-") as directory,
        served.running(Path(directory)) as demo,
    ):
        accounts = json.loads((demo.data_dir / "demo_accounts.json").read_text("utf-8"))
        members = [one for one in accounts if "主担当" in one["role"]]
        seats = [log_in(demo.url, one["email"], one["password"]) for one in members]
        sessions = list(islice(cycle(seats), options.writers))
        outcome = write(f"{demo.url}/proposals/{OPEN_TO_ALL}/", sessions, options.seconds)
    print(f"{len(outcome.seconds) / options.seconds:.0f} replies a second: {outcome}")
    return 1 if outcome.refused else 0


if __name__ == "__main__":
    sys.exit(main())
