"""What of the board is open when a person leaves (``members.handover``)."""

from django.db.models import Prefetch, Q
from django.utils import timezone

from core.dates import day_text
from members.handover import Business, Item, register
from members.models import Seat
from proposals.enums import ProposalStatus
from proposals.models import Proposal, Reply

UNANSWERED = "まだ答えていない返信がある連携提案"
OPEN = "募集中の連携提案"
DRAFTS = "下書きの連携提案"
_ORDER = (UNANSWERED, OPEN, DRAFTS)


def register_business() -> None:
    rows = ("proposals.Proposal", "proposals.Reply")
    register("proposals.proposals", Business(rows, list_open))


def list_open(seat: Seat) -> list[Item]:
    """The organization's proposals that are open or drafts; nothing of what was said there.

    Counterparts are the organizations that have replied. Nothing moves: a proposal belongs to
    its organization, and a reply stays as it was signed.
    """
    replies = Reply.objects.filter(hidden_at=None).select_related(
        "organization__municipality", "organization__prefecture"
    )
    proposals = Proposal.objects.filter(
        Q(status=ProposalStatus.OPEN) | Q(status=ProposalStatus.DRAFT),
        organization=seat.office.organization_id,
    ).prefetch_related(Prefetch("replies", replies))
    items = [_item(proposal) for proposal in proposals.order_by("changed_at", "pk")]
    return sorted(items, key=lambda item: _ORDER.index(item.heading))


def _item(proposal: Proposal) -> Item:
    heading, extra = _state(proposal)
    others = {reply.organization for reply in _of_others(proposal)}
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
