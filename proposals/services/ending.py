"""How long a proposal stays open, and how its author ends it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.dates import add_months, day_text, today
from core.errors import DomainError, given, require
from members.models import Seat
from proposals import rules
from proposals.enums import DEFAULT_MONTHS_OPEN, Action, Move, OfferMove
from proposals.models import Proposal
from proposals.services.offers import settle
from proposals.services.proposals import end_bounds
from proposals.services.states import (
    locked,
    note_step,
    state_forbids,
    target_of,
    with_status,
)
from proposals.services.telling import tell_step

# How the author says that it is over, and what the history calls it.
_ENDINGS = {Move.WITHDRAW: Action.WITHDRAW, Move.CLOSE: Action.CLOSE}


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Takes a proposal off the board; it stays readable, with the reason.

    Offers that still wait are declined with it. Raises ``NotAllowed``, and ``DomainError``
    without a reason or when it is neither open nor in talks.
    """
    return end(_own(proposal, by), Move.WITHDRAW, by=by, reason=reason)


@transaction.atomic
def close(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Says that nothing came of it (不成立); refuses, and declines offers, as ``withdraw``."""
    return end(_own(proposal, by), Move.CLOSE, by=by, reason=reason)


@transaction.atomic
def renew(proposal: Proposal, *, by: Seat, ends_on: date | None = None) -> Proposal:
    """Lets an open proposal run on until ``ends_on``, or for ``DEFAULT_MONTHS_OPEN`` months.

    One that has expired is open again. Raises ``NotAllowed``, and ``DomainError`` when it is
    not open, its end date is not near yet, or the new one is out of bounds or no later.
    """
    proposal = _own(proposal, by)
    target_of(proposal, Move.RENEW)
    if not proposal.is_renewable:
        raise DomainError(f"募集期限（{day_text(proposal.ends_on)}）が近づいてから延ばせます")
    former, (first, last) = proposal.ends_on, end_bounds()
    proposal.ends_on = ends_on or add_months(today(), DEFAULT_MONTHS_OPEN)
    if not max(first, former) <= proposal.ends_on <= last or proposal.ends_on == former:
        raise DomainError(f"募集期限は、今より後の、{day_text(last)}までの日付にしてください")
    proposal.active_at = timezone.now()
    proposal.version += 1  # a form with the former date must not bring it back
    proposal.save(update_fields=["ends_on", "active_at", "version"])
    step = note_step(proposal, Move.RENEW, by=by, at=proposal.active_at)
    changes = {"ends_on": audit.Change(former, proposal.ends_on)}
    audit.record(Action.RENEW, proposal, by=by, changes=changes)
    tell_step(step, by=by)
    return proposal


@transaction.atomic
def stop_offers(proposal: Proposal, *, by: Seat) -> Proposal:
    """Enough have offered: nobody new may, and those who have go on.

    Raises ``NotAllowed``, and ``DomainError`` when it takes none any more.
    """
    proposal = _opened_to_offers(proposal, by)
    if proposal.offers_stopped_at:
        raise DomainError("申し出の受付は、すでに止まっています")
    return take_no_offers(proposal, by=by)


@transaction.atomic
def resume_offers(proposal: Proposal, *, by: Seat) -> Proposal:
    """Takes offers again.

    Raises ``NotAllowed``, and ``DomainError`` when it does already or its end date has passed.
    """
    proposal = _opened_to_offers(proposal, by)
    if not proposal.offers_stopped_at:
        raise DomainError("申し出は、いまも受け付けています")
    proposal.offers_stopped_at = None
    return _save_offers(proposal, Move.RESUME_OFFERS, Action.RESUME_OFFERS, by)


def end(proposal: Proposal, move: Move, *, by: Actor, reason: str) -> Proposal:
    """Ends a locked proposal by one of ``_ENDINGS``, with the offers that still wait.

    For a service that has asked its own rule, in its transaction. Raises ``DomainError``.
    """
    before = with_status(proposal)
    target, reason = target_of(proposal, move), given(reason)
    live = proposal.offers.live().select_for_update(of=("self",))
    told = []
    for offer in live.select_related(
        "organization__municipality", "organization__prefecture", "office"
    ):
        offer.proposal = proposal
        told.append(offer.organization_id)
        settle(offer, OfferMove.DECLINE, by=by, reason=reason)
    proposal.status, proposal.ending_reason = target, reason
    proposal.ended_at = proposal.active_at = timezone.now()
    proposal.version += 1
    proposal.save()
    step = note_step(proposal, move, by=by, at=proposal.ended_at, reason=reason)
    changes = audit.differences(before, with_status(proposal))
    audit.record(_ENDINGS[move], proposal, by=by, changes=changes, reason=reason)
    tell_step(step, by=by, told=told)
    return proposal


def take_no_offers(proposal: Proposal, *, by: Actor) -> Proposal:
    """Lets nobody new offer on a locked proposal, for a service that has asked its own rule."""
    proposal.offers_stopped_at = timezone.now()
    return _save_offers(proposal, Move.STOP_OFFERS, Action.STOP_OFFERS, by)


def _own(proposal: Proposal, by: Seat) -> Proposal:
    """The locked proposal, for a seat that writes it. Raises ``NotAllowed``."""
    proposal = locked(proposal)
    require(rules.writes_it(by, proposal))
    return proposal


def _opened_to_offers(proposal: Proposal, by: Seat) -> Proposal:
    proposal = _own(proposal, by)
    if not proposal.is_live:
        raise DomainError(state_forbids(proposal))
    if proposal.is_past_end:
        raise DomainError("募集期限が過ぎているため、新しい申し出は受け付けていません")
    return proposal


def _save_offers(proposal: Proposal, move: Move, action: Action, by: Actor) -> Proposal:
    proposal.active_at = timezone.now()
    proposal.save(update_fields=["offers_stopped_at", "active_at"])
    step = note_step(proposal, move, by=by, at=proposal.active_at)
    audit.record(action, proposal, by=by)
    tell_step(step, by=by)
    return proposal
