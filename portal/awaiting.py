"""What awaits an organization's action: shown to its seats before any list (look.md 1)."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from agreements.queries import unpublished_of
from core import dates
from members.models import Confirmation, Office, Organization
from members.queries import open_confirmations
from proposals.enums import UNDECIDED
from proposals.models import Reply
from proposals.queries import Waiting, waiting_for


def awaiting(organization: Organization) -> list[Waiting]:
    """Contact details to confirm, replies to answer, projects to publish, then the board."""
    return [
        *_offices_to_confirm(organization),
        *_replies_to_answer(organization),
        *_collaborations_to_publish(organization),
        *waiting_for(organization),
    ]


def _offices_to_confirm(organization: Organization) -> list[Waiting]:
    """The offices that a campaign asks, and those that nobody has confirmed for a year."""
    asked = open_confirmations(organization)
    return [
        Waiting(
            f"{office.name}の登録情報を確認する",
            office.get_absolute_url(),
            _until(asked[office.pk]) if office.pk in asked else office.freshness_text,
        )
        for office in Office.objects.filter(organization=organization)
        if office.is_stale or office.pk in asked
    ]


def _until(asked: Confirmation) -> str:
    campaign = asked.campaign
    return f"{campaign}　{dates.day_text(campaign.deadline)}まで"


def _replies_to_answer(organization: Organization) -> list[Waiting]:
    """The last reply on each of its open proposals, where somebody else has the last word."""
    today = dates.today()
    replies = Reply.objects.filter(hidden_at=None)
    last = replies.filter(proposal=OuterRef("proposal")).order_by("-created_at", "-pk")
    waiting = (
        replies.filter(
            pk=Subquery(last.values("pk")[:1]),
            proposal__organization=organization,
            proposal__status__in=UNDECIDED,
            proposal__hidden_at=None,
        )
        .exclude(organization=organization)
        .select_related("proposal", "organization__municipality", "organization__prefecture")
    )
    return [
        _waiting(reply, (today - timezone.localdate(reply.created_at)).days) for reply in waiting
    ]


def _collaborations_to_publish(organization: Organization) -> list[Waiting]:
    """The joint projects that a ward has registered and nobody outside sees yet."""
    if not organization.is_ward:
        return []
    return [
        Waiting(f"連携事業「{project}」を公開する", project.get_absolute_url(), "公開前")
        for project in unpublished_of(organization)
    ]


def _waiting(reply: Reply, days: int) -> Waiting:
    text = f"「{reply.proposal}」への{reply.organization.full_name}からの返信"
    return Waiting(text, reply.get_absolute_url(), f"返信から{days}日" if days else "今日の返信")
