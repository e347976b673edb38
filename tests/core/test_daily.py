"""The jobs of each day: once, in order, caught up with, and one failure stops no other."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import daily, mail, tasks, tidying
from core.enums import MailKind, MailState
from core.models import DailyRun, OutboxMail, Submission

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def clock(time_machine):
    """Ten in the morning in Tokyo, standing still."""
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def jobs(monkeypatch) -> dict[str, daily.Job]:
    """No jobs but the test's own."""
    monkeypatch.setattr(daily, "_jobs", {})
    return daily._jobs


@pytest.fixture
def log(jobs, clock) -> list[tuple[str, int]]:
    """Two jobs that note their name and the day of the month."""
    done: list[tuple[str, int]] = []
    for name in ("first", "second"):
        daily.register(f"test.{name}", lambda day, name=name: done.append((name, day.day)) or "ok")
    return done


def run_daily(**options) -> str:
    out = StringIO()
    call_command("daily", stdout=out, **options)
    return out.getvalue()


class TestRun:
    def test_each_job_runs_once_a_day_in_order(self, log):
        assert daily.is_due()
        assert [run.result for run in daily.run()] == ["ok", "ok"]
        assert log == [("first", 22), ("second", 22)]
        assert not daily.is_due()
        assert daily.run() == []
        assert len(log) == 2

    def test_the_date_turns_in_tokyo(self, log, clock):
        daily.run()
        clock.move_to("2026-11-22 23:59+09:00", tick=False)
        assert not daily.is_due()
        clock.move_to("2026-11-23 00:00+09:00", tick=False)
        assert daily.is_due()
        daily.run()
        assert log[2:] == [("first", 23), ("second", 23)]

    def test_missed_days_are_caught_up_with_day_by_day(self, log, clock):
        daily.run()
        clock.move_to("2026-11-25 09:00+09:00", tick=False)
        daily.run()
        assert log[2:] == [
            ("first", 23),
            ("second", 23),
            ("first", 24),
            ("second", 24),
            ("first", 25),
            ("second", 25),
        ]

    def test_a_new_job_begins_today(self, log, clock):
        daily.run()
        clock.move_to("2026-11-24 09:00+09:00", tick=False)
        days = []
        daily.register("test.new", lambda day: days.append(day) or "")
        daily.run()
        assert days == [date(2026, 11, 24)]

    def test_a_name_is_taken_once(self, log):
        with pytest.raises(ValueError, match=r"test\.first is registered already"):
            daily.register("test.first", lambda day: "")


class TestFailure:
    @pytest.fixture
    def broken(self, jobs, clock) -> list[date]:
        """A job that fails until the test repairs it, after it has written something."""
        faults = [TODAY]

        def job(day: date) -> str:
            Submission.objects.create(result_url=str(day))
            if faults:
                raise ValueError("kaputt")
            return "ok"

        daily.register("test.broken", job)
        return faults

    def test_it_is_noted_and_stops_no_other(self, broken):
        others = []
        daily.register("test.other", lambda day: others.append(day) or "")
        daily.run()
        row = DailyRun.objects.get(name="test.broken")
        assert (row.done_at, row.attempts) == (None, 1)
        assert "ValueError: kaputt" in row.last_error
        assert not Submission.objects.exists()
        assert others == [TODAY]

    def test_it_is_tried_again_later_until_its_day_is_done(self, broken, clock):
        daily.run()
        assert not daily.is_due()
        clock.shift(daily.RETRY_AFTER)
        assert daily.is_due()
        broken.clear()
        daily.run()
        row = DailyRun.objects.get(name="test.broken")
        assert row.done_at is not None
        assert (row.attempts, row.last_error, row.result) == (2, "", "ok")
        assert not daily.is_due()

    def test_its_own_later_days_wait_for_it(self, broken, clock):
        daily.run()
        clock.move_to("2026-11-24 09:00+09:00", tick=False)
        daily.run()
        assert DailyRun.objects.get().day == TODAY
        broken.clear()
        daily.run()
        days = DailyRun.objects.order_by("pk").values_list("day", flat=True)
        assert [day.day for day in days] == [22, 23, 24]


class TestCommand:
    def test_it_runs_what_is_due_and_says_so(self, log):
        assert run_daily() == "test.first 2026-11-22: ok\ntest.second 2026-11-22: ok\n"
        assert run_daily() == "Everything has been done.\n"

    def test_up_to_a_day(self, log, clock):
        daily.run()
        clock.move_to("2026-11-25 09:00+09:00", tick=False)
        run_daily(date=date(2026, 11, 23))
        assert log[2:] == [("first", 23), ("second", 23)]

    def test_a_day_to_come_is_refused(self, log):
        with pytest.raises(CommandError, match="2026-11-23 has not come yet"):
            run_daily(date=date(2026, 11, 23))
        assert log == []
        assert not DailyRun.objects.exists()

    def test_a_failure_is_its_exit_code(self, jobs, clock):
        daily.register("test.broken", lambda day: 1 / 0)
        with pytest.raises(CommandError, match="1 of 1 jobs failed"):
            run_daily()


class TestTidying:
    def test_the_core_has_its_jobs(self):
        names = ["core.sessions", "core.submissions", "core.tasks", "core.mail", "core.sheets"]
        assert [name for name in daily._jobs if name in names] == names

    def test_sessions_that_have_ended(self, clock):
        for key, days in (("old", -1), ("new", 1)):
            Session.objects.create(
                session_key=key, expire_date=timezone.now() + timedelta(days=days)
            )
        assert tidying.clear_sessions(TODAY) == "1 sessions"
        assert Session.objects.get().session_key == "new"

    def test_marks_of_forms(self, clock):
        Submission.objects.create(result_url="/old/")
        clock.shift(timedelta(days=tidying.KEEP_SUBMISSIONS_DAYS + 1))
        Submission.objects.create(result_url="/new/")
        assert tidying.clear_submissions(timezone.localdate()) == "1 marks of sent forms"
        assert Submission.objects.get().result_url == "/new/"

    def test_results_of_tasks(self, clock):
        done, killed, ready = (tasks.run_daily.enqueue().db_result for _ in range(3))
        done.set_successful([])
        killed.claim("worker")
        clock.shift(timedelta(days=2))
        tidying.clear_tasks(timezone.localdate())
        killed.refresh_from_db()
        assert killed.status == TaskResultStatus.FAILED
        assert killed.task_result.errors[0].exception_class is InterruptedError
        clock.shift(timedelta(days=tidying.KEEP_TASKS_DAYS - 1))
        tidying.clear_tasks(timezone.localdate())
        left = set(DBTaskResult.objects.values_list("pk", flat=True))
        assert left == {killed.pk, ready.pk}

    def test_secret_mails(self, clock):
        for kind in (MailKind.SECRET, MailKind.NORMAL):
            mail.queue(
                f"test:{kind}",
                to="lead@example.lg.jp",
                subject="番号",
                body="1234-5678",
                kind=kind,
                expires_at=timezone.now() + timedelta(minutes=15),
            )
        clock.shift(timedelta(hours=1))
        text = tidying.clear_mail(timezone.localdate())
        assert text == "2 forgotten mails settled, 0 old secret ones deleted"
        secret = OutboxMail.objects.get(kind=MailKind.SECRET)
        assert (secret.state, secret.body) == (MailState.EXPIRED, "")
        clock.shift(timedelta(days=tidying.KEEP_SECRET_MAILS_DAYS + 1))
        tidying.clear_mail(timezone.localdate())
        assert OutboxMail.objects.get().kind == MailKind.NORMAL


class TestInSteps:
    """A job that makes its own transactions."""

    @pytest.fixture
    def steps(self, jobs, clock, monkeypatch) -> list[str]:
        """A job of two steps, of which the second fails at the first attempt."""
        done: list[str] = []
        monkeypatch.setattr(daily, "_in_steps", set())

        def job(day: date) -> str:
            mail.queue("test:first", to="lead@example.lg.jp", subject="件名", body="本文")
            done.append("first")
            if done == ["first"]:
                raise RuntimeError("見本の故障")
            return "ok"

        daily.register("test.steps", job, in_steps=True)
        return done

    @pytest.mark.django_db(transaction=True)
    def test_what_was_done_before_a_failure_stays_and_is_gone_on_with(self, steps, clock):
        (run,) = daily.run()
        assert (run.done_at, run.attempts) == (None, 1)
        assert "見本の故障" in run.last_error
        assert OutboxMail.objects.count() == 1
        clock.shift(daily.RETRY_AFTER)
        (run,) = daily.run()
        assert (run.result, run.last_error, run.attempts) == ("ok", "", 2)
        assert daily.run() == []
        assert steps == ["first", "first"]
