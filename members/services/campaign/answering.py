"""How an office's answer to the running campaign is noted, whoever gives it and however."""

from contextlib import suppress

from django.db.models import QuerySet
from django.utils import timezone

from core import mail
from core.audit import System
from core.enums import MailState
from core.errors import DomainError
from core.models import OutboxMail
from members.enums import Answer
from members.models import Confirmation, Office
from members.queries import CONFIRMATION


def answer_open(office: Office, answer: Answer, *, recorded_by: str = "") -> Confirmation | None:
    """Notes the confirmation that ``office`` has just had as its answer, if one is asked for.

    Call it inside the transaction that confirms the office and has it locked. ``recorded_by``
    is the office that wrote down what a caller said. Mails that still wait are taken back.
    Returns None where no campaign asks, and for a call from before the campaign's time.
    """
    waiting = Confirmation.objects.waiting().filter(office=office).select_related("campaign")
    row = waiting.select_for_update(of=("self",)).first()
    if row is None or office.confirmed_at is None:
        return None
    if timezone.localdate(office.confirmed_at) < row.campaign.counts_from:
        return None
    row.answer, row.answered_at = answer, office.confirmed_at
    row.answered_by, row.recorded_by = office.confirmed_by, recorded_by
    row.channel = office.confirmed_through
    row.save(update_fields=["answer", "answered_at", "answered_by", "recorded_by", "channel"])
    mails = OutboxMail.objects.filter(key__startswith=f"{CONFIRMATION}:{row.pk}:")
    take_back(mails, reason="送る前に回答があったため")
    return row


def take_back(mails: QuerySet[OutboxMail], *, reason: str) -> int:
    """Cancels those of ``mails`` that still wait; returns how many."""
    count = 0
    for row in mails.filter(state__in=[MailState.HELD, MailState.NEW]):
        with suppress(DomainError):  # the sender was faster
            mail.cancel(row, by=System("年度確認"), reason=reason)
            count += 1
    return count
