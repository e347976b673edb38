"""Agreements: notice is given."""

from datetime import date

from django.db import transaction

from agreements.enums import Action
from agreements.models import Agreement
from core import audit
from core.dates import day_text
from core.errors import DomainError, given, require
from members.models import Seat
from members.rules import is_secretariat


@transaction.atomic
def terminate(agreement: Agreement, *, on: date, reason: str, by: Seat) -> Agreement:
    """Notes that the agreement no longer holds from the day ``on``; it stays in the record.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, when it is terminated already,
    or for a day that is not after its signing.
    """
    require(is_secretariat(by))
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.terminated_on:
        raise DomainError(f"この協定は、{day_text(agreement.terminated_on)}に終了しています")
    if agreement.latest is not None and on <= agreement.latest:
        raise DomainError(
            f"終了日は、締結の日（{day_text(agreement.latest)}）より後の日付にしてください"
        )
    agreement.terminated_on = on
    agreement.termination_reason = given(reason)
    agreement.version += 1
    agreement.save(update_fields=["terminated_on", "termination_reason", "version"])
    changes = {"terminated_on": audit.Change(None, on)}
    audit.record(Action.TERMINATE, agreement, by=by, changes=changes, reason=given(reason))
    return agreement
