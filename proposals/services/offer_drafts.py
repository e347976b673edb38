"""What an organization writes before it offers: kept until it is sent, or thrown away."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import System
from core.errors import DomainError, StaleVersion, require
from members.models import Organization, Seat
from proposals import rules
from proposals.enums import KEEP_OFFER_DRAFTS_DAYS, Action
from proposals.models import OfferDraft, Proposal
from proposals.services.callers import Writer
from proposals.services.states import locked


@transaction.atomic
def save_offer_draft(
    proposal: Proposal,
    *,
    by: Seat,
    message: str,
    version: int | None = None,
    page_token: UUID | None = None,
) -> OfferDraft:
    """Keeps ``message`` for every seat of the organization; nobody else is told or shown it.

    ``version`` is that of the draft that was gone on with, if any; ``page_token`` is that of the
    page that was sent. Raises as ``raise_offer``, and ``StaleVersion`` when a colleague has saved
    something else meanwhile.
    """
    proposal = locked(proposal)
    require_offerable(proposal, by, message)
    draft = held_draft(proposal, by.organization, message=message, version=version)
    if draft is None:
        draft = OfferDraft(proposal=proposal, organization=by.organization)
    else:
        draft.version += 1
    draft.office, draft.message, draft.saved_at = by.office, message, timezone.now()
    draft.page_token = page_token
    draft.save()
    audit.record(Action.SAVE_OFFER_DRAFT, draft, by=by)
    return draft


@transaction.atomic
def delete_offer_draft(draft: OfferDraft, *, by: Seat, version: int) -> None:
    """Throws the draft away, as it stood at ``version``.

    Raises ``NotAllowed``, ``StaleVersion`` when a colleague has gone on writing, and
    ``DomainError`` when it is gone.
    """
    require(rules.writes_offer_draft(by, draft))
    rows = OfferDraft.objects.select_for_update(of=("self",))
    draft = rows.filter(pk=draft.pk).first()
    if draft is None:
        raise DomainError("この下書きは、すでに削除されています")
    if draft.version != version:
        raise StaleVersion
    audit.record(Action.DELETE_OFFER_DRAFT, draft, by=by)
    draft.delete()


@transaction.atomic
def clear_offer_drafts(day: date) -> int:
    """Deletes the drafts on proposals that were over ``KEEP_OFFER_DRAFTS_DAYS`` before ``day``;
    returns how many."""
    rows = OfferDraft.objects.select_for_update(of=("self",))
    old = rows.outlived(day - timedelta(days=KEEP_OFFER_DRAFTS_DAYS))
    for draft in old:
        audit.record(Action.DELETE_OFFER_DRAFT, draft, by=System("daily"))
        draft.delete()
    return len(old)


def require_offerable(proposal: Proposal, by: Writer, message: str) -> None:
    """Raises ``NotAllowed`` for whoever may not offer on this locked proposal, and
    ``DomainError`` without a message, while no offers are taken, or when the organization has
    one already."""
    require(rules.is_offering_side(by, proposal))
    if not proposal.takes_offers:
        raise DomainError("この提案は、いまは申し出を受け付けていません")
    if not message.strip():
        raise DomainError("提案元に伝えることを入力してください")
    # One at a time; after a joint project was called off, a new one.
    earlier = proposal.offers.filter(organization=by.organization).select_related("collaboration")
    if any(offer.is_live or offer.is_carried_out for offer in earlier):
        raise DomainError("この提案には、すでに申し出ています")


def held_draft(
    proposal: Proposal, organization: Organization, *, message: str, version: int | None
) -> OfferDraft | None:
    """The organization's draft on a locked proposal; None if there is none.

    Raises ``StaleVersion`` when it has another ``version`` than the one that was read, and says
    something else than ``message``. A ``version`` of None overrides whatever it says.
    """
    draft = OfferDraft.objects.of(proposal, organization).first()
    is_read = draft is None or version in (None, draft.version)
    if draft and not is_read and draft.message != message:
        raise StaleVersion
    return draft
