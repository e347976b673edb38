"""``manage.py demo``: the portal with the real record and demo accounts, in one command."""

import json
import os
import socket
import sys
import time
from argparse import ArgumentParser
from unicodedata import east_asian_width

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

HOST = "127.0.0.1"
STEPS = (
    ("Database", "migrate", {"interactive": False}),
    ("Cache table", "createcachetable", {}),
    ("Static files", "collectstatic", {"interactive": False}),
    ("Register of municipalities", "load_register", {}),
    ("Public record", "load_record", {}),
    ("Demo accounts and samples", "load_demo", {}),
)


class Command(BaseCommand):
    """Loads what is missing, prints the demo accounts, and becomes gunicorn.

    Nothing that is there already changes, so that it may be run again at any time. The
    portal is served as in production: gunicorn, hashed static files, DEBUG off.
    """

    help = "Serves the portal with the real record and demo accounts on the loopback address"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="default: $PORT")

    def handle(self, *args, port: str, **options) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo does not run where RENKEI_ENV=production.")
        number = free_port(port)
        try:
            self.prepare()
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=130) from None
        self.print_accounts()
        self.stdout.write(f"\nServing http://{HOST}:{number}/ (Ctrl-C stops it)\n", ending="\n")
        become_gunicorn(number)

    def prepare(self) -> None:
        self.stdout.write(f"Data directory: {settings.DATA_DIR}")
        for number, (label, command, arguments) in enumerate(STEPS, start=1):
            self.stdout.write(f"[{number}/{len(STEPS)}] {label} ... ", ending="")
            self.stdout.flush()
            start = time.monotonic()
            call_command(command, verbosity=0, **arguments)
            self.stdout.write(f"{time.monotonic() - start:.1f} s")

    def print_accounts(self) -> None:
        """Prints who may log in, as ``load_demo`` wrote it into the data directory."""
        accounts = json.loads(settings.DEMO_ACCOUNTS_FILE.read_text("utf-8"))
        rows = [(a["role"], a["email"], a["password"]) for a in accounts]
        self.stdout.write("\nDemo accounts (role, address, password):")
        self.stdout.write("\n".join(table(rows)))


def free_port(text: str) -> int:
    """The port named by ``text``. Raises ``CommandError`` when it is none or is taken."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text}.")
    with socket.socket() as probe:
        # As gunicorn does: the port of a demo that has just stopped is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise CommandError(
                f"Port {text} cannot be used ({error.strerror}); choose another: PORT=8123 make demo"
            ) from error
    return int(text)


def become_gunicorn(port: int) -> None:
    """Replaces this process, so that signals reach the server itself."""
    sys.stdout.flush()
    os.chdir(settings.BASE_DIR)
    arguments = ["-m", "gunicorn", "--config", "python:renkei.gunicorn", "--bind", f"{HOST}:{port}"]
    # As in production, in one command: with the worker, which sends the mail.
    variables = os.environ | {
        "RENKEI_DEBUG": "0",
        "RENKEI_WORKER": "embedded",
        "RENKEI_URL": f"http://{HOST}:{port}/",
    }
    os.execve(  # noqa: S606 - no shell, and every argument is ours
        sys.executable, [sys.executable, *arguments], variables
    )


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows as lines with aligned columns; a full-width character takes two places."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
