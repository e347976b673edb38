"""Who has offered already, and the talk of an offer as its readers may see it."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from core.models import Attachment
from members.models import Organization
from members.rules import levels_of
from proposals.models import Offer, OfferStep, Proposal, TalkMessage, TalkOpening


def standing_offer(proposal: Proposal, organization: Organization) -> Offer | None:
    """The organization's offer that keeps it from making another one."""
    offers = proposal.offers.filter(organization=organization).select_related("collaboration")
    return next((offer for offer in offers if offer.is_live or offer.is_carried_out), None)


@dataclass(frozen=True)
class Talk:
    """What ``user`` may read of an offer beyond that it exists; nothing for third parties."""

    messages: list[TalkMessage] = field(default_factory=list)
    steps: list[OfferStep] = field(default_factory=list)
    openings: list[TalkOpening] = field(default_factory=list)


def talk_of(offer: Offer, user) -> Talk:
    """The messages with their files, the steps, and who of the secretariat has looked into it."""
    files = Attachment.objects.at(levels_of(user))
    messages = offer.messages.visible_to(user).prefetch_related(Prefetch("attachments", files))
    return Talk(
        list(messages),
        list(offer.steps.visible_to(user)),
        list(offer.openings.visible_to(user)),
    )
