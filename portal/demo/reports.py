"""A sample joint project that goes on, with a year report in each state."""

from datetime import timedelta

from agreements import services
from agreements.enums import CollaborationStatus, Origin
from agreements.models import Collaboration
from core.dates import Precision, RecordDate, add_months, fiscal_year_of, today
from core.models import OutboxMail
from members.models import Seat, Theme
from portal.demo.samples import SAKAI, SHINAGAWA, STAFF

TITLE = "見本：川の上流と下流で開く子ども自然教室"


def load_reports(seats: dict[str, Seat]) -> None:
    """A published project of three fiscal years: a report accepted, one submitted, one begun."""
    if Collaboration.objects.filter(is_sample=True, title=TITLE).exists():
        return
    ward, staff = seats[SHINAGAWA], seats[STAFF]
    project = _project(ward, seats[SAKAI])
    year = fiscal_year_of(today())
    accepted = services.submit_report(
        _written(project, year - 1, "上流で2回、下流で1回の教室を開きました。", 120, by=ward),
        by=ward,
        version=1,
    )
    services.accept_report(accepted, by=staff, version=2)
    before = _written(project, year - 2, "上流で教室を1回開きました。", 45, by=ward)
    services.submit_report(before, by=ward, version=1)
    _written(project, year, "上流で教室を1回開きました（9月末まで）。", None, by=ward)
    # As for the other samples: a heap of mails would only hide the passwords.
    OutboxMail.objects.filter(key__startswith="notices:").delete()


def _project(ward: Seat, partner: Seat) -> Collaboration:
    first = add_months(today().replace(day=1), -36)
    last = add_months(first, 1) - timedelta(days=1)
    data = {
        "title": TITLE,
        "summary": "川の生きものを調べ、上流の森と下流の干潟を訪ね合います。",
        "origin": Origin.CONTINUATION,
        "start": RecordDate(first, last, Precision.MONTH),
        "themes": list(Theme.objects.filter(name__in=("教育", "環境"))),
        "wards": [ward.organization],
        "partners": [partner.organization],
    }
    project = services.create(data=data, status=CollaborationStatus.UNDER_WAY, by=ward)
    return services.publish(project, by=ward, version=project.version)


def _written(project: Collaboration, year: int, result: str, visitors: int | None, *, by: Seat):
    data = {
        "fiscal_year": year,
        "result": f"見本：{result}",
        "visitors": visitors,
        "grant_applied": 300_000,
        "grant_granted": 250_000,
    }
    return services.write_report(project, data=data, by=by)
