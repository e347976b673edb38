"""The rows below the grid: what all its proposals come to for each ward (``enums.Sum``).

Counted in the database: the page shows some of a hundred thousand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from core import dates
from members.models import Organization
from proposals.enums import Sum
from proposals.models import Offer, Proposal, Reply
from proposals.queries.grid import Tally
from proposals.querysets import ProposalQuerySet, meaning_all, taking


@dataclass(frozen=True)
class Total:
    """Of one of the sums, 区の申し出, the number for each ward: a row as a ``Line`` is one.

    Of its ``sums`` only the one of this kind is known.
    """

    label: str
    answers: Sequence[int]
    sums: Sequence[int | None]
    proposal = None

    @property
    def title(self) -> str:
        return f"合計：{self.label}"


def totals_of(user, proposals: ProposalQuerySet, wards: Sequence[Organization]) -> list[Total]:
    """What the cells of all ``proposals`` come to; always the same number of queries."""
    columns = _columns(user, proposals.order_by(), wards)
    rows = {kind: [getattr(column, kind) for column in columns] for kind in Sum}
    return [
        Total(kind.label, rows[kind], [sum(rows[kind]) if other == kind else None for other in Sum])
        for kind in Sum
    ]


def _columns(user, found: ProposalQuerySet, wards: Sequence[Organization]) -> list[Tally]:
    """The tally of each ward's cells.

    It has not answered where it is asked, by name or as one of all, but for where it has.
    """
    offers = Offer.objects.visible_to(user)
    replies = Reply.objects.visible_to(user).filter(~Exists(_same_pair(offers)), hidden_at=None)
    offered, heard = _answers(_others(offers, found, wards))
    replied, read = _answers(_others(replies, found, wards))
    received = _received(offers, found, wards)
    today = dates.today()
    named = _counted(_others(_named(), found, wards).filter(taking(today, "proposal__")))
    own = _counted(found.taking_offers(today).filter(found.meaning_all_wards()))
    unanswered = {
        ward.pk: named[ward.pk] + own.total() - own[ward.pk] - heard[ward.pk] - read[ward.pk]
        for ward in wards
    }
    return [
        Tally(*(kind[ward.pk] for kind in (offered, received, replied, unanswered)))
        for ward in wards
    ]


def _received(
    offers: QuerySet, found: ProposalQuerySet, wards: Sequence[Organization]
) -> Counter[int]:
    """How many have offered on the proposals of each ward: each of them once for a proposal."""
    own = offers.filter(proposal__in=found.filter(organization__in=wards).values("pk"))
    again = Exists(_same_pair(Offer.objects.filter(pk__lt=OuterRef("pk"))))
    others = own.exclude(organization__in=wards).filter(~again).order_by()
    return _counted(others, "proposal__organization")


def _answers(rows: QuerySet) -> tuple[Counter[int], Counter[int]]:
    """Of each ward: to how many proposals it has one of ``rows``, and to how many of those
    that ask it."""
    names_none = ~Exists(_named().filter(proposal=OuterRef("proposal")))
    is_addressed = Q(Exists(_same_pair(_named()))) | (Q(names_none) & meaning_all("proposal__"))
    is_asked = taking(dates.today(), "proposal__") & is_addressed
    counted = rows.values("organization").annotate(
        all=Count("proposal", distinct=True),
        asked=Count("proposal", distinct=True, filter=is_asked),
    )
    said, heard = Counter(), Counter()
    for row in counted:
        said[row["organization"]], heard[row["organization"]] = row["all"], row["asked"]
    return said, heard


def _counted(rows: QuerySet, by: str = "organization") -> Counter[int]:
    """How many of ``rows`` each organization has."""
    return Counter(dict(rows.values_list(by).annotate(Count("pk"))))


def _others(rows: QuerySet, proposals: ProposalQuerySet, wards: Sequence[Organization]) -> QuerySet:
    """The ``rows`` of ``wards`` on ``proposals`` of others."""
    on_them = rows.filter(organization__in=wards, proposal__in=proposals.values("pk")).order_by()
    return on_them.exclude(proposal__organization=F("organization"))


def _same_pair(rows: QuerySet) -> QuerySet:
    return rows.filter(proposal=OuterRef("proposal"), organization=OuterRef("organization"))


def _named() -> QuerySet:
    """A row for each ward that a proposal names."""
    return Proposal.wards.through._default_manager.all()
