"""The seals: each day's audit rows under one SHA-256, chained to the day before.

The digest is taken over lines of ``core.audit.rows``, each ended by a line feed: the day with
the seal before it, every row of the day in the order of their numbers, and what the seal says
of them. It needs no key, so that anybody may take it again.

A day is sealed once. Where its seal is gone, a new one would make whatever stands there now
look genuine: such a day stays without, for ``verification`` to name.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import dates
from core.audit import evidence, rows
from core.models import AuditEntry, AuditSeal, SealedRow

# Longer than it takes from a row's moment to its insertion; afterwards none can come late.
SETTLES_WITHIN = timedelta(seconds=2)


@dataclass
class Sum:
    """The digest of one day, row by row."""

    day: date
    form: int
    previous: str
    rows: int = 0
    first_row: int | None = None
    last_row: int | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        self._take(rows.line({"day": self.day, "form": self.form, "previous": self.previous}))

    def add(self, pk: int, row_line: bytes) -> None:
        """Takes the next row in."""
        self.first_row = pk if self.first_row is None else self.first_row
        self.last_row = pk
        self.rows += 1
        self._take(row_line)

    def value(self, sealed_at: datetime) -> str:
        """The seal of all rows taken in."""
        said = {"rows": self.rows, "first_row": self.first_row, "last_row": self.last_row}
        self._take(rows.line({**said, "sealed_at": sealed_at}))
        return str(self._digest.hexdigest())

    def _take(self, one_line: bytes) -> None:
        self._digest.update(one_line + b"\n")


def seal_until(day: date) -> list[AuditSeal]:
    """Seals every day up to ``day`` that was never sealed, in order; days without rows as well.

    A day that was sealed before is not sealed again, whatever has become of its seal
    (``core.audit.evidence``). Returns the new seals. Raises ``ValueError`` when ``day`` is not
    over in Asia/Tokyo.
    """
    if day >= dates.today():
        raise ValueError(f"{day} is not over")
    _wait_for_writers(day)
    return list(_new_seals(day, evidence.gathered().until))


def _new_seals(until: date, sealed_until: date | None) -> Iterator[AuditSeal]:
    """Each day in a transaction of its own, so that no writer waits for all of them."""
    while seal := _seal_next(until, sealed_until):
        yield seal


def _wait_for_writers(day: date) -> None:
    """Lets every transaction end that has begun to write audit rows: they may be of ``day``.

    SQLite has one writer at a time: there, beginning to seal is enough.
    """
    if connection.vendor == "postgresql":
        settled = dates.start_of(day + timedelta(days=1)) + SETTLES_WITHIN
        time.sleep(max((settled - timezone.now()).total_seconds(), 0))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_auditentry IN SHARE MODE")


@transaction.atomic
def _seal_next(until: date, sealed_until: date | None) -> AuditSeal | None:
    """Seals the first day after every one that was sealed; None when it is after ``until``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # one sealer at a time
            cursor.execute("LOCK TABLE core_auditseal IN SHARE ROW EXCLUSIVE MODE")
    last = AuditSeal.objects.order_by("day").last()
    sealed = [day for day in (last.day if last else None, sealed_until) if day]
    day = max(sealed) + timedelta(days=1) if sealed else _first_day(until)
    return _seal(day, last.value if last else "") if day <= until else None


def _first_day(until: date) -> date:
    """The day of the oldest audit row, or ``until`` when it is the first day of all."""
    oldest = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    return min(timezone.localdate(oldest), until) if oldest else until


def _seal(day: date, previous: str) -> AuditSeal:
    total = Sum(day, rows.FORM, previous)
    marks: list[SealedRow] = []
    for values, _ in rows.values_of(rows.rows_of(day), rows.FORM):
        row_line = rows.line(values)
        total.add(values["id"], row_line)
        marks.append(SealedRow(entry_id=values["id"], day=day, mark=rows.mark(row_line)))
        if len(marks) == rows.CHUNK:
            _keep(marks)
            marks.clear()
    _keep(marks)
    sealed_at = timezone.now()
    return AuditSeal.objects.create(
        day=day,
        form=rows.FORM,
        previous=previous,
        value=total.value(sealed_at),
        sealed_at=sealed_at,
        rows=total.rows,
        first_row=total.first_row,
        last_row=total.last_row,
    )


def _keep(marks: list[SealedRow]) -> None:
    """Writes the marks. A row that was moved here from a sealed day keeps the one it had.

    That one tells where it came from, and the rest of the day is sealed all the same.
    """
    SealedRow.objects.bulk_create(marks, ignore_conflicts=True)
