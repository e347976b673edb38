"""What a member that leaves still has open: it ends with the membership, or nobody answers it."""

from datetime import date

from django.db import transaction

from core import audit
from core.audit import Actor, System
from members.enums import Action
from members.models import Membership, Organization, Succession
from members.successions import all_belongings

# What the readers of the board are told, before the secretariat's own words.
BECAUSE = "会員登録の終了のため。"


@transaction.atomic
def end_business(organization: Organization, *, by: Actor, reason: str) -> int:
    """Ends what a member that leaves has open in the rooms above; how many rows.

    Drafts, and what was agreed on, stay (``members.successions``).
    """
    because = f"{BECAUSE}{reason}"
    return sum(item.end(organization, by, because) for item in all_belongings())


def end_former_business(day: date) -> int:
    """Ends what bodies whose last day was before ``day`` have open; how many rows.

    Where that day lay ahead when it was recorded, and for what was still written on it. What
    goes to a successor is left to its change (``apply_changes``). Each body has a transaction of
    its own: it waits for whoever leaves now, and with nothing in its hands.
    """
    passed_on = Succession.objects.exclude(closed=None).values("closed")
    rows = Membership.objects.ended_before(day).exclude(pk__in=passed_on)
    rows = rows.select_related("organization__municipality", "organization__prefecture")
    by = System("会員登録の終了")
    return sum(
        end_business(row.organization, by=by, reason=_reason_of(row)) for row in rows.order_by("pk")
    )


def _reason_of(membership: Membership) -> str:
    """Why it was ended, as the history keeps it; empty where that is not known."""
    entries = audit.history_of(membership).filter(action=Action.CLOSE_MEMBERSHIP)
    return entries.values_list("reason", flat=True).first() or ""
