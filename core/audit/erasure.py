"""Erasing personal values whose time is over. The rows they belong to, and the seals, stay."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from core.audit.entries import System, record_run
from core.audit.rows import start_of
from core.enums import Action
from core.models import AuditPersonal


@transaction.atomic
def erase_personal(day: date) -> int:
    """Erases the side rows older than ``settings.PERSONAL_RETENTION_DAYS`` when ``day`` is over.

    Returns how many, and notes it in the log. With 0 days nothing is ever erased: it cannot
    be undone, so that nobody but the secretariat may set the period.
    """
    if not settings.PERSONAL_RETENTION_DAYS:
        return 0
    oldest_kept = day + timedelta(days=1 - settings.PERSONAL_RETENTION_DAYS)
    old = AuditPersonal.objects.filter(entry__at__lt=start_of(oldest_kept))
    erased = old.delete()[0]
    if erased:
        record_run(
            Action.ERASE_PERSONAL, by=System("daily"), counts={"個人の情報": f"消去{erased:,}件"}
        )
    return erased
