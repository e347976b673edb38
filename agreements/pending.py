"""What of the joint projects waits for the secretariat (``core.pending``)."""

from collections.abc import Iterable

from agreements.enums import YearReportStatus
from agreements.models import YearReport
from core import pending
from core.pending import Item, admin_list


def register() -> None:
    pending.register("agreements.reports", "agreements.view_yearreport", _reports)


def _reports() -> Iterable[Item]:
    rows = admin_list("agreements_yearreport", status=YearReportStatus.SUBMITTED.value)
    yield Item("確認待ちの年度実績", YearReport.objects.submitted().count(), rows)
