"""``manage.py worker``: sends mail, runs tasks and turns the date, until it is stopped."""

import signal
from argparse import ArgumentParser

from django.core.management import BaseCommand

from core.supervision import Supervisor
from core.worker import Worker


class Command(BaseCommand):
    """Alone it is a service of its own, for a service manager that starts it anew.

    With ``--parent`` it belongs to the process that started it, which is the web server: it is
    started anew by itself, and ends with that process.
    """

    help = "Sends mail, runs tasks and the daily jobs, until it is stopped"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, help="the process to end with")

    def handle(self, *args, parent: int | None, **options) -> None:
        if parent is None:
            work()
        else:
            Supervisor(work, parent).run()


def work(parent: int | None = None) -> None:
    """Works until SIGTERM or SIGINT, or until ``parent`` is no more."""
    worker = Worker(parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run()
