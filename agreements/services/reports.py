"""Year reports: a ward writes and submits them, the secretariat accepts them or sends them back.

Locks are taken in one order: the joint project, its report, then what follows from it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements import following, rules
from agreements.enums import YEAR_REPORT_MOVES, Action, YearReportMove, YearReportStatus
from agreements.models import GRANTS, Collaboration, YearReport, YearReportStep
from agreements.queries import with_bodies
from agreements.services.report_telling import tell_report_step
from core import audit
from core.dates import fiscal_year_text
from core.errors import DomainError, StaleVersion, given, require
from core.files import FileChange, apply_change, texts_of
from members.models import Seat
from members.rules import is_secretariat

# What ``data`` of ``write_report`` may hold.
REPORT_FIELDS = ("fiscal_year", "result", "visitors", "visitors_qualifier", *GRANTS)
_NUMBERS = ("visitors", *GRANTS)
# Nothing typed, which a form gives in several ways.
_EMPTY: tuple[Any, ...] = (None, "", [])


@transaction.atomic
def write_report(
    collaboration: Collaboration,
    report: YearReport | None = None,
    *,
    data: Mapping[str, Any],
    by: Seat,
    files: FileChange | None = None,
    version: int | None = None,
) -> YearReport:
    """Keeps ``data`` as a draft, however incomplete, for every seat of the project's wards.

    Without ``report`` one begins; otherwise that draft is continued as it stood at ``version``.
    Nothing is written when nothing differs. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` when it is a draft no longer, the project has not run in the fiscal year or
    has a report on it, or a number is negative.
    """
    report = _opened_draft(report, by, version) if report else _begun(collaboration, by)
    before = _content(report) if report.pk else {}
    _fill(report, data)
    has_new_files = files is not None and bool(files.added or files.removed)
    if _content(report) == before and not has_new_files:
        return report
    if report.pk:
        report.version += 1
    report.save()
    if files:
        apply_change(report, files)
    audit.record(Action.WRITE_REPORT, report, by=by, changes=_changes(before, _content(report)))
    return report


@transaction.atomic
def submit_report(report: YearReport, *, by: Seat, version: int) -> YearReport:
    """Puts a draft, as it stood at ``version``, before the secretariat.

    What the joint project came from may be completed by it. Raises ``NotAllowed``,
    ``StaleVersion``, and ``DomainError`` without a result or when it is no draft.
    """
    report = _opened_draft(report, by, version)
    if not report.result.strip():
        raise DomainError("提出するには、実績を入力してください")
    _check(report)
    report.signature = by.signature
    report.submitted_at = timezone.now()
    report.returned_at, report.return_reason = None, ""
    _move(report, YearReportMove.SUBMIT, Action.SUBMIT_REPORT, by=by, at=report.submitted_at)
    following.tell(report.collaboration, by=by)
    return report


@transaction.atomic
def accept_report(report: YearReport, *, by: Seat, version: int) -> YearReport:
    """Takes a submitted report into the record; it is public with its joint project.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` in another state.
    """
    report = _opened_by_secretariat(report, by, version)
    report.accepted_at = timezone.now()
    step = _move(report, YearReportMove.ACCEPT, Action.ACCEPT_REPORT, by=by, at=report.accepted_at)
    tell_report_step(step, by=by)
    return report


@transaction.atomic
def send_back_report(report: YearReport, *, reason: str, by: Seat, version: int) -> YearReport:
    """Gives a submitted report back to its wards, with what is to be mended.

    What was completed by it stays so. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` without a reason or in another state.
    """
    report = _opened_by_secretariat(report, by, version)
    report.submitted_at = None
    report.returned_at, report.return_reason = timezone.now(), given(reason)
    step = _move(
        report,
        YearReportMove.SEND_BACK,
        Action.SEND_BACK_REPORT,
        by=by,
        at=report.returned_at,
        reason=report.return_reason,
    )
    following.tell(report.collaboration, by=by)
    tell_report_step(step, by=by)
    return report


@transaction.atomic
def delete_report(report: YearReport, *, by: Seat, version: int) -> None:
    """Deletes a draft; nothing else can be deleted.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it was ever submitted: what
    the secretariat has said about it stays.
    """
    report = _opened_draft(report, by, version)
    if report.steps.exists():
        raise DomainError("一度提出した年度実績は、削除できません。直してもう一度提出してください")
    changes = _changes(_content(report), {})
    audit.record(Action.DELETE_REPORT, report, by=by, changes=changes)
    report.delete()


def _begun(collaboration: Collaboration, by: Seat) -> YearReport:
    """A new draft, not saved yet, of a joint project that is held until the transaction ends."""
    collaboration = _held(collaboration.pk)
    require(rules.writes_it(by, collaboration))
    return YearReport(collaboration=collaboration, status=YearReportStatus.DRAFT)


def _fill(report: YearReport, data: Mapping[str, Any]) -> None:
    """Sets what ``data`` holds of a draft. Raises ``DomainError``."""
    for field in REPORT_FIELDS:
        if field in data:
            setattr(report, field, data[field])
    _check(report)


def _held(collaboration_id: int) -> Collaboration:
    """The joint project as it stands, held until the transaction ends."""
    rows = Collaboration.objects.filter(pk=collaboration_id).select_for_update()
    return with_bodies(rows).get()


def _locked(report: YearReport) -> YearReport:
    """The report as it stands, held with its project. Raises ``DomainError`` when it is gone."""
    collaboration = _held(report.collaboration_id)
    row = YearReport.objects.select_for_update().filter(pk=report.pk).first()
    if row is None:
        raise DomainError("この下書きは、すでに削除されています")
    row.collaboration = collaboration
    return row


def _opened_draft(report: YearReport, by: Seat, version: int | None) -> YearReport:
    """The locked report, for a seat that writes it and has read its present version."""
    report = _locked(report)
    require(rules.writes_report(by, report))
    if report.version != version:
        raise StaleVersion
    if not report.is_draft:
        raise DomainError(_forbidden(report))
    return report


def _opened_by_secretariat(report: YearReport, by: Seat, version: int | None) -> YearReport:
    """The locked report, for the secretariat that has read its present version."""
    require(is_secretariat(by))
    report = _locked(report)
    if report.version != version:
        raise StaleVersion
    if not report.is_submitted:
        raise DomainError(_forbidden(report))
    return report


def _forbidden(report: YearReport) -> str:
    return f"この年度実績は「{report.shown_status}」になっています。この操作はできません"


def _check(report: YearReport) -> None:
    """Refuses a year that cannot be reported on, a second report on it, and negative numbers."""
    project, year = report.collaboration, report.fiscal_year
    if year not in project.fiscal_years:
        known = fiscal_year_text(year) if year else "この年度"
        raise DomainError(f"この連携事業では、{known}の実績を書けません")
    if project.year_reports.filter(fiscal_year=year).exclude(pk=report.pk).exists():
        raise DomainError(f"{fiscal_year_text(year)}の実績は、すでにあります")
    if any((getattr(report, name) or 0) < 0 for name in _NUMBERS):
        raise DomainError("人数と金額は、0以上で入力してください")


def _move(
    report: YearReport,
    move: YearReportMove,
    action: Action,
    *,
    by: Seat,
    at: datetime,
    reason: str = "",
) -> YearReportStep:
    """Takes an opened report on by the table, with its step and its audit row."""
    before = YearReportStatus(report.status)
    report.status = target = YEAR_REPORT_MOVES[before, move]
    report.version += 1
    report.save()
    changes = {"status": audit.Change(before, target)}
    if move == YearReportMove.SUBMIT:
        # In full: the secretariat reads this row, and never what a draft has said.
        changes |= _changes({}, _content(report))
    audit.record(action, report, by=by, changes=changes, reason=reason)
    return YearReportStep.objects.create(
        report=report, move=move, status=target, at=at, signature=by.signature, reason=reason
    )


def _content(report: YearReport) -> dict[str, Any]:
    """What the history keeps of a report."""
    return {**report.content(), "attachments": texts_of(report) if report.pk else []}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, audit.Change]:
    """What differs; of a report that is not there yet, or no longer, what is filled."""
    pairs = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    return {
        name: audit.Change(old, new)
        for name, (old, new) in pairs.items()
        if old != new and not (old in _EMPTY and new in _EMPTY)
    }
