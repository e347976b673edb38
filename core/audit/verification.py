"""Whether the audit log still is what was sealed: the first thing that does not fit, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any

from django.utils import timezone

from core import dates
from core.audit import evidence, rows
from core.audit.entries import digest
from core.audit.erasure import erased_before
from core.audit.evidence import Evidence
from core.audit.forgetting import forgotten_rows
from core.audit.seals import Sum
from core.dates import day_text
from core.models import AuditEntry, AuditSeal, SealedRow

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Finding:
    """The first thing that does not fit: its day, its audit row if it is one, and what it is."""

    day: date
    sentence: str
    row: int | None = None

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Excuses:
    """Why a personal value may be gone: its day is before ``before``, or its row one of ``rows``.

    The former by the period of all (``erasure``), the latter with its person (``forgetting``).
    """

    before: Callable[[], date | None]
    rows: Callable[[], frozenset[int]]


@dataclass
class Verification:
    """What was compared, and the first thing that did not fit."""

    first: date | None = None
    last: AuditSeal | None = None
    days: int = 0
    rows: int = 0
    finding: Finding | None = None

    def __str__(self) -> str:
        """The outcome in a sentence or two."""
        if self.finding:
            return str(self.finding)
        if self.first is None or self.last is None:
            return "終わった日の操作記録は、まだありません。"
        period = f"{day_text(self.first)}から{day_text(self.last.day)}まで"
        return f"{period}の封印{self.days:,}件と操作記録{self.rows:,}件は、すべて合っています。"


def verify(
    since: date | None = None,
    mailed: Mapping[date, str] | None = None,
    *,
    due: date | None = None,
) -> Verification:
    """Compares rows, side rows and seals from ``since`` on, or from the first day of all.

    ``mailed`` are seals as the secretariat has received them, by day: whoever rewrites the
    whole chain cannot rewrite those. ``due`` is the last day that has to be sealed by now,
    yesterday if it is not given; what was sealed once has to be so in any case. Stops at the
    first thing that does not fit. Holds a few thousand rows in memory, changes nothing.
    """
    outcome = Verification()
    wanted = dict(mailed or {})
    found = evidence.gathered()
    findings = chain(
        _findings(outcome, since, wanted, found),
        _unsealed_after(outcome, found, due or dates.today() - _DAY),
        _never_met(wanted),
    )
    outcome.finding = next(findings, None)
    return outcome


def _findings(
    outcome: Verification, since: date | None, wanted: dict[date, str], found: Evidence
) -> Iterator[Finding]:
    """In the order of days. Takes out of ``wanted`` the mailed seals that it meets."""
    seals = AuditSeal.objects.order_by("day")
    oldest = seals.first()
    start = _start(oldest, found)
    if start is None:
        return
    if oldest and (since is None or since <= start):
        yield from _rows_before(start)
    outcome.first = expected = max(since or start, start)
    previous = seals.filter(day__lt=expected).last() if expected > start else None
    # Both are asked for at the first side row that is not there.
    excuses = Excuses(cache(erased_before), cache(forgotten_rows))
    for seal in seals.filter(day__gte=expected).iterator():
        if seal.day != expected:
            yield _seal_gone(expected)
        yield from _chain(seal, previous)
        yield from _Day(seal, excuses).findings(outcome)
        if wanted.pop(seal.day, seal.value) != seal.value:
            yield _rewritten(seal.day)
        if found.mailed.get(seal.day, frozenset()) - {seal.value}:
            yield _not_as_sent(seal.day)
        previous, expected = seal, seal.day + _DAY


def _unsealed_after(outcome: Verification, found: Evidence, due: date) -> Iterator[Finding]:
    """The first day after the last seal, when it was sealed once or has to be sealed by now."""
    if outcome.first is None:
        return
    expected = outcome.last.day + _DAY if outcome.last else outcome.first
    if found.until and expected <= found.until:
        yield _seal_gone(expected)
    elif expected <= due:
        yield _unsealed(expected)


def _never_met(wanted: Mapping[date, str]) -> Iterator[Finding]:
    """Mailed seals of days that were not compared."""
    for day in sorted(wanted):
        yield Finding(day, f"{day_text(day)}の封印は、比べた期間にありません。")


def _start(oldest: AuditSeal | None, found: Evidence) -> date | None:
    """The first day that was sealed, as the seals or the evidence say; None where none was."""
    first = oldest.day if oldest else _first_unsealed_day()
    return min((day for day in (first, found.since) if day), default=None)


def _first_unsealed_day() -> date | None:
    """Where nothing is sealed: the day of the oldest row, when it is over."""
    oldest = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    day = timezone.localdate(oldest) if oldest else None
    return day if day and day < dates.today() else None


def _rows_before(start: date) -> Iterator[Finding]:
    """A row of a day before the first one that was sealed."""
    early = AuditEntry.objects.filter(at__lt=dates.start_of(start)).order_by("at", "pk")
    for pk, at in early.values_list("pk", "at")[:1]:
        yield _extra(timezone.localdate(at), pk)


def _chain(seal: AuditSeal, previous: AuditSeal | None) -> Iterator[Finding]:
    if seal.previous != (previous.value if previous else ""):
        sentence = f"{day_text(seal.day)}の封印は、前の日の封印とつながっていません。"
        yield Finding(seal.day, f"{sentence}前の日の封印が作り直されたか、消されています。")


class _Day:
    """The rows of one day beside their marks and their seal."""

    def __init__(self, seal: AuditSeal, excuses: Excuses) -> None:
        self.seal = seal
        self.excuses = excuses
        self.doubt: Finding | None = None
        self.doubts_mark = False

    def findings(self, outcome: Verification) -> Iterator[Finding]:
        """At most one: of a row, or of the seal when every row fits."""
        seal = self.seal
        if seal.form not in rows.FORMS:
            yield self._changed_seal()
            return
        total = Sum(seal.day, seal.form, seal.previous)
        for pk, entry, mark in self._pairs():
            if entry is None:
                self._note(_missing(seal.day, pk), of_mark=True)
                continue
            values, side = entry
            row_line = rows.line(values)
            total.add(pk, row_line)
            if mark is None:
                self._note(_extra(seal.day, pk), of_mark=True)
            elif mark != rows.mark(row_line):
                self._note(_changed(seal.day, pk), of_mark=True)
            else:
                self._compare_side(pk, values["personal_digests"], *side)
        outcome.last = seal
        outcome.days += 1
        outcome.rows += total.rows
        yield from self._judged(total)

    def _judged(self, total: Sum) -> Iterator[Finding]:
        """What the seal says of the rows that stand there now decides which side has changed."""
        seal = self.seal
        said = (seal.rows, seal.first_row, seal.last_row)
        counted = (total.rows, total.first_row, total.last_row)
        fits = total.value(seal.sealed_at) == seal.value
        if self.doubt and self.doubts_mark and fits and self.doubt.row:
            yield _other_key(seal.day, self.doubt.row)
        elif self.doubt:
            yield self.doubt
        elif not fits or said != counted:
            yield self._changed_seal()

    def _pairs(self) -> Iterator[tuple[int, tuple[dict[str, Any], Any] | None, str | None]]:
        """Each number with its row and its mark; None for the one that is not there."""
        entries = rows.values_of(
            rows.rows_of(self.seal.day), self.seal.form, "personal__salt", "personal__values"
        )
        sealed = SealedRow.objects.filter(day=self.seal.day).order_by("entry_id")
        marks = sealed.values_list("entry_id", "mark").iterator(chunk_size=rows.CHUNK)
        entry, mark = next(entries, None), next(marks, None)
        while entry or mark:
            numbers = [entry[0]["id"] if entry else None, mark[0] if mark else None]
            pk = min(number for number in numbers if number is not None)
            has_entry, has_mark = (number == pk for number in numbers)
            yield pk, entry if has_entry else None, mark[1] if mark and has_mark else None
            entry = next(entries, None) if has_entry else entry
            mark = next(marks, None) if has_mark else mark

    def _compare_side(self, pk: int, digests: dict[str, str], salt: str | None, kept: Any) -> None:
        """The personal values that have not been erased yet, beside the digests in the row."""
        if salt is None:
            if digests and not self._may_be_erased(pk):
                self._note(_side_gone(self.seal.day, pk), of_mark=False)
            return
        values = kept if isinstance(kept, dict) else {}
        for name in sorted(digests.keys() | values.keys()):
            if name not in values and pk in self.excuses.rows():
                continue
            written = digest(values[name], salt) if name in values else ""
            if written != digests.get(name):
                self._note(_changed_side(self.seal.day, pk, name), of_mark=False)
                return

    def _may_be_erased(self, pk: int) -> bool:
        limit = self.excuses.before()
        is_old = limit is not None and self.seal.day < limit
        return is_old or pk in self.excuses.rows()

    def _note(self, finding: Finding, *, of_mark: bool) -> None:
        if self.doubt is None:
            self.doubt, self.doubts_mark = finding, of_mark

    def _changed_seal(self) -> Finding:
        day = self.seal.day
        return Finding(day, f"{day_text(day)}の封印は、封印したときから書き換えられています。")


def _changed(day: date, pk: int) -> Finding:
    return Finding(day, f"{_row(day, pk)}は、封印した後に書き換えられています。", pk)


def _missing(day: date, pk: int) -> Finding:
    """A row that was sealed under ``day`` and is not among its rows."""
    if AuditEntry.objects.filter(pk=pk).exists():
        return Finding(day, f"{_row(day, pk)}は、封印した後に日時が書き換えられています。", pk)
    return Finding(day, f"{_row(day, pk)}は、封印した後に消されています。", pk)


def _extra(day: date, pk: int) -> Finding:
    """A row of ``day`` that was not sealed under it."""
    sealed = SealedRow.objects.filter(pk=pk).first()
    if sealed and sealed.day != day:
        return _missing(sealed.day, pk)
    return Finding(day, f"{_row(day, pk)}は、封印した後に加えられています。", pk)


def _changed_side(day: date, pk: int, name: str) -> Finding:
    sentence = f"{_row(day, pk)}の個人の情報（{name}）は、記録した後に書き換えられています。"
    return Finding(day, sentence, pk)


def _side_gone(day: date, pk: int) -> Finding:
    sentence = f"{_row(day, pk)}の個人の情報は、保存期間を過ぎていないのに消されています。"
    return Finding(day, sentence, pk)


def _other_key(day: date, pk: int) -> Finding:
    sentence = f"{day_text(day)}の操作記録は封印と合いますが、{pk}番の控えが合いません。"
    return Finding(day, f"{sentence}RENKEI_AUDIT_KEYが違うか、控えが書き換えられています。", pk)


def _rewritten(day: date) -> Finding:
    sentence = f"{day_text(day)}の封印は、メールで届いた封印と違います。"
    return Finding(day, f"{sentence}その日までの記録が書き換えられ、封印が作り直されています。")


def _not_as_sent(day: date) -> Finding:
    sentence = f"{day_text(day)}の封印は、送信したメールに残っている封印と違います。"
    return Finding(day, f"{sentence}封印が作り直されたか、メールの記録が書き換えられています。")


def _seal_gone(day: date) -> Finding:
    sentence = f"{day_text(day)}の操作記録は一度封印されましたが、その封印がありません。"
    return Finding(day, f"{sentence}封印が消されています。")


def _unsealed(day: date) -> Finding:
    return Finding(day, f"{day_text(day)}の操作記録は、封印されていません。")


def _row(day: date, pk: int) -> str:
    return f"{day_text(day)}の操作記録{pk}番"
