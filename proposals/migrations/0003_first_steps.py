"""Gives the proposals of before what the offers ask of them: their last move, their first answer,
and the steps that are known. Going back leaves it to the columns' own migration to drop them."""

from django.db import migrations
from django.db.models import F, Max, Min, Q


def fill(apps, schema_editor):
    Proposal = apps.get_model("proposals", "Proposal")
    ProposalStep = apps.get_model("proposals", "ProposalStep")
    # On a member's proposal the wards answer, on a ward's everybody else (domain.md).
    is_ward, by_ward = Q(organization__municipality__kind="特別区"), Q(
        replies__organization__municipality__kind="特別区"
    )
    rows = Proposal.objects.annotate(last_reply=Max("replies__created_at"))
    for proposal in rows.iterator():
        last = [proposal.changed_at, proposal.last_reply]
        Proposal.objects.filter(pk=proposal.pk).update(active_at=max(at for at in last if at))
    by_others = ~by_ward & ~Q(replies__organization=F("organization"))
    for own, answering in ((is_ward, by_others), (~is_ward, by_ward)):
        answered = Proposal.objects.filter(own).annotate(
            first=Min("replies__created_at", filter=answering)
        )
        for proposal in answered.exclude(first=None).iterator():
            Proposal.objects.filter(pk=proposal.pk).update(answered_at=proposal.first)
    published = Proposal.objects.exclude(status="draft")
    ProposalStep.objects.bulk_create(
        [_step(row, "publish", "open", row.published_at) for row in published]
        + [
            _step(row, "withdraw", "withdrawn", row.ended_at, row.ending_reason)
            for row in published.filter(status="withdrawn")
        ]
    )


def _step(proposal, move, status, at, reason=""):
    step = proposal.steps.model
    return step(
        proposal=proposal,
        move=move,
        status=status,
        at=at,
        signature=proposal.signature,
        reason=reason,
    )


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_offers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
