"""What awaits an organization's action on the board."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from core import dates
from members.models import Organization
from proposals.enums import WARNING_DAYS, OfferStatus, ProposalStatus
from proposals.models import Offer, Proposal, TalkMessage


@dataclass(frozen=True)
class Waiting:
    """One thing that awaits an organization, as a banner lists it."""

    text: str
    url: str
    extra: str


def waiting_for(organization: Organization) -> list[Waiting]:
    """Offers and messages to answer, then drafts and end dates; each oldest first."""
    return [*_offers_to_answer(organization), *_proposals_to_settle(organization)]


def _offers_to_answer(organization: Organization) -> list[Waiting]:
    """Offers that its author has said nothing to, and talks where the other side spoke last."""
    last = TalkMessage.objects.filter(offer=OuterRef("pk")).order_by("-sent_at", "-pk")
    new = Q(status=OfferStatus.INTERESTED, proposal__organization=organization)
    of_a_side = Q(organization=organization) | Q(proposal__organization=organization)
    offers = (
        Offer.objects.annotate(
            last_by=Subquery(last.values("organization")[:1]),
            last_at=Subquery(last.values("sent_at")[:1]),
        )
        .filter(
            new | (of_a_side & Q(status=OfferStatus.TALKING) & ~Q(last_by=organization.pk)),
            last_by__isnull=False,
        )
        .with_sides()
    )
    return [_offer_waiting(offer, organization) for offer in offers.order_by("last_at", "pk")]


def _offer_waiting(offer, organization: Organization) -> Waiting:
    is_author = offer.proposal.organization_id == organization.pk
    other = offer.organization if is_author else offer.proposal.organization
    if offer.status == OfferStatus.INTERESTED:
        text = f"「{offer.proposal}」への{other.full_name}からの申し出"
        return Waiting(text, offer.get_absolute_url(), _since(offer.raised_at, "申し出"))
    text = f"「{offer.proposal}」について{other.full_name}から届いた協議のメッセージ"
    return Waiting(text, offer.get_absolute_url(), _since(offer.last_at, "送信"))


def _since(at: datetime, what: str) -> str:
    days = (dates.today() - timezone.localdate(at)).days
    return f"{what}から{days}日" if days else f"今日の{what}"


def _proposals_to_settle(organization: Organization) -> list[Waiting]:
    """Drafts to be gone on with, and proposals whose end date is near or has passed."""
    today = dates.today()
    warned = today + timedelta(days=max(WARNING_DAYS))
    awaiting = Q(status=ProposalStatus.DRAFT) | Q(status=ProposalStatus.OPEN, ends_on__lte=warned)
    proposals = Proposal.objects.filter(awaiting, organization=organization)
    return [_waiting(proposal, today) for proposal in proposals.order_by("changed_at", "pk")]


def _waiting(proposal: Proposal, today: date) -> Waiting:
    url = proposal.get_absolute_url()
    if proposal.is_draft:
        days = (today - timezone.localdate(proposal.changed_at)).days
        since = f"最後の保存から{days}日" if days else "今日保存"
        return Waiting(f"「{proposal}」の下書き", url, since)
    left = (proposal.ends_on - today).days
    if left >= 0:
        when = f"あと{left}日" if left else "今日まで"
        return Waiting(f"「{proposal}」の募集期限を延ばすかどうか", url, when)
    return Waiting(f"「{proposal}」の募集期限を延ばすか、取り下げるか", url, f"期限から{-left}日")
