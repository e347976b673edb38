"""The worker: sends mail, runs tasks, turns the date, and shows that it is alive.

Mail and tasks have a thread each, so that no login code waits for a long task. The worker
holds nothing that is not in the database: it may be killed at any moment and started again.
"""

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from time import monotonic, sleep
from types import FrameType
from typing import Any

from django.db import close_old_connections, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from core import daily, tasks
from core.mail import sending
from core.models import Heartbeat

logger = logging.getLogger(__name__)

NAME = "worker"
# In seconds. Somebody sits waiting for a login code; two small queries a second are its price.
POLL_EVERY = 1.0
BEAT_EVERY = 5.0
LOOK_AROUND_EVERY = 30.0
# After trouble, doubled each time up to the longest.
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# A task that takes longer when the worker is to stop is left behind.
TASKS_END_WITHIN = 10.0
# A daily run is not asked for while one waits or runs; one as old as this was killed.
LONGEST_DAILY_RUN = timedelta(hours=1)


def write_through(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Makes SQLite put each commit on the disk, which the portal's settings leave to it.

    After a power failure a claimed mail must not stand there as one that still waits.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


class Every:
    """Says once in so many seconds that it is time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def is_time(self) -> bool:
        if monotonic() < self._next:
            return False
        self._next = monotonic() + self._seconds
        return True


class Pause:
    """A wait that grows with every trouble and is over with the first success."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._until = 0.0

    @property
    def is_over(self) -> bool:
        return monotonic() >= self._until

    def grow(self) -> None:
        self._seconds = min(max(2 * self._seconds, SHORTEST_PAUSE), LONGEST_PAUSE)
        self._until = monotonic() + self._seconds

    def end(self) -> None:
        self._seconds = self._until = 0.0


class Worker:
    """Runs until ``stop`` is called, or until ``parent``, when given, is no more.

    ``parent`` is the process id of whoever started it, which it never outlives by more than
    the mail and the task in hand.
    """

    def __init__(self, parent: int | None = None) -> None:
        self._parent = parent
        self._stopping = False
        self._started_at = timezone.now()
        self._beat = Every(BEAT_EVERY)
        self._look_around = Every(LOOK_AROUND_EVERY)
        self._mail_pause = Pause()
        self._pause = Pause()
        self._trouble = ""
        self._trouble_since: datetime | None = None
        self._runner = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ends the worker after the mail and the task in hand; may handle a signal."""
        self._stopping = True
        self._runner.running = False

    def run(self) -> None:
        """Works until it is to stop. Nothing that goes wrong ends it."""
        connection_created.connect(write_through)
        runner = threading.Thread(target=self._run_tasks, name="tasks", daemon=True)
        runner.start()
        while self.goes_on():
            if self._pause.is_over:
                self._guarded(self.tick)
            sleep(POLL_EVERY)
        self._runner.running = False
        runner.join(TASKS_END_WITHIN)
        connection.close()

    def goes_on(self) -> bool:
        """Whether there is still something to work for."""
        if self._parent is not None and os.getppid() != self._parent:
            self._stopping = True
        return not self._stopping

    def tick(self) -> None:
        """What the main thread does once a second."""
        self._show_life()
        if self._mail_pause.is_over:
            self._send_mail()
        if self._look_around.is_time():
            sending.settle_forgotten()
            self._ask_for_daily_run()

    def run_tasks(self) -> None:
        """Runs the tasks that are ready."""
        # A read first: the runner's own question takes SQLite's only lock.
        if DBTaskResult.objects.ready().exists():
            self._runner.run()

    def _run_tasks(self) -> None:
        """The second thread."""
        pause = Pause()
        while not self._stopping:
            if pause.is_over:
                self._guarded(self.run_tasks, pause)
            sleep(POLL_EVERY)
        connection.close()

    def _guarded(self, work: Any, pause: Pause | None = None) -> None:
        """Does ``work``; when it fails, says so and waits, as for a database that restarts."""
        pause = pause or self._pause
        try:
            close_old_connections()
            work()
        except Exception:
            # Without it one fault would keep all mail from leaving for good.
            logger.exception("the worker goes on after a failure")
            connection.close()
            pause.grow()
        else:
            pause.end()

    def _send_mail(self) -> None:
        """Sends all that is due; on trouble with the server, waits a growing while."""
        try:
            tried = 0
            while count := sending.drain(self._goes_on_and_shows_life):
                tried += count
            if self._trouble and not tried:
                sending.try_server()
        except sending.ServerTrouble as trouble:
            if trouble.tried:
                self._mail_pause.end()
            self._mail_pause.grow()
            self._note_trouble(str(trouble))
            return
        self._mail_pause.end()
        self._note_trouble("")

    def _goes_on_and_shows_life(self) -> bool:
        self._show_life()
        return self.goes_on()

    def _note_trouble(self, trouble: str) -> None:
        """Keeps why no mail leaves, and since when, and says so once in the log."""
        if bool(trouble) != bool(self._trouble):
            # The server's own words may name a person's address.
            logger.warning("mail server: %s", "trouble" if trouble else "well again")
            self._trouble_since = timezone.now() if trouble else None
        if trouble != self._trouble:
            self._trouble = trouble
            self._write_heartbeat()

    def _show_life(self) -> None:
        if self._beat.is_time():
            self._write_heartbeat()

    def _write_heartbeat(self) -> None:
        values = {
            "host": socket.gethostname()[:100],
            "pid": os.getpid(),
            "started_at": self._started_at,
            "seen_at": timezone.now(),
            "trouble": self._trouble,
            "trouble_since": self._trouble_since,
        }
        if not Heartbeat.objects.filter(name=NAME).update(**values):
            Heartbeat.objects.get_or_create(name=NAME, defaults=values)

    def _ask_for_daily_run(self) -> None:
        """Puts the daily run into the task queue when the date has turned."""
        if not daily.is_due():
            return
        under_way = DBTaskResult.objects.filter(
            task_path=tasks.run_daily.module_path,
            status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
            enqueued_at__gt=timezone.now() - LONGEST_DAILY_RUN,
        )
        if not under_way.exists():
            tasks.run_daily.enqueue()
