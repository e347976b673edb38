"""Offers: an organization answers a proposal, and its author says yes or no."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agreements import services as agreements
from agreements.models import Collaboration
from core import audit
from core.audit import Actor
from core.errors import DomainError, given, require
from proposals import rules
from proposals.enums import (
    OFFER_MOVES,
    Action,
    OfferMove,
    OfferStatus,
)
from proposals.models import Offer, OfferStep, Proposal
from proposals.services.callers import Writer, seat_of, written_by
from proposals.services.offer_drafts import held_draft, require_offerable
from proposals.services.states import follow, locked, locked_offer, signature_of
from proposals.services.talks import write_message
from proposals.services.telling import tell_offer_step

ACTIONS = {
    OfferMove.START_TALK: Action.START_TALK,
    OfferMove.ACCEPT: Action.ACCEPT_OFFER,
    OfferMove.DECLINE: Action.DECLINE_OFFER,
    OfferMove.STEP_DOWN: Action.STEP_DOWN,
}


@transaction.atomic
def raise_offer(
    proposal: Proposal, *, by: Writer, message: str, version: int | None = None
) -> Offer:
    """Tells the author of the organization's interest; ``message`` begins their private talk.

    The organization's draft of it, read at ``version`` if at all, is gone when a seat sends it;
    a call leaves it to those who have written it. Raises ``NotAllowed`` for whoever may not offer
    on this proposal, ``StaleVersion`` when a colleague has saved another draft meanwhile, and
    ``DomainError`` without a message, while no offers are taken, or when the organization has
    one already.
    """
    proposal = locked(proposal)
    require_offerable(proposal, by, message)
    seat = seat_of(by)
    draft = seat and held_draft(proposal, seat.organization, message=message, version=version)
    if draft:
        draft.delete()
    now = timezone.now()
    offer = Offer.objects.create(
        proposal=proposal,
        organization=by.organization,
        office=by.office,
        signature=by.signature,
        raised_at=now,
    )
    note_answer(proposal, by)
    step = _note_step(offer, OfferMove.RAISE, by=by, at=now)
    write_message(offer, by=by, body=message)
    audit.record(Action.RAISE_OFFER, offer, by=by)
    tell_offer_step(step, by=by)
    return offer


@transaction.atomic
def start_talk(offer: Offer, *, by: Writer) -> Offer:
    """The author enters into a talk. Raises ``NotAllowed``, and ``DomainError`` in another state."""
    return _move(offer, OfferMove.START_TALK, by=by)


@transaction.atomic
def accept(offer: Offer, *, by: Writer, joins: Collaboration | None = None) -> Offer:
    """The author agrees: a joint project begins, or the offering side ``joins`` one.

    ``joins`` is a joint project that another offer on the same proposal has started and that
    is not over. Raises ``NotAllowed``, and ``DomainError`` in another state or for another
    joint project.
    """
    if joins:
        joins = Collaboration.objects.select_for_update().get(pk=joins.pk)
    offer = locked_offer(offer)
    _require_move(offer, OfferMove.ACCEPT, by)
    if joins:
        _require_joinable(offer, joins)
        agreements.join(joins, offer.organization, by=by)
    offer.collaboration = joins or _begin(offer, by)
    return settle(offer, OfferMove.ACCEPT, by=by, following=True)


@transaction.atomic
def decline(offer: Offer, *, by: Writer, reason: str) -> Offer:
    """The author says no (見送り), with a reason for the other side.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or in another state.
    """
    return _move(offer, OfferMove.DECLINE, by=by, reason=given(reason))


@transaction.atomic
def step_down(offer: Offer, *, by: Writer, reason: str) -> Offer:
    """The offering side takes its offer back (辞退); refuses as ``decline``."""
    return _move(offer, OfferMove.STEP_DOWN, by=by, reason=given(reason))


def settle(
    offer: Offer, move: OfferMove, *, by: Actor, reason: str = "", following: bool = False
) -> Offer:
    """Moves a locked offer, with its step and its audit row; with ``following`` the proposal too.

    The reason is for the two sides: it stands in the step, and not in the log, which the
    secretariat reads.
    """
    before = OfferStatus(offer.status)
    offer.status = OFFER_MOVES[before, move]
    now = timezone.now()
    if not offer.is_live:
        offer.settled_at, offer.settled_reason = now, reason
    offer.save()
    step = _note_step(offer, move, by=by, at=now, reason=reason)
    changes = {"status": audit.Change(before, offer.status)}
    audit.record(ACTIONS[move], offer, by=by, changes=changes)
    tell_offer_step(step, by=by, is_ending=not following)
    if following:
        follow(offer.proposal, by=by, told=offer.sides)
    return offer


def note_answer(proposal: Proposal, by: Writer) -> None:
    """Ends the waiting: somebody who may offer has offered or replied."""
    now = timezone.now()
    proposal.active_at = now
    if proposal.answered_at is None and rules.is_answering(by.organization, proposal):
        proposal.answered_at = now
    proposal.save(update_fields=["active_at", "answered_at"])


def joinable(proposal: Proposal) -> list[Collaboration]:
    """The joint projects that another offer on ``proposal`` may join."""
    offers = proposal.offers.filter(status=OfferStatus.ACCEPTED).select_related("collaboration")
    projects = {offer.collaboration for offer in offers if offer.collaboration}
    return sorted((row for row in projects if not row.is_over), key=lambda row: row.pk)


def _note_step(
    offer: Offer, move: OfferMove, *, by: Actor, at: datetime, reason: str = ""
) -> OfferStep:
    return OfferStep.objects.create(
        offer=offer,
        move=move,
        status=offer.status,
        at=at,
        signature=signature_of(by),
        reason=reason,
        **written_by(by),
    )


def _move(offer: Offer, move: OfferMove, *, by: Writer, reason: str = "") -> Offer:
    offer = locked_offer(offer)
    _require_move(offer, move, by)
    return settle(offer, move, by=by, reason=reason, following=True)


def _require_move(offer: Offer, move: OfferMove, by: Writer) -> None:
    """Refuses whose move it is not, and what the tables do not allow."""
    whose = rules.wrote_offer if move == OfferMove.STEP_DOWN else rules.answers_offer
    require(whose(by, offer))
    if (OfferStatus(offer.status), move) not in OFFER_MOVES:
        state = offer.get_status_display()
        raise DomainError(f"この申し出は「{state}」になっています。この操作はできません")
    is_yes = move in (OfferMove.START_TALK, OfferMove.ACCEPT)
    if is_yes and not offer.proposal.is_live:
        state = offer.proposal.shown_status_label
        raise DomainError(f"この提案は「{state}」になっています。この操作はできません")


def _require_joinable(offer: Offer, project: Collaboration) -> None:
    if project not in joinable(offer.proposal):
        raise DomainError("加わる連携事業を、この提案から始まったものの中から選んでください")


def _begin(offer: Offer, by: Writer) -> Collaboration:
    proposal = offer.proposal
    bodies = [proposal.organization, offer.organization]
    return agreements.plan(
        title=proposal.title,
        bodies=bodies,
        themes=list(proposal.themes.all()),
        origin_date=timezone.localdate(proposal.published_at),
        is_sample=proposal.is_sample,
        by=by,
    )
