"""A proposal with what is said under it and offered on it, for the page that is read most.

Prepared, and of rows that are shown by their rules: the SQL of ``visible_to`` says the same.
"""

from typing import NamedTuple

from django.db.models import QuerySet, prefetch_related_objects
from rules import has_perm

from core.prepared import Prepared, columns
from members.queries import organizations
from proposals.models import Offer, Proposal, Reply


def _proposal(pk: int) -> QuerySet[Proposal]:
    return Proposal.objects.filter(pk=pk).order_by().values_list(*columns(Proposal))


_proposal_with = Prepared(_proposal, int)


def proposal_of(pk: int) -> Proposal | None:
    """The proposal with the id ``pk``, and its organization as it was within the minute."""
    for proposal in _proposal_with.instances(Proposal, pk):
        author = proposal.organization_id
        proposal.organization = organizations([author])[author]
        return proposal
    return None


class Offers(NamedTuple):
    """The offers on a proposal: how many there are, whether a joint project has come of any,
    and those that a reader may know of."""

    count: int
    have_started: bool
    shown: list[Offer]


def _offers(proposal: int) -> QuerySet[Offer]:
    return Offer.objects.filter(proposal=proposal).values_list(*columns(Offer))


_offers_of = Prepared(_offers, int)


def offers_on(proposal: Proposal, user) -> Offers:
    """Those on ``proposal``, first come first: to its author and the secretariat all of them are
    shown, to an offering side its own.

    All are read at once, because everybody is told how many there are; the rule that each is
    shown by is the one that ``visible_to`` says in SQL.
    """
    offers = _offers_of.instances(Offer, proposal.pk)
    for offer in offers:
        offer.proposal = proposal
    shown = [offer for offer in offers if has_perm("proposals.view_offer", user, offer)]
    started = [offer for offer in offers if offer.collaboration_id]
    prefetch_related_objects([offer for offer in shown if offer in started], "collaboration")
    bodies = organizations({offer.organization_id for offer in shown})
    for offer in shown:
        offer.organization = bodies[offer.organization_id]
    return Offers(len(offers), bool(started), shown)


def _replies(proposal: int) -> QuerySet[Reply]:
    return Reply.objects.filter(proposal=proposal).values_list(*columns(Reply))


_replies_of = Prepared(_replies, int)


def replies_under(proposal: Proposal, user) -> list[Reply]:
    """The replies that ``user`` may read, each mended one with what it said before."""
    replies = _replies_of.instances(Reply, proposal.pk)
    for reply in replies:
        reply.proposal = proposal
    shown = [
        reply
        for reply in replies
        if not reply.hidden_at or has_perm("proposals.view_reply", user, reply)
    ]
    prefetch_related_objects([reply for reply in shown if reply.edited_at], "versions")
    return shown
