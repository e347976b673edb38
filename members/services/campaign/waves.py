"""The mails of a campaign: who is due is mailed, step by step."""

from collections.abc import Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from core import links, mail
from core.dates import today
from core.links import Issued
from core.mail import Letter
from members import emails, queries
from members.enums import Step
from members.models import Campaign, Confirmation
from members.queries import CONFIRMATION, Plan, Reach, Recipient

# Offices of one transaction: while one lasts, every other writer on SQLite waits.
BATCH = 100


class _Due(NamedTuple):
    confirmation: Confirmation
    plan: Plan


def remind(day: date) -> int:
    """Mails whom the running campaign is to ask by now; returns how many mails.

    Whatever ``day`` is being caught up with, the step is that of the real day: a week that was
    missed is one mail of the last step. In transactions of ``BATCH`` offices; what is broken
    off is continued by the next call, and two at once mail nobody twice.
    """
    campaign = Campaign.objects.running().first()
    if campaign is None or timezone.now() >= campaign.links_until:
        return 0
    return write_due(campaign)


def write_due(campaign: Campaign) -> int:
    """Writes the mails that are due in ``campaign`` today; returns how many."""
    asked = queries.confirmations(campaign).unanswered().order_by("pk")
    # No more than the plan asks for; the mails of those who are due read the rest.
    asked = asked.only("step", "office__email", "office__organization")
    reach = Reach.read(campaign, asked)
    step = campaign.step_on(today())
    due = [_Due(row, plan) for row in asked if (plan := reach.plan(row, step))]
    return sum(_write(campaign, batch, reach) for batch in batched(due, BATCH))


@transaction.atomic
def _write(campaign: Campaign, batch: Sequence[_Due], reach: Reach) -> int:
    """Writes the mails of a batch, but for those that were answered or mailed meanwhile."""
    keys = [row.confirmation.pk for row in batch]
    waiting = Confirmation.objects.waiting().filter(pk__in=keys).with_office().order_by("pk")
    # The campaign too: its end takes back what has been written, and waits for what is.
    waiting = waiting.select_related("campaign").select_for_update(of=("self", "campaign"))
    locked = {row.pk: row for row in waiting}
    batch = [
        _Due(locked[confirmation.pk], plan)
        for confirmation, plan in batch
        if confirmation.pk in locked and locked[confirmation.pk].step == confirmation.step
    ]
    targets = [(row, recipient) for row in batch for recipient in row.plan.recipients]
    issued = links.issue_all(
        CONFIRMATION,
        [(row.confirmation, recipient.to) for row, recipient in targets],
        expires_at=campaign.links_until,
    )
    letters = [
        _letter(campaign, row, recipient, new, reach)
        for (row, recipient), new in zip(targets, issued, strict=True)
    ]
    count = mail.queue_all(letters)
    for step in Step:
        mailed = [row.confirmation.pk for row in batch if row.plan.step == step]
        if mailed:
            Confirmation.objects.filter(pk__in=mailed).update(step=step, mailed_at=timezone.now())
    return count


def _letter(
    campaign: Campaign, row: _Due, recipient: Recipient, issued: Issued, reach: Reach
) -> Letter:
    office = row.confirmation.office
    asking = emails.Asking(
        campaign=campaign,
        office=office,
        recipient=recipient,
        step=row.plan.step,
        people=reach.people(office),
        is_first=row.confirmation.step is None,
        code=issued.code,
        url=issued.url,
    )
    return emails.confirmation_letter(asking, row.confirmation)
