"""Links between like proposals: neither is merged into the other (features.md, complaint 24)."""

from collections.abc import Collection

from django.db import transaction

from core import audit
from core.errors import DomainError, require
from members.models import Seat
from proposals import rules
from proposals.enums import Action
from proposals.models import Proposal
from proposals.services.states import locked

NOT_RELATED = "この提案との結び付きは、すでに外れています"


def relate(proposal: Proposal, others: Collection[Proposal], *, by: Seat) -> list[str]:
    """Links ``proposal`` with ``others``; returns their titles, for the audit row.

    Called in the transaction that publishes it. Raises ``DomainError`` when one of them has
    ended or is not the seat's to read.
    """
    # As they stand now: one may have ended, or been hidden, since its box was ticked.
    found = Proposal.objects.filter(pk__in=[other.pk for other in others])
    rows = list(found.select_related("organization").order_by("pk"))
    if len(rows) != len(others) or not all(rules.may_relate(by, row) for row in rows):
        raise DomainError(
            "結び付ける提案の中に、募集が終わったものか、読めなくなったものがあります。選び直してください"
        )
    proposal.related.add(*rows)
    return [row.title for row in rows]


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
