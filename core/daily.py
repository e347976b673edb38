"""The jobs of each day: done once for every day, in order, however often they are asked for.

A room registers its jobs in ``AppConfig.ready``. The worker runs what is due when the date
turns in Asia/Tokyo; ``manage.py daily`` does the same by hand. A day on which nothing ran is
caught up with before the next.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core.dates import today
from core.models import DailyRun

logger = logging.getLogger(__name__)

# Does the work of one day, which has just begun; returns what to note about it.
type Job = Callable[[date], str]

# A job that failed is tried again after this long, until its day is done.
RETRY_AFTER = timedelta(minutes=10)
_ONE_DAY = timedelta(days=1)
_LONGEST_RESULT = 200

_jobs: dict[str, Job] = {}
_in_steps: set[str] = set()


def register(name: str, job: Job, *, in_steps: bool = False) -> None:
    """Makes ``job`` part of every day. Jobs run in the order in which they are registered.

    ``name`` is ``<app>.<job>`` and stays as it is: the days done are noted under it. The job
    runs in a transaction of its own, and for days that were missed as well. Raises
    ``ValueError`` when another job has the name.

    A job ``in_steps`` makes its own transactions, small ones, because all other writers would
    wait for a great one. It bears being broken off and begun again, and running twice at once.
    """
    if _jobs.get(name, job) is not job:
        raise ValueError(f"a daily job named {name} is registered already")
    _jobs[name] = job
    if in_steps:
        _in_steps.add(name)


def is_due() -> bool:
    """Whether a job of today, or of a missed day, waits to be run now."""
    done = DailyRun.objects.filter(day=today()).exclude(done_at=None)
    failed = DailyRun.objects.filter(done_at=None, tried_at__gt=timezone.now() - RETRY_AFTER)
    not_now = {*done.values_list("name", flat=True), *failed.values_list("name", flat=True)}
    return bool(_jobs.keys() - not_now)


def run(until: date | None = None) -> list[DailyRun]:
    """Does every job's days up to ``until`` (today) that are not done, day by day.

    A job that fails is noted and does not stop the others; its own later days wait for it.
    Returns the rows of what was tried, in order. A new job begins with ``until``.
    """
    until = until or today()
    next_days = {name: _next_day(name, until) for name in _jobs}
    day = min(next_days.values(), default=until)
    tried = []
    while day <= until:
        for name in [name for name, first in next_days.items() if first <= day]:
            tried.append(_run(name, day))
            if tried[-1].done_at is None:
                del next_days[name]
        day += _ONE_DAY
    return tried


def _next_day(name: str, until: date) -> date:
    """The first day that the job has not done."""
    days = DailyRun.objects.filter(name=name)
    if last := days.exclude(done_at=None).order_by("-day").first():
        return last.day + _ONE_DAY
    # Where it has failed from the beginning, its first day is still owed.
    first = days.order_by("day").first()
    return first.day if first else until


def _run(name: str, day: date) -> DailyRun:
    """Runs one job for one day, unless somebody else has done so meanwhile."""
    row, _ = DailyRun.objects.get_or_create(name=name, day=day)
    try:
        if name in _in_steps:
            if row.done_at is None:
                _note_done(row, _jobs[name](day))
            return row
        with transaction.atomic():
            row = DailyRun.objects.select_for_update().get(pk=row.pk)
            if row.done_at is None:
                _note_done(row, _jobs[name](day))
    except Exception:
        # Whatever a job raises is a fault in it, and none of it must keep the others waiting.
        logger.exception("daily job %s failed for %s", name, day)
        row.done_at, row.result, row.last_error = None, "", traceback.format_exc()
        _note_attempt(row)
    return row


def _note_done(row: DailyRun, result: str) -> None:
    row.result = result[:_LONGEST_RESULT]
    row.done_at, row.last_error = timezone.now(), ""
    _note_attempt(row)


def _note_attempt(row: DailyRun) -> None:
    row.tried_at = timezone.now()
    row.attempts += 1
    row.save()
