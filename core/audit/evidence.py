"""What tells that a day was sealed, apart from its seal: mails, daily runs and marks.

Whoever deletes seals has to delete these as well, in other tables, before a day looks as if it
had never been sealed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min

from core import dates
from core.models import DailyRun, OutboxMail, SealedRow

# The daily job that seals. Done for a day, it had sealed every day before that one.
JOB = "core.seal_audit"
_KEY = re.compile(r"seal-(\d{4}-\d{2}-\d{2})(?:-[0-9a-f]{64})?")
_VALUE = re.compile("^[0-9a-f]{64}$", re.MULTILINE)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evidence:
    """The days that were sealed, from ``since`` to ``until``, and the seals mailed, by day."""

    since: date | None
    until: date | None
    mailed: dict[date, frozenset[str]]


def gathered() -> Evidence:
    """Everything that is on record now. Days that are not over prove nothing."""
    mailed = dict(_mailed())
    days = [*mailed, *_of_runs(), *_of_marks()]
    over = [day for day in days if day < dates.today()]
    return Evidence(min(over, default=None), max(over, default=None), mailed)


def mail_key(day: date, value: str, mailed: dict[date, frozenset[str]]) -> str:
    """The outbox key of a seal's mail. Another seal of the same day is another mail."""
    is_another = day in mailed and value not in mailed[day]
    return f"seal-{day}-{value}" if is_another else f"seal-{day}"


def _mailed() -> Iterator[tuple[date, frozenset[str]]]:
    """What the outbox keeps of the mailed seals; nothing of a mail without a legible one."""
    values: dict[date, set[str]] = {}
    kept = OutboxMail.objects.filter(key__startswith="seal-").values_list("key", "body")
    for key, body in kept.order_by().iterator():
        if day := _day_of(key):
            values.setdefault(day, set()).update(_VALUE.findall(body))
    return ((day, frozenset(found)) for day, found in values.items())


def _day_of(key: str) -> date | None:
    if found := _KEY.fullmatch(key):
        try:
            return date.fromisoformat(found[1])
        except ValueError:
            return None
    return None


def _of_runs() -> list[date]:
    done = DailyRun.objects.filter(name=JOB, day__lte=dates.today()).exclude(done_at=None)
    ends = done.aggregate(first=Min("day"), last=Max("day"))
    return [day - _DAY for day in ends.values() if day]


def _of_marks() -> list[date]:
    over = SealedRow.objects.filter(day__lt=dates.today())
    ends = over.aggregate(first=Min("day"), last=Max("day"))
    return [day for day in ends.values() if day]
