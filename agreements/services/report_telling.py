"""Who is told of a year report: the wards that carry its joint project, and of an accepted one
its other organizations and its followers too.

That one is submitted stands in the secretariat's own queue (``agreements.pending``).
"""

from collections.abc import Iterable

from agreements.enums import YearReportMove
from agreements.models import YearReport, YearReportStep
from agreements.services.telling import tell_followers
from core.audit import Actor
from core.dates import today
from members.models import Seat
from notices.enums import Reason
from notices.services import Happening, tell

_STEPS = {
    YearReportMove.ACCEPT: "連携事業{}が承認されました",
    YearReportMove.SEND_BACK: "連携事業{}が差し戻されました",
}


def tell_report_step(step: YearReportStep, *, by: Actor) -> None:
    """Tells the wards what the secretariat has made of their report, the others that it is there."""
    report = step.report
    project = report.collaboration
    facts = {
        "連携事業": project.title,
        "特別区": project.wards_text,
        "年度": str(report),
        "状態": report.shown_status,
        "提出した部署": report.signature,
        "差戻しの理由": step.reason,
    }
    happening = Happening(
        f"agreements.report_step:{step.pk}",
        _STEPS[YearReportMove(step.move)].format(report.title),
        report.get_absolute_url(),
        report,
        {label: value for label, value in facts.items() if value},
    )
    wards = [party.organization_id for party in project.wards]
    seats = Seat.objects.on(today()).active().filter(office__organization__in=wards)
    audience = seats.with_office().with_user().order_by("pk")
    tell(happening, [(seat, Reason.OWN) for seat in audience], by=by)
    if step.move == YearReportMove.ACCEPT:
        _tell_reported(report, str(step.pk), by=by, echoes=happening.key)


def tell_added_reports(reports: Iterable[YearReport], *, by: Actor) -> None:
    """Tells who follows their joint project of reports that the secretariat has brought in itself."""
    for report in reports:
        _tell_reported(report, f"added:{report.pk}", by=by)


def _tell_reported(report: YearReport, key: str, *, by: Actor, echoes: str = "") -> None:
    """Tells that the record has an accepted report more."""
    text, year = f"連携事業{report.title}が加わりました", {"年度": str(report)}
    key = f"agreements.reported:{key}"
    tell_followers(report.collaboration, key, text, by=by, facts=year, echoes=echoes)
