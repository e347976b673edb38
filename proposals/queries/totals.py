"""The rows below the grid: how many of all its proposals each ward has answered, and how.

Counted in the database: the page shows some of a hundred thousand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from core import dates
from members.models import Organization
from proposals.models import Offer, Proposal, Reply
from proposals.queries.grid import Tally
from proposals.querysets import ProposalQuerySet, meaning_all, taking

_LABELS = {"offered": "申し出", "replied": "返信だけ", "waiting": "回答待ち"}


@dataclass(frozen=True)
class Total:
    """Of one kind of answer, 申し出, the number for each ward: a row as a ``Line`` is one.

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
    rows = {name: [getattr(column, name) for column in columns] for name in _LABELS}
    return [
        Total(label, rows[name], [sum(rows[name]) if other == name else None for other in _LABELS])
        for name, label in _LABELS.items()
    ]


def _columns(user, found: ProposalQuerySet, wards: Sequence[Organization]) -> list[Tally]:
    """The tally of each ward's cells.

    It is waited for where it is asked, by name or as one of all, but for where it has answered.
    """
    offers = Offer.objects.visible_to(user)
    replies = Reply.objects.visible_to(user).filter(~Exists(_same_pair(offers)), hidden_at=None)
    offered, heard = _answers(_others(offers, found, wards))
    replied, read = _answers(_others(replies, found, wards))
    today = dates.today()
    named = _counted(_others(_named(), found, wards).filter(taking(today, "proposal__")))
    own = _counted(found.taking_offers(today).filter(found.meaning_all_wards()))
    waiting = {
        ward.pk: named[ward.pk] + own.total() - own[ward.pk] - heard[ward.pk] - read[ward.pk]
        for ward in wards
    }
    return [Tally(offered[ward.pk], replied[ward.pk], waiting[ward.pk]) for ward in wards]


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


def _counted(rows: QuerySet) -> Counter[int]:
    """How many of ``rows`` each organization has."""
    return Counter(dict(rows.values_list("organization").annotate(Count("pk"))))


def _others(rows: QuerySet, proposals: ProposalQuerySet, wards: Sequence[Organization]) -> QuerySet:
    """The ``rows`` of ``wards`` on ``proposals`` of others."""
    on_them = rows.filter(organization__in=wards, proposal__in=proposals.values("pk")).order_by()
    return on_them.exclude(proposal__organization=F("organization"))


def _same_pair(rows: QuerySet) -> QuerySet:
    return rows.filter(proposal=OuterRef("proposal"), organization=OuterRef("organization"))


def _named() -> QuerySet:
    """A row for each ward that a proposal names."""
    return Proposal.wards.through._default_manager.all()
