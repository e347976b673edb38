"""Reads for the board: the list with its counts, what awaits an organization, earlier versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import dates
from members.enums import MunicipalityKind
from members.models import Organization, Prefecture, Theme
from proposals.enums import EXPIRED, SHOWN_STATUSES, ProposalKind, ProposalStatus
from proposals.models import LEVELS, Proposal, ProposalVersion, Reply
from proposals.querysets import ProposalQuerySet, shown_as

NEWEST, WISHED = "newest", "wished"
# After so long the secretariat looks for an answer (features.md 8).
UNANSWERED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Conditions:
    """What the board is narrowed to; every empty one keeps all."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    theme: Theme | None = None
    prefecture: Prefecture | None = None


def board(user, conditions: Conditions) -> ProposalQuerySet:
    """The proposals that ``user`` may read and that meet ``conditions``, unordered."""
    found = Proposal.objects.visible_to(user).matching(conditions.words)
    if conditions.kinds:
        found = found.filter(kind__in=conditions.kinds)
    if conditions.statuses:
        found = found.filter(_any_shown_as(conditions.statuses))
    if conditions.theme:
        found = found.filter(themes=conditions.theme)
    if conditions.prefecture:
        found = found.filter(organization__prefecture=conditions.prefecture)
    return found


def _any_shown_as(statuses: tuple[str, ...]) -> Q:
    condition = Q()
    for status in statuses:
        condition |= shown_as(status, dates.today())
    return condition


def ordered(proposals: ProposalQuerySet, sort: str) -> ProposalQuerySet:
    """Newest change first, or the wished period that is nearest; past periods come last."""
    if sort != WISHED:
        return proposals.order_by("-changed_at", "-pk")
    this_month = dates.today().replace(day=1)
    is_over = Case(When(wished_until__lt=this_month, then=1), default=0)
    start = F("wished_from").asc(nulls_last=True)
    return proposals.order_by(is_over, start, "-changed_at", "-pk")


def with_reply_count(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Each proposal with ``reply_count``, without hidden replies."""
    replies = Reply.objects.filter(proposal=OuterRef("pk"), hidden_at=None).order_by()
    count = replies.values("proposal").annotate(number=Count("*")).values("number")
    return proposals.annotate(
        reply_count=Coalesce(Subquery(count), Value(0), output_field=IntegerField())
    )


def kind_counts(user, conditions: Conditions) -> dict[str, int]:
    """How many proposals each kind would give under the other conditions."""
    found = board(user, replace(conditions, kinds=()))
    return found.aggregate(
        **{kind: Count("pk", filter=Q(kind=kind)) for kind in ProposalKind.values}
    )


def status_counts(user, conditions: Conditions) -> dict[str, int]:
    """How many proposals each shown status would give under the other conditions."""
    found = board(user, replace(conditions, statuses=()))
    today = dates.today()
    return found.aggregate(
        **{status: Count("pk", filter=shown_as(status, today)) for status, _label in SHOWN_STATUSES}
    )


def unanswered(day: date) -> ProposalQuerySet:
    """The open proposals that ``day`` finds without an answer for 14 days or more.

    An answer is a reply by somebody who may take the proposal up: a ward; to a ward's own,
    any other organization.
    """
    wards = Q(organization__municipality__kind=MunicipalityKind.WARD)
    to_wards = Q(proposal__organization__municipality__kind=MunicipalityKind.WARD)
    answers = Reply.objects.filter(wards | to_wards, proposal=OuterRef("pk"), hidden_at=None)
    answers = answers.exclude(organization=OuterRef("organization"))
    published_by = dates.start_of(day - UNANSWERED_FOR + timedelta(days=1))
    found = Proposal.objects.in_shown_status(ProposalStatus.OPEN, day)
    return found.filter(~Exists(answers), hidden_at=None, published_at__lt=published_by)


@dataclass(frozen=True)
class Waiting:
    """One thing that awaits an organization, as a banner lists it."""

    text: str
    url: str
    extra: str


def waiting_for(organization: Organization) -> list[Waiting]:
    """Drafts to be gone on with, and proposals whose end date has passed; oldest first."""
    today = dates.today()
    awaiting = Q(status=ProposalStatus.DRAFT) | shown_as(EXPIRED, today)
    proposals = Proposal.objects.filter(awaiting, organization=organization)
    return [_waiting(proposal, today) for proposal in proposals.order_by("changed_at", "pk")]


def _waiting(proposal: Proposal, today: date) -> Waiting:
    url = proposal.get_absolute_url()
    if proposal.is_draft:
        days = (today - timezone.localdate(proposal.changed_at)).days
        since = f"最後の保存から{days}日" if days else "今日保存"
        return Waiting(f"「{proposal}」の下書き", url, since)
    days = (today - proposal.ends_on).days
    return Waiting(f"「{proposal}」の募集期限を延ばすか、取り下げるか", url, f"期限から{days}日")


@dataclass(frozen=True)
class Difference:
    """One field of two texts that differ: what stood before and what stands after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Edition:
    """An earlier version with what the next one that the reader may see says instead."""

    version: ProposalVersion
    rows: list[dict[str, str]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def editions(proposal: Proposal, user) -> list[Edition]:
    """The earlier versions that ``user`` may read, newest first."""
    following = proposal.content()
    result = []
    for version in proposal.versions.visible_to(user).order_by("-number"):
        rows = rows_of(version.fields)
        result.append(Edition(version, rows, differences(version.fields, following)))
        following = version.fields
    return result


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The fields whose values differ, as they are shown."""
    return [
        Difference(old["label"], old["value"], new["value"])
        for old, new in zip(rows_of(before), rows_of(after), strict=True)
        if old["value"] != new["value"]
    ]


def rows_of(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """``Proposal.content`` as labels and values for a list of facts."""
    shown = {
        "種別": ProposalKind(content["kind"]).label if content["kind"] else "",
        "提案の題名": content["title"],
        "分野": "、".join(content["themes"]),
        "提案の内容": content["body"],
        "希望時期（開始）": _month(content["wished_from"]),
        "希望時期（終了）": _month(content["wished_until"]),
        "募集期限": dates.day_text(_day(content["ends_on"])) if content["ends_on"] else "",
        "公開の範囲": dict(LEVELS)[content["level"]],
    }
    return [{"label": label, "value": value or "（入力なし）"} for label, value in shown.items()]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _month(text: str) -> str:
    return dates.month_text(_day(text)) if text else ""
