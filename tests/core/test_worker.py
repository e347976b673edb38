"""The worker: what it does every second, and how it lives and dies with the web server."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.db import connection
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import daily, mail, tasks
from core.enums import MailState
from core.mail import sending
from core.models import DailyRun, Heartbeat, OutboxMail
from core.worker import (
    BEAT_EVERY,
    LONGEST_PAUSE,
    LOOK_AROUND_EVERY,
    SHORTEST_PAUSE,
    Worker,
    write_through,
)
from tests import smtp_sink
from tests.postgres import free_port
from tests.processes import (
    exists,
    parent_of,
    programs_under,
    running,
    wait_for,
    worker_other_than,
)
from tests.smtp_sink import DEFERRED, Sink

pytestmark = pytest.mark.django_db


class Clock:
    """Stands still until the test moves it: the clock on the wall and the worker's own."""

    def __init__(self, time_machine, monkeypatch) -> None:
        self._wall = time_machine
        self._seconds = 1000.0
        self.set("2026-11-22 10:00+09:00")
        monkeypatch.setattr("core.worker.monotonic", lambda: self._seconds)

    def set(self, moment: str) -> None:
        """Sets the clock on the wall; the worker's own goes on by an hour."""
        self._wall.move_to(moment, tick=False)
        self._seconds += 3600

    def shift(self, seconds: float) -> None:
        self._wall.shift(seconds)
        self._seconds += seconds


@pytest.fixture
def clock(time_machine, monkeypatch) -> Clock:
    return Clock(time_machine, monkeypatch)


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    with smtp_sink.running() as sink:
        settings.MAILERS = {"default": sink.mailer}
        yield sink


def queued(name: str = "lead") -> OutboxMail:
    address = f"{name}@example.lg.jp"
    return mail.queue(f"test:{name}", to=address, subject="お知らせ", body="本文です。")


@task
def double(number: int) -> int:
    return 2 * number


@task
def fail() -> None:
    raise ValueError("kaputt")


class TestTick:
    def test_it_shows_its_life(self, clock):
        worker = Worker()
        worker.tick()
        beat = Heartbeat.objects.get()
        assert (beat.pid, beat.seen_at, beat.trouble) == (os.getpid(), timezone.now(), "")
        clock.shift(BEAT_EVERY + 0.1)
        worker.tick()
        assert Heartbeat.objects.get().seen_at == timezone.now()

    def test_it_sends_all_that_is_due(self, sink):
        for number in range(120):
            queued(f"n{number}")
        Worker().tick()
        assert len(set(sink.recipients)) == 120

    def test_an_idle_tick_asks_once_and_writes_nothing(self, clock, django_assert_num_queries):
        worker = Worker()
        worker.tick()
        with django_assert_num_queries(1):
            worker.tick()

    def test_it_settles_what_a_dead_worker_left(self, clock):
        row = queued()
        OutboxMail.objects.update(state=MailState.SENDING, claimed_at=timezone.now())
        worker = Worker()
        worker.tick()
        clock.shift(sending.STALE_AFTER.total_seconds() + LOOK_AROUND_EVERY)
        worker.tick()
        row.refresh_from_db()
        assert row.state == MailState.UNCERTAIN

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does so by itself")
    def test_its_commits_are_on_the_disk(self):
        try:
            write_through(connection)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous")
                assert cursor.fetchone() == (2,)  # FULL
        finally:
            connection.close()

    def test_it_lives_as_long_as_its_parent(self):
        assert Worker(parent=os.getppid()).goes_on()
        assert not Worker(parent=os.getpid()).goes_on()


class TestTrouble:
    def test_it_is_shown_and_waited_out(self, sink, clock):
        sink.stop()
        row, worker = queued(), Worker()
        began = timezone.now()
        worker.tick()
        beat = Heartbeat.objects.get()
        assert beat.trouble.startswith("ConnectionRefusedError")
        assert beat.trouble_since == began
        sink.start()
        worker.tick()
        assert sink.recipients == []
        clock.shift(SHORTEST_PAUSE)
        worker.tick()
        assert sink.recipients == [row.to]
        beat.refresh_from_db()
        assert (beat.trouble, beat.trouble_since) == ("", None)

    def test_the_pauses_grow_to_a_minute(self, sink, clock):
        sink.stop()
        queued()
        worker, pauses = Worker(), []
        for _ in range(8):
            worker.tick()
            pause = 0
            while not worker._mail_pause.is_over:
                clock.shift(1)
                pause += 1
            pauses.append(pause)
        assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]

    def test_it_is_over_with_the_server_back_though_nothing_waits(self, sink, clock):
        sink.stop()
        row, worker = queued(), Worker()
        worker.tick()
        row.delete()
        sink.start()
        clock.shift(SHORTEST_PAUSE)
        worker.tick()
        assert Heartbeat.objects.get().trouble == ""

    def test_a_mail_put_off_is_no_trouble(self, sink):
        sink.to_recipient = lambda address, attempt: DEFERRED
        queued()
        Worker().tick()
        assert Heartbeat.objects.get().trouble == ""


# The runner closes a connection whose transaction is the test's.
@pytest.mark.django_db(transaction=True)
class TestTasks:
    def test_they_run_with_their_result(self):
        good, bad = double.enqueue(21), fail.enqueue()
        Worker().run_tasks()
        good.refresh()
        bad.refresh()
        assert (good.status, good.return_value) == (TaskResultStatus.SUCCESSFUL, 42)
        assert bad.status == TaskResultStatus.FAILED
        assert bad.errors[0].exception_class is ValueError

    def test_the_date_turns_with_a_daily_run(self, clock, monkeypatch):
        monkeypatch.setattr(daily, "_jobs", {})
        daily.register("test.job", lambda day: "ok")
        worker = Worker()
        for day in ("22", "23"):
            clock.set(f"2026-11-{day} 00:00:30+09:00")
            worker.tick()
            worker.tick()
            worker.run_tasks()
        assert [str(run) for run in DailyRun.objects.order_by("pk")] == [
            "test.job 2026-11-22",
            "test.job 2026-11-23",
        ]
        assert DBTaskResult.objects.count() == 2

    def test_a_daily_run_is_asked_for_once_while_it_waits(self, clock):
        worker = Worker()
        for _ in range(3):
            worker.tick()
            clock.shift(LOOK_AROUND_EVERY)
        assert DBTaskResult.objects.get().task_path == tasks.run_daily.module_path


@pytest.mark.django_db(transaction=True)
class TestProcess:
    def test_it_sends_what_is_queued_and_ends_when_told(self, sink, tmp_path):
        queued("first")
        with running("manage.py", "worker", log=tmp_path / "log", **smtp(sink)) as process:
            wait_for(lambda: len(sink.recipients) == 1, "the first mail")
            queued("second")
            wait_for(lambda: len(sink.recipients) == 2, "the second mail")
            process.terminate()
            assert process.wait() == 0
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}

    def test_with_the_web_server_it_starts_stops_and_is_started_again(self, sink, tmp_path):
        with running(*gunicorn(), log=tmp_path / "log", **smtp(sink)) as server:
            first = worker_other_than(None)
            os.kill(first, signal.SIGKILL)
            second = worker_other_than(first)
            queued()
            wait_for(lambda: sink.recipients, "the mail")
            server.terminate()
            assert server.wait() == 0
            assert not exists(second)

    def test_it_ends_with_a_web_server_that_is_killed(self, tmp_path):
        with running(*gunicorn(), log=tmp_path / "log") as server:
            worker = worker_other_than(None)
            supervisor = parent_of(worker)
            server.kill()
            wait_for(lambda: not exists(worker), "the end of the worker")
            wait_for(lambda: not exists(supervisor), "the end of its supervisor")

    def test_it_may_be_a_service_of_its_own(self, tmp_path):
        log = tmp_path / "log"
        with running(*gunicorn(), log=log, RENKEI_WORKER="own") as server:
            wait_for(lambda: b"Booting worker" in log.read_bytes(), "the web server")
            assert not any("manage.py" in program for program in programs_under(server.pid))
            server.terminate()
            assert server.wait() == 0


def smtp(sink: Sink) -> dict[str, str]:
    return {"RENKEI_MAIL_HOST": "127.0.0.1", "RENKEI_MAIL_PORT": str(sink.port)}


def gunicorn() -> list[str]:
    address = f"127.0.0.1:{free_port()}"
    return ["-m", "gunicorn", "--config", "python:renkei.gunicorn", "--bind", address]
