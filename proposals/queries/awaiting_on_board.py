"""What awaits an organization's action on the board."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone

from core import dates
from core.prepared import Prepared
from members.models import Organization
from members.queries import full_names
from proposals.enums import UNDECIDED, WARNING_DAYS, ColumnPart, OfferStatus, ProposalStatus
from proposals.models import Offer, OfferDraft, Proposal, Reply, TalkMessage

# More of what a ward has not answered is not counted.
MOST_COUNTED = 100
_REPLY, _OFFER_DRAFT = "reply", "offer_draft"


@dataclass(frozen=True)
class Waiting:
    """One thing that awaits an organization, as a banner lists it."""

    text: str
    url: str
    extra: str = ""


def awaiting_on_board(organization: Organization) -> list[Waiting]:
    """Offers, messages and replies to answer, each where somebody else has spoken last; then
    drafts and end dates; each oldest first. Last what a ward was asked and has not answered.
    """
    today = dates.today()
    limit = today + timedelta(days=max(WARNING_DAYS))
    rows = [_Row._make(row) for row in _rows_of(organization.pk, today, limit)]
    rows.sort(key=lambda row: (row.is_own, row.at, row.pk))
    names = full_names({row.by for row in rows if not row.is_own})
    own = [_own_waiting(row, today) if row.is_own else _said(row, names[row.by]) for row in rows]
    return own + (_asked(organization.pk, today) if organization.is_ward else [])


class _Row(NamedTuple):
    """An offer, reply or proposal that waits: since ``at``, because of the organization ``by``."""

    kind: str
    pk: int
    proposal: int
    title: str
    ends_on: date | None
    by: int
    at: datetime

    @property
    def is_own(self) -> bool:
        return self.kind in (_OFFER_DRAFT, ProposalStatus.DRAFT, ProposalStatus.OPEN)


_PROPOSAL = ("proposal", "proposal__title", "proposal__ends_on")


def _rows(organization: int, today: date, limit: date) -> QuerySet:
    # Side by side, because by "or" the databases would look at the offers of everybody, and in
    # one query, because two pages that everybody opens ask it.
    others = (*_talks(organization), _last_replies(organization), _unsettled(organization, limit))
    drafts = _offer_drafts(organization, today)
    return _offers(organization).union(*others, drafts, all=True).order_by()


_rows_of = Prepared(_rows, int, date, date)


def _offers(organization: int) -> QuerySet[Offer]:
    """Those that the author has said nothing to."""
    new = Offer.objects.filter(proposal__organization=organization, status=OfferStatus.INTERESTED)
    return new.order_by().values_list("status", "pk", *_PROPOSAL, "organization", "raised_at")


def _talks(organization: int) -> list[QuerySet[Offer]]:
    """Those of either side where the other one has spoken last."""
    last = TalkMessage.objects.filter(offer=OuterRef("pk")).order_by("-sent_at", "-pk")
    talks = (
        Offer.objects.filter(status=OfferStatus.TALKING)
        .order_by()
        .annotate(by=Subquery(last.values("organization")[:1]))
        .annotate(at=Subquery(last.values("sent_at")[:1]))
        .exclude(by=organization)
        .values_list("status", "pk", *_PROPOSAL, "by", "at")
    )
    return [
        talks.filter(proposal__organization=organization),
        talks.filter(organization=organization),
    ]


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
    others = own.exclude(organization=organization).order_by().annotate(kind=Value(_REPLY))
    return others.values_list("kind", "pk", *_PROPOSAL, "organization", "created_at")


def _unsettled(organization: int, limit: date) -> QuerySet[Proposal]:
    """Drafts to be gone on with, and open proposals that end before ``limit`` or have ended."""
    awaiting = Q(status=ProposalStatus.DRAFT) | Q(status=ProposalStatus.OPEN, ends_on__lte=limit)
    own = Proposal.objects.filter(awaiting, organization=organization).order_by()
    return own.annotate(proposal=F("pk")).values_list(
        "status", "pk", "proposal", "title", "ends_on", "organization", "changed_at"
    )


def _offer_drafts(organization: int, today: date) -> QuerySet[OfferDraft]:
    """Drafts of offers that can still be sent ``today``."""
    own = OfferDraft.objects.sendable(today).filter(organization=organization).order_by()
    return own.annotate(kind=Value(_OFFER_DRAFT)).values_list(
        "kind", "pk", *_PROPOSAL, "organization", "saved_at"
    )


def _said(row: _Row, other: str) -> Waiting:
    if row.kind == _REPLY:
        url = reverse("proposals:proposal_detail", args=[row.proposal])
        text = f"「{row.title}」への{other}からの返信"
        return Waiting(text, f"{url}#reply-{row.pk}", _since(row.at, "返信"))
    url = reverse("proposals:offer_detail", args=[row.pk])
    if row.kind == OfferStatus.INTERESTED:
        return Waiting(f"「{row.title}」への{other}からの申し出", url, _since(row.at, "申し出"))
    text = f"「{row.title}」について{other}から届いた協議のメッセージ"
    return Waiting(text, url, _since(row.at, "送信"))


def _since(at: datetime, what: str) -> str:
    days = (dates.today() - timezone.localdate(at)).days
    return f"{what}から{days}日" if days else f"今日の{what}"


def _own_waiting(row: _Row, today: date) -> Waiting:
    if row.kind == _OFFER_DRAFT:
        url = reverse("proposals:offer_draft_detail", args=[row.pk])
        return Waiting(f"「{row.title}」への申し出の下書き", url, _saved(row.at, today))
    proposal = Proposal(pk=row.pk, title=row.title, status=row.kind)
    url = proposal.get_absolute_url()
    if row.ends_on is None or proposal.is_draft:
        return Waiting(f"「{proposal}」の下書き", url, _saved(row.at, today))
    left = (row.ends_on - today).days
    if left >= 0:
        when = f"あと{left}日" if left else "今日まで"
        return Waiting(f"「{proposal}」の募集期限を延ばすかどうか", url, when)
    return Waiting(f"「{proposal}」の募集期限を延ばすか、取り下げるか", url, f"期限から{-left}日")


def _saved(at: datetime, today: date) -> str:
    days = (today - timezone.localdate(at)).days
    return f"最後の保存から{days}日" if days else "今日保存"


def _unanswered(ward: int, today: date) -> QuerySet[Proposal]:
    found = Proposal.objects.on_board().unanswered_by(ward, today)
    return found.order_by().values_list("pk")[: MOST_COUNTED + 1]


_unanswered_by = Prepared(_unanswered, int, date)


def _asked(ward: int, today: date) -> list[Waiting]:
    """One line for all that waits for the ward's answer: any open proposal may be among it."""
    number = len(_unanswered_by(ward, today))
    if not number:
        return []
    count = f"{MOST_COUNTED}件以上" if number > MOST_COUNTED else f"{number}件"
    url = reverse("proposals:addressed_list", query={"part": ColumnPart.UNANSWERED})
    return [Waiting("自分の区への提案のうち、まだ回答していないもの", url, count)]
