"""Where proposals and offers stand, and the only two ways in which they come to stand elsewhere.

``move`` is whoever acts; ``follow`` is what the offers and joint projects make of a proposal
(domain.md). Locks are taken in one order, so that nobody waits for each other: the joint
project, the proposal, its offers.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from agreements.enums import CollaborationStatus
from agreements.models import Collaboration
from core import audit
from core.audit import Actor
from core.errors import DomainError
from members.models import Seat
from proposals.enums import (
    FOLLOWING,
    LIVE,
    MOVES,
    Action,
    Move,
    OfferStatus,
    ProposalStatus,
)
from proposals.models import Offer, Proposal, ProposalStep
from proposals.queries import origins_of
from proposals.services.callers import Caller
from proposals.services.telling import tell_step


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it stands now, held until the transaction ends."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture", "office__organization__prefecture"
    )
    try:
        return rows.get(pk=proposal.pk)
    except Proposal.DoesNotExist:
        raise DomainError("この下書きは、すでに削除されています") from None


def locked_offer(offer: Offer) -> Offer:
    """The offer as it stands now, held with its proposal until the transaction ends."""
    proposal = locked(offer.proposal)
    rows = Offer.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture", "office"
    )
    offer = rows.get(pk=offer.pk)
    offer.proposal = proposal
    return offer


def target_of(proposal: Proposal, move: Move) -> ProposalStatus:
    """The state that ``move`` leads to. Raises ``DomainError`` when the table has none."""
    target = MOVES.get((ProposalStatus(proposal.status), move))
    if target is None:
        raise DomainError(state_forbids(proposal))
    return target


def state_forbids(proposal: Proposal) -> str:
    return f"この提案は「{proposal.shown_status_label}」になっています。この操作はできません"


def note_step(
    proposal: Proposal, move: Move, *, by: Actor, at: datetime, reason: str = ""
) -> ProposalStep:
    """Writes what has happened to the proposal where its readers see it.

    A step that follows from the offers is nobody's: it may come from an offering side, whom
    only the author and the secretariat's log know.
    """
    return ProposalStep.objects.create(
        proposal=proposal,
        move=move,
        status=proposal.status,
        at=at,
        signature="" if move in FOLLOWING.values() else signature_of(by),
        reason=reason,
    )


def follow(proposal: Proposal, *, by: Actor, told: Collection[int] = (), echoes: str = "") -> None:
    """Takes a locked proposal to where its offers and joint projects have brought it.

    Called in the transaction of whatever has changed one of them; nothing is written when it
    stands there already, or has come to an end. ``told`` are the organizations that were told
    of that change, ``echoes`` is the key of the happening that it was told as.
    """
    before = ProposalStatus(proposal.status)
    if before not in LIVE:
        return
    after = _brought_to(proposal)
    if after == before:
        return
    move, proposal.status, now = FOLLOWING[before, after], after, timezone.now()
    proposal.active_at = now
    if after == ProposalStatus.COMPLETED:
        proposal.ended_at = now
    proposal.save(update_fields=["status", "active_at", "ended_at"])
    step = note_step(proposal, move, by=by, at=now)
    changes = {"status": audit.Change(before, after)}
    audit.record(Action.FOLLOW_OFFERS, proposal, by=by, changes=changes)
    tell_step(step, by=by, told=told, echoes=echoes)


def follow_project(project: Collaboration, by: Actor, told: str = "") -> None:
    """Lets the proposals that ``project`` came from follow it (``agreements.following``).

    ``told`` is the key of the happening that its change was told as.
    """
    for proposal in origins_of(project):
        follow(locked(proposal), by=by, echoes=told)


def _brought_to(proposal: Proposal) -> ProposalStatus:
    """What the offers and joint projects say. Talks that go on keep it from being complete."""
    offers = list(proposal.offers.select_related("collaboration"))
    started = {offer.collaboration for offer in offers if offer.collaboration}
    projects = started.union(proposal.projects.all())
    standing = [row for row in projects if row.status != CollaborationStatus.CANCELLED]
    if standing:
        is_over = all(row.status == CollaborationStatus.ENDED for row in standing)
        is_told = any(row.has_reported for row in standing)
        is_talking = any(offer.is_live for offer in offers)
        is_complete = is_over and is_told and not is_talking
        return ProposalStatus.COMPLETED if is_complete else ProposalStatus.AGREED
    if any(offer.status == OfferStatus.TALKING for offer in offers):
        return ProposalStatus.IN_TALKS
    return ProposalStatus.OPEN


def signature_of(by: Actor) -> str:
    """How whoever acts signs: a seat's office, marked where an office account acts; a caller's."""
    if isinstance(by, Seat | Caller):
        return by.signature
    identity = by.audit_identity()
    return f"{identity.organization}　{identity.office}".strip()


def with_status(proposal: Proposal, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``content`` with the state, for the audit row."""
    return {**(content or {}), "status": proposal.status}
