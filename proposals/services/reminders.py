"""What the calendar brings: end dates that come near or pass, and proposals without an answer.

Each is told once, on its day or on the next day that runs; what has passed for longer than
``LOOK_BACK`` is no news any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from core.dates import day_text, start_of
from notices.queries import told_keys
from proposals.enums import UNANSWERED_DAYS, WARNING_DAYS, ProposalStatus
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet
from proposals.services.telling import tell_deadline

LOOK_BACK = timedelta(days=30)
_TO_GO_ON = {"募集を続けるとき": "提案元の担当の方が、提案のページで募集期限を延ばせます"}
_LOOKED_AFTER = {"これから": "回答待ちの提案として、事務局にも表示しています"}


class Due(NamedTuple):
    """What is due to be told of a proposal, unless it was told before."""

    key: str
    proposal: Proposal
    text: str


@transaction.atomic
def warn_of_ends(day: date) -> int:
    """Tells authors that an end date is 30 or 7 days away, or nearer; returns how many.

    Of two warnings that were missed the later one is told.
    """
    last = day + timedelta(days=max(WARNING_DAYS))
    near = _open(Proposal.objects.filter(ends_on__gte=day, ends_on__lte=last))
    warnings = (_warning(proposal, day) for proposal in near)
    return _tell((due for due in warnings if due), facts=_TO_GO_ON)


@transaction.atomic
def tell_expired(day: date) -> int:
    """Tells authors and followers of end dates that have passed; returns how many."""
    passed = _open(Proposal.objects.filter(ends_on__lt=day, ends_on__gte=day - LOOK_BACK))
    expired = (
        Due(
            f"proposals.expired:{proposal.pk}:{proposal.ends_on}",
            proposal,
            f"提案「{proposal}」の募集期限が過ぎました",
        )
        for proposal in passed
    )
    return _tell(expired, facts=_TO_GO_ON, to_followers=True)


@transaction.atomic
def tell_unanswered(day: date) -> int:
    """Tells authors that nobody has answered for ``UNANSWERED_DAYS``; returns how many."""
    since = start_of(day - timedelta(days=UNANSWERED_DAYS) - LOOK_BACK)
    waiting = _open(Proposal.objects.unanswered(day).filter(published_at__gte=since))
    text = f"提案「{{}}」には、公開から{UNANSWERED_DAYS}日たっても回答がありません"
    unanswered = (
        Due(f"proposals.unanswered:{proposal.pk}", proposal, text.format(proposal))
        for proposal in waiting
    )
    return _tell(unanswered, facts=_LOOKED_AFTER)


def _open(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """The open ones, with all that the mails print. One in talks does not expire.

    Held until the transaction ends: one that is renewed or answered meanwhile is none of them.
    """
    return (
        proposals.filter(status=ProposalStatus.OPEN)
        .select_for_update(of=("self",))
        .select_related("organization__municipality", "organization__prefecture")
        .order_by("pk")
    )


def _warning(proposal: Proposal, day: date) -> Due | None:
    """The warning that is due by ``day``; none where it was published later than that."""
    left = (proposal.ends_on - day).days
    days = min(days for days in WARNING_DAYS if left <= days)
    if timezone.localdate(proposal.published_at) > proposal.ends_on - timedelta(days=days):
        return None
    return Due(
        f"proposals.ends:{proposal.pk}:{proposal.ends_on}:{days}",
        proposal,
        f"提案「{proposal}」の募集期限（{day_text(proposal.ends_on)}）が近づいています",
    )


def _tell(found: Iterable[Due], *, facts: Mapping[str, str], to_followers: bool = False) -> int:
    """Tells what nobody has been told of yet."""
    number = 0
    for due in _untold(found):
        tell_deadline(due.proposal, due.key, due.text, facts=dict(facts), to_followers=to_followers)
        number += 1
    return number


def _untold(found: Iterable[Due]) -> Iterator[Due]:
    by_key = {due.key: due for due in found}
    told = told_keys(by_key)
    return (due for key, due in by_key.items() if key not in told)
