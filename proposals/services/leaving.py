"""What an organization has on the board ends when it is a member no longer.

Called by ``members.services.withdraw_membership``, in its transaction: whoever acts was asked
there. A body's own proposals are locked first, then those of wards that it has offered on, both
in the order of their keys: two that leave at once never wait for each other in a circle.
"""

from core.audit import Actor
from members.models import Organization
from proposals.enums import LIVE, UNDECIDED, Move, OfferMove
from proposals.models import Offer, Proposal
from proposals.services.ending import end, take_no_offers
from proposals.services.offers import settle
from proposals.services.states import locked, locked_offer


def end_proposals(organization: Organization, *, by: Actor, reason: str) -> int:
    """Takes back what is undecided; what is agreed on goes on, with no more offers. How many."""
    ended = 0
    for found in Proposal.objects.filter(organization=organization, status__in=LIVE).order_by("pk"):
        proposal = locked(found)
        if proposal.status in UNDECIDED:
            end(proposal, Move.WITHDRAW, by=by, reason=reason)
            ended += 1
        elif proposal.is_live:
            ended += _close_to_offers(proposal, by=by, reason=reason)
    return ended


def end_offers(organization: Organization, *, by: Actor, reason: str) -> int:
    """Steps down from the offers that still wait for an answer; how many."""
    waiting = Offer.objects.live().filter(organization=organization).with_sides()
    ended = 0
    for found in waiting.order_by("proposal", "pk"):
        offer = locked_offer(found)
        if offer.is_live:  # its author may just have answered
            settle(offer, OfferMove.STEP_DOWN, by=by, reason=reason, following=True)
            ended += 1
    return ended


def _close_to_offers(proposal: Proposal, *, by: Actor, reason: str) -> int:
    """Declines the offers that still wait on what is agreed on already, and takes no more."""
    waiting = list(proposal.offers.live().with_sides().order_by("pk"))
    for found in waiting:
        offer = locked_offer(found)
        settle(offer, OfferMove.DECLINE, by=by, reason=reason, following=True)
        proposal = offer.proposal
    # Also while it is hidden: it may be shown again.
    if proposal.is_live and not (proposal.is_past_end or proposal.offers_stopped_at):
        take_no_offers(proposal, by=by)
        return len(waiting) + 1
    return len(waiting)
