"""What of the board waits for the secretariat (``core.pending``)."""

from collections.abc import Iterable

from core import pending
from core.dates import today
from core.pending import Item, admin_list
from proposals.queries import UNANSWERED_FOR, unanswered


def register() -> None:
    pending.register("proposals.unanswered", "proposals.view_proposal", _unanswered)


def _unanswered() -> Iterable[Item]:
    label = f"{UNANSWERED_FOR.days}日以上回答のない連携提案"
    yield Item(label, unanswered(today()).count(), admin_list("proposals_proposal", answer="none"))
