"""Links between like proposals: neither is merged into the other (features.md, complaint 24)."""

from collections.abc import Collection

from django.db import transaction

from core import audit
from core.errors import DomainError, require
from members.models import Seat
from proposals import rules
from proposals.enums import Action
from proposals.models import Proposal
from proposals.services.states import locked, state_forbids
from proposals.services.telling import tell_links

NOT_RELATED = "この提案との結び付きは、すでに外れています"


@transaction.atomic
def relate(proposal: Proposal, others: Collection[Proposal], *, by: Seat) -> Proposal:
    """Links a published proposal with ``others``; nothing is written where all are already.

    Raises ``NotAllowed``, and ``DomainError`` when it, or one of them, has ended, or one of
    them is not the seat's to read.
    """
    proposal = locked(proposal)
    require(rules.writes_it(by, proposal))
    if not proposal.is_live:
        raise DomainError(state_forbids(proposal))
    if titles := link(proposal, others, by=by):
        changes = {"related": audit.Change([], titles)}
        audit.record(Action.RELATE, proposal, by=by, changes=changes)
    return proposal


def link(proposal: Proposal, others: Collection[Proposal], *, by: Seat) -> list[str]:
    """Links ``proposal`` with ``others``, and tells their authors; returns the titles of those
    that are new, for the audit row of the caller.

    Raises ``DomainError`` when one of them has ended or is not the seat's to read.
    """
    # As they stand now: one may have ended, or been hidden, since its box was ticked.
    found = Proposal.objects.filter(pk__in=[other.pk for other in others])
    rows = list(found.select_related("organization").order_by("pk"))
    if len(rows) != len(others) or not all(rules.may_relate(by, row) for row in rows):
        raise DomainError(
            "結び付ける提案の中に、募集が終わったものか、読めなくなったものがあります。選び直してください"
        )
    linked = set(proposal.related.filter(pk__in=[row.pk for row in rows]))
    new = [row for row in rows if row not in linked]
    proposal.related.add(*new)
    tell_links(proposal, new, by=by)
    return [row.title for row in new]


@transaction.atomic
def unrelate(proposal: Proposal, other: Proposal, *, by: Seat) -> Proposal:
    """Takes back the link with ``other``, whichever of the two has made it.

    Raises ``NotAllowed``, and ``DomainError`` when there is none.
    """
    proposal = locked(proposal)
    require(rules.writes_it(by, proposal))
    if not proposal.related.filter(pk=other.pk).exists():
        raise DomainError(NOT_RELATED)
    proposal.related.remove(other)
    changes = {"related": audit.Change([other.title], [])}
    audit.record(Action.UNRELATE, proposal, by=by, changes=changes)
    return proposal
