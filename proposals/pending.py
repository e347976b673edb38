"""What of the board waits for the secretariat (``core.pending``)."""

from collections.abc import Iterable

from core import pending
from core.dates import today
from core.pending import Item, admin_list
from proposals.enums import UNANSWERED_DAYS, ReportStatus
from proposals.models import Proposal, Report


def register() -> None:
    pending.register("proposals.unanswered", "proposals.view_proposal", _unanswered)
    pending.register("proposals.reports", "proposals.view_report", _reports)


def _unanswered() -> Iterable[Item]:
    label = f"{UNANSWERED_DAYS}日以上回答のない連携提案"
    rows = admin_list("proposals_proposal", answer="none")
    yield Item(label, Proposal.objects.unanswered(today()).count(), rows)


def _reports() -> Iterable[Item]:
    rows = admin_list("proposals_report", status__exact=ReportStatus.OPEN)
    yield Item("通報・協議の確認の依頼", Report.objects.open().count(), rows)
