"""What awaits an organization's action on the board."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from core import dates
from core.prepared import Prepared
from members.models import Organization
from members.queries import full_names
from proposals.enums import UNDECIDED, WARNING_DAYS, OfferStatus, ProposalStatus
from proposals.models import Offer, Proposal, Reply, TalkMessage


@dataclass(frozen=True)
class Waiting:
    """One thing that awaits an organization, as a banner lists it."""

    text: str
    url: str
    extra: str


def waiting_for(organization: Organization) -> list[Waiting]:
    """Offers and messages to answer, then drafts and end dates; each oldest first."""
    return [*_offers_to_answer(organization), *_proposals_to_settle(organization)]


class _Offer(NamedTuple):
    """An offer that waits; ``other`` is the side that has spoken last, ``at`` when it has."""

    pk: int
    status: str
    title: str
    other: int
    at: datetime


def _offers_waiting(organization: int) -> QuerySet[Offer]:
    """Offers that the author has said nothing to; talks where the other side spoke last."""
    columns = ("pk", "status", "proposal__title")
    author, offering = Q(proposal__organization=organization), Q(organization=organization)
    new = Offer.objects.filter(author, status=OfferStatus.INTERESTED).order_by()
    last = TalkMessage.objects.filter(offer=OuterRef("pk")).order_by("-sent_at", "-pk")
    talks = (
        Offer.objects.filter(status=OfferStatus.TALKING)
        .order_by()
        .annotate(by=Subquery(last.values("organization")[:1]))
        .annotate(at=Subquery(last.values("sent_at")[:1]))
        .exclude(by=organization)
    )
    # Side by side, because by "or" the databases would look at the offers of everybody.
    return new.values_list(*columns, "organization", "raised_at").union(
        talks.filter(author).values_list(*columns, "by", "at"),
        talks.filter(offering).values_list(*columns, "by", "at"),
        all=True,
    )


_offers_of = Prepared(_offers_waiting, int)


def _offers_to_answer(organization: Organization) -> list[Waiting]:
    offers = sorted(
        map(_Offer._make, _offers_of(organization.pk)), key=lambda row: (row.at, row.pk)
    )
    names = full_names({offer.other for offer in offers})
    return [_offer_waiting(offer, names[offer.other]) for offer in offers]


def _offer_waiting(offer: _Offer, other: str) -> Waiting:
    url = reverse("proposals:offer_detail", args=[offer.pk])
    if offer.status == OfferStatus.INTERESTED:
        text = f"「{offer.title}」への{other}からの申し出"
        return Waiting(text, url, _since(offer.at, "申し出"))
    text = f"「{offer.title}」について{other}から届いた協議のメッセージ"
    return Waiting(text, url, _since(offer.at, "送信"))


def _last_replies(organization: int) -> QuerySet[Reply]:
    """Those to the organization's undecided proposals that have the last word, and are others'."""
    replies = Reply.objects.filter(hidden_at=None)
    last = replies.filter(proposal=OuterRef("proposal")).order_by("-created_at", "-pk")
    own = replies.filter(
        proposal__organization=organization,
        proposal__status__in=UNDECIDED,
        proposal__hidden_at=None,
        pk=Subquery(last.values("pk")[:1]),
    )
    columns = ("pk", "proposal", "proposal__title", "organization", "created_at")
    return own.exclude(organization=organization).values_list(*columns).order_by("created_at", "pk")


_replies_of = Prepared(_last_replies, int)


def replies_to_answer(organization: Organization) -> list[Waiting]:
    """The last reply on each of its undecided proposals, where somebody else has the last word."""
    replies = _replies_of(organization.pk)
    names = full_names({by for _pk, _proposal, _title, by, _at in replies})
    return [
        _reply_waiting(pk, proposal, f"「{title}」への{names[by]}からの返信", at)
        for pk, proposal, title, by, at in replies
    ]


def _reply_waiting(reply: int, proposal: int, text: str, at: datetime) -> Waiting:
    url = reverse("proposals:proposal_detail", args=[proposal])
    return Waiting(text, f"{url}#reply-{reply}", _since(at, "返信"))


def _since(at: datetime, what: str) -> str:
    days = (dates.today() - timezone.localdate(at)).days
    return f"{what}から{days}日" if days else f"今日の{what}"


def _unsettled(organization: int, warned: date) -> QuerySet[Proposal]:
    """Drafts to be gone on with, and open proposals that end before ``warned`` or have ended."""
    awaiting = Q(status=ProposalStatus.DRAFT) | Q(status=ProposalStatus.OPEN, ends_on__lte=warned)
    own = Proposal.objects.filter(awaiting, organization=organization)
    return own.order_by("changed_at", "pk").values_list(
        "pk", "title", "status", "ends_on", "changed_at"
    )


_unsettled_of = Prepared(_unsettled, int, date)


def _proposals_to_settle(organization: Organization) -> list[Waiting]:
    today = dates.today()
    rows = _unsettled_of(organization.pk, today + timedelta(days=max(WARNING_DAYS)))
    columns = ("pk", "title", "status", "ends_on", "changed_at")
    return [_waiting(Proposal(**dict(zip(columns, row, strict=True))), today) for row in rows]


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
