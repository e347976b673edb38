"""Erasing personal values whose time is over. The rows they belong to, and the seals, stay."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import dates
from core.audit.entries import System, record_run
from core.enums import Action
from core.models import AuditEntry, AuditPersonal

_DAY = timedelta(days=1)
# Under which the log keeps the first day whose personal values an erasure left.
_LIMIT = "この日より前の記録"


@transaction.atomic
def erase_personal(day: date) -> int:
    """Erases the side rows older than ``settings.PERSONAL_RETENTION_DAYS`` when ``day`` is over.

    Returns how many, and notes it in the log. With 0 days nothing is ever erased: it cannot
    be undone, so that nobody but the secretariat may set the period.
    """
    limit = oldest_kept(day)
    if limit is None:
        return 0
    old = AuditPersonal.objects.filter(entry__at__lt=dates.start_of(limit))
    erased = old.delete()[0]
    if erased:
        counts = {"個人の情報": f"消去{erased:,}件", _LIMIT: str(limit)}
        record_run(Action.ERASE_PERSONAL, by=System("daily"), counts=counts)
    return erased


def erased_before() -> date | None:
    """The day before which personal values may be gone; None while none may be.

    Decided by the period that is set now and by the newest erasure in the log, because the
    period may have been shorter then. What was erased once stays so when it is made longer.
    """
    limits = (oldest_kept(dates.today() - _DAY), _limit_of_newest())
    return max((limit for limit in limits if limit), default=None)


def oldest_kept(day: date) -> date | None:
    """The first day whose personal values are kept when ``day`` is over; None: all are.

    Of people as of the log's rows (``settings.PERSONAL_RETENTION_DAYS``).
    """
    days = settings.PERSONAL_RETENTION_DAYS
    return day + timedelta(days=1 - days) if days else None


def _limit_of_newest() -> date | None:
    """What the newest erasure has noted; None where there is none, or it cannot be true.

    None erases what is still to be written: such a note would excuse every deletion from then on.
    """
    # A run points at no object: the index over objects finds it.
    runs = AuditEntry.objects.filter(object_type="", object_id="", action=Action.ERASE_PERSONAL)
    newest = runs.first()
    if newest is None:
        return None
    try:
        limit = date.fromisoformat(newest.changes[_LIMIT][1])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return limit if limit <= timezone.localdate(newest.at) else None
