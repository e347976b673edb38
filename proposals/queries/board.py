"""The board's list: what meets the conditions, in which order, and how many there would be."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core import dates
from members.models import Prefecture, Theme
from proposals.models import Offer, Proposal, Reply
from proposals.querysets import ProposalQuerySet, shown_as

NEWEST, WISHED = "newest", "wished"


@dataclass(frozen=True)
class Conditions:
    """What the board is narrowed to; every empty one keeps all.

    ``since`` and ``until`` are the first days of months, between which the wished period lies
    at least in part; ``waiting`` leaves the open ones that nobody has answered.
    """

    words: str = ""
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    theme: Theme | None = None
    prefecture: Prefecture | None = None
    since: date | None = None
    until: date | None = None
    waiting: bool = False


def board(user, conditions: Conditions) -> ProposalQuerySet:
    """The proposals that ``user`` may read and that meet ``conditions``, unordered."""
    # The words last, because PostgreSQL asks in this order what costs the same.
    return narrowed(Proposal.objects.visible_to(user), conditions).matching(conditions.words)


def narrowed(found: ProposalQuerySet, conditions: Conditions) -> ProposalQuerySet:
    """Those of ``found`` that meet all conditions but the words."""
    if conditions.kinds:
        found = found.filter(kind__in=conditions.kinds)
    if conditions.statuses:
        found = found.filter(_any_shown_as(conditions.statuses))
    if conditions.theme:
        of_theme = Proposal.themes.through._default_manager.filter(theme=conditions.theme)
        held = Q(pk__in=of_theme.values("proposal"))
        if conditions.prefecture:
            # So few are left that each is looked up; the list of all ids takes 3 ms to make.
            held = Q(Exists(of_theme.filter(proposal=OuterRef("pk"))))
        # The second half holds for none. It keeps the databases from making a join of this,
        # which they would begin with, and sort, instead of reading the list in its order.
        found = found.filter(held | Q(status=""))
    if conditions.prefecture:
        found = found.filter(organization__prefecture=conditions.prefecture)
    if conditions.since:
        # Without an end it goes on: 「…から」.
        found = found.filter(Q(wished_until=None) | Q(wished_until__gte=conditions.since))
    if conditions.until:
        found = found.filter(wished_from__lt=dates.add_months(conditions.until, 1))
    return found.waiting(dates.today()) if conditions.waiting else found


def _any_shown_as(statuses: tuple[str, ...]) -> Q:
    condition = Q()
    for status in statuses:
        condition |= shown_as(status, dates.today())
    return condition


def ordered(proposals: ProposalQuerySet, sort: str) -> ProposalQuerySet:
    """Newest change first, or the wished period that is nearest; past periods come last."""
    if sort != WISHED:
        return proposals.order_by("-active_at", "-pk")
    this_month = dates.today().replace(day=1)
    is_over = Case(When(wished_until__lt=this_month, then=1), default=0)
    start = F("wished_from").asc(nulls_last=True)
    return proposals.order_by(is_over, start, "-active_at", "-pk")


def with_reply_count(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Each proposal with ``reply_count``, without hidden replies."""
    return proposals.annotate(reply_count=_count_of(Reply.objects.filter(hidden_at=None)))


def with_offer_count(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Each proposal with ``offer_count``: how many offers there were, whatever became of them."""
    return proposals.annotate(offer_count=_count_of(Offer.objects.all()))


def _count_of[M: Model](rows: QuerySet[M]) -> Coalesce:
    """How many of ``rows`` belong to a proposal."""
    own = rows.filter(proposal=OuterRef("pk")).order_by()
    count = own.values("proposal").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(count), Value(0), output_field=IntegerField())
