"""What of the board is open when a person leaves (``members.handover``)."""

from django.db.models import Prefetch, Q
from django.utils import timezone

from core.dates import day_text, today
from members.handover import Business, Item, register
from members.models import Organization, Seat
from proposals.enums import LIVE_OFFERS, UNDECIDED, OfferStatus, ProposalStatus
from proposals.models import Offer, OfferDraft, Proposal, Reply

OFFERS = "答えを待っている連携の申し出"
TALKS = "協議中の連携の申し出"
UNANSWERED = "まだ答えていない返信がある連携提案"
OPEN = "募集中・協議中の連携提案"
DRAFTS = "下書きの連携提案"
OFFER_DRAFTS = "下書きの連携の申し出"
_ORDER = (OFFERS, TALKS, UNANSWERED, OPEN, DRAFTS, OFFER_DRAFTS)


def register_business() -> None:
    rows = (
        "proposals.Proposal",
        "proposals.Reply",
        "proposals.Offer",
        "proposals.OfferDraft",
        "proposals.TalkMessage",
        "proposals.TalkOpening",
        "proposals.Report",
    )
    register("proposals.proposals", Business(rows, list_open))


def list_open(seat: Seat) -> list[Item]:
    """The organization's live offers and talks, on either side, its undecided proposals, and
    the drafts of both.

    Nothing of what was said there. Counterparts are the other sides, and the organizations that
    have replied. Nothing moves: all of it belongs to the organization, and stays as it was
    signed.
    """
    organization = seat.office.organization_id
    items = [_offer_item(offer, organization) for offer in _live_offers(organization)]
    items += [_item(proposal) for proposal in _undecided(organization)]
    items += [_offer_draft_item(draft) for draft in _offer_drafts(organization)]
    return sorted(items, key=lambda item: _ORDER.index(item.heading))


def _live_offers(organization: int) -> list[Offer]:
    of_a_side = Q(organization=organization) | Q(proposal__organization=organization)
    offers = Offer.objects.filter(of_a_side, status__in=LIVE_OFFERS).with_sides()
    return list(offers.order_by("raised_at", "pk"))


def _offer_item(offer: Offer, organization: int) -> Item:
    heading = TALKS if offer.status == OfferStatus.TALKING else OFFERS
    is_author = offer.proposal.organization_id == organization
    other = offer.organization if is_author else offer.proposal.organization
    since = day_text(timezone.localdate(offer.raised_at))
    text = f"「{offer.proposal}」への{offer.organization.full_name}からの申し出"
    extra = f"相手は{other.full_name}、{since}に申し出"
    return Item(heading, text, offer.get_absolute_url(), extra, (other,))


def _offer_drafts(organization: int) -> list[OfferDraft]:
    """Those that it can still send."""
    drafts = OfferDraft.objects.sendable(today()).filter(organization=organization)
    return list(drafts.with_sides())


def _offer_draft_item(draft: OfferDraft) -> Item:
    """Nobody else knows of it: no counterpart is told of the handover."""
    saved = f"{day_text(timezone.localdate(draft.saved_at))}に保存"
    return Item(OFFER_DRAFTS, f"「{draft.proposal}」への申し出", draft.get_absolute_url(), saved)


def _undecided(organization: int) -> list[Proposal]:
    replies = Reply.objects.filter(hidden_at=None).select_related(
        "organization__municipality", "organization__prefecture"
    )
    proposals = Proposal.objects.filter(
        status__in=(*UNDECIDED, ProposalStatus.DRAFT), organization=organization
    ).prefetch_related(Prefetch("replies", replies))
    return list(proposals.order_by("changed_at", "pk"))


def _item(proposal: Proposal) -> Item:
    heading, extra = _state(proposal)
    others: set[Organization] = {reply.organization for reply in _of_others(proposal)}
    counterparts = tuple(sorted(others, key=lambda organization: organization.pk))
    return Item(heading, str(proposal), proposal.get_absolute_url(), extra, counterparts)


def _state(proposal: Proposal) -> tuple[str, str]:
    """Its heading, and how far it is."""
    if proposal.is_draft:
        return DRAFTS, f"{day_text(timezone.localdate(proposal.changed_at))}に保存"
    replies = list(proposal.replies.all())
    if replies and replies[-1].organization_id != proposal.organization_id:
        since = day_text(timezone.localdate(replies[-1].created_at))
        return UNANSWERED, f"{replies[-1].organization.full_name}から{since}に返信"
    return OPEN, f"{proposal.shown_status_label}、募集期限 {day_text(proposal.ends_on)}"


def _of_others(proposal: Proposal) -> list[Reply]:
    return [
        reply
        for reply in proposal.replies.all()
        if reply.organization_id != proposal.organization_id
    ]
