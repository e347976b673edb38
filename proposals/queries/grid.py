"""The grid: where each ward stands with each proposal, as far as the reader may know.

Of an offer it knows that it exists and its state; of a talk nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import batched

from django.db.models import Q
from django.utils import timezone

from core import dates
from members.models import Organization, Prefecture
from proposals.enums import STANDING_MARKS, STANDING_TAGS, ColumnPart, Standing
from proposals.models import Offer, Proposal, Reply
from proposals.querysets import ProposalQuerySet, shown_as

OFFERED = (
    Standing.INTERESTED,
    Standing.TALKING,
    Standing.ACCEPTED,
    Standing.DECLINED,
    Standing.WITHDRAWN,
)
_LINES_AT_ONCE = 200


@dataclass(frozen=True)
class Cell:
    """Where a ward stands with a proposal; ``days`` are those that it has been waited for."""

    standing: Standing
    offer: Offer | None = None
    days: int | None = None

    @property
    def text(self) -> str:
        """協議中, 回答待ち 12日; empty where the ward is not addressed and has said nothing."""
        if self.standing == Standing.NOT_ADDRESSED:
            return ""
        days = "" if self.days is None else f" {self.days}日"
        return f"{self.standing.label}{days}"

    @property
    def tag(self) -> str:
        """The kind of the tag that shows it (look.md 6)."""
        return STANDING_TAGS.get(self.standing, "mute")

    @property
    def url(self) -> str:
        return self.offer.get_absolute_url() if self.offer else ""

    @property
    def mark(self) -> str:
        """What of ``text`` a narrow cell shows: 協議 of 協議中, 12 of 回答待ち 12日."""
        days = "" if self.days is None else str(self.days)
        return days or STANDING_MARKS.get(self.standing) or self.text[:2]


@dataclass(frozen=True)
class Tally:
    """How many cells of a row or a column are offers, replies alone, and waited for."""

    offered: int
    replied: int
    waiting: int


@dataclass(frozen=True)
class Line:
    """A proposal with its cells, in the order of the wards."""

    proposal: Proposal
    cells: Sequence[Cell]

    @cached_property
    def tally(self) -> Tally:
        return _tally(self.cells)


@dataclass(frozen=True)
class Grid:
    """Some proposals, the wards in the order of their codes, and the tallies of each."""

    wards: Sequence[Organization]
    lines: Sequence[Line]

    @cached_property
    def columns(self) -> list[tuple[Organization, Tally]]:
        return [
            (ward, _tally([line.cells[place] for line in self.lines]))
            for place, ward in enumerate(self.wards)
        ]

    @cached_property
    def tally(self) -> Tally:
        return _tally([cell for line in self.lines for cell in line.cells])


@dataclass(frozen=True)
class GridConditions:
    """What the grid is narrowed to; every empty one keeps all."""

    statuses: tuple[str, ...] = ()
    prefecture: Prefecture | None = None
    waiting: bool = False


def wards_in_order() -> list[Organization]:
    """The wards in the order of their codes."""
    wards = Organization.objects.wards().select_related("municipality", "prefecture")
    return list(wards.order_by("municipality__code"))


def proposals_in_grid(user, conditions: GridConditions) -> ProposalQuerySet:
    """What stands in the grid's rows, the last change first."""
    found = Proposal.objects.visible_to(user).on_board()
    if conditions.statuses:
        shown = Q()
        for status in conditions.statuses:
            shown |= shown_as(status, dates.today())
        found = found.filter(shown)
    if conditions.prefecture:
        found = found.filter(organization__prefecture=conditions.prefecture)
    if conditions.waiting:
        found = found.waiting(dates.today())
    return found.select_related("organization__municipality").order_by("-active_at", "-pk")


def grid_of(user, proposals: Iterable[Proposal], wards: Sequence[Organization]) -> Grid:
    """``proposals`` with where each of ``wards`` stands; always the same number of queries."""
    return Grid(wards, _lines(user, list(proposals), wards))


def grid_lines(user, proposals: ProposalQuerySet, wards: Sequence[Organization]) -> Iterator[Line]:
    """All rows of the grid, some at a time."""
    for part in batched(proposals.iterator(_LINES_AT_ONCE), _LINES_AT_ONCE):
        yield from _lines(user, part, wards)


def column_of(user, ward: Organization, part: ColumnPart) -> ProposalQuerySet:
    """The column of ``ward``: what is addressed to it or what it has answered, newest first.

    ``ColumnPart.UNANSWERED``: addressed to it, still taking answers, and it has said nothing;
    ``OFFERING``: its offer waits for a yes or a no. Its own proposals are not in it.
    """
    offers = Offer.objects.filter(organization=ward).order_by()
    replies = Reply.objects.filter(organization=ward, hidden_at=None).order_by()
    offered_on, spoken_on = (
        Q(pk__in=offers.values("proposal")),
        Q(pk__in=replies.values("proposal")),
    )
    board = Proposal.objects.visible_to(user).on_board().exclude(organization=ward)
    if part == ColumnPart.OFFERING:
        found = board.filter(pk__in=offers.live().values("proposal"))
    elif part == ColumnPart.UNANSWERED:
        asked = board.addressed_to(ward).taking_offers(dates.today())
        found = asked.exclude(offered_on | spoken_on)
    else:
        found = board.filter(board.addressing(ward) | offered_on | spoken_on)
    return found.order_by("-active_at", "-pk")


def _lines(user, proposals: Sequence[Proposal], wards: Sequence[Organization]) -> list[Line]:
    ids = [proposal.pk for proposal in proposals]
    latest = {
        (offer.proposal_id, offer.organization_id): offer
        for offer in Offer.objects.visible_to(user)
        .filter(proposal__in=ids, organization__in=wards)
        .order_by("raised_at", "pk")
    }
    replies = Reply.objects.visible_to(user).filter(
        proposal__in=ids, organization__in=wards, hidden_at=None
    )
    spoken = set(replies.order_by().values_list("proposal", "organization").distinct())
    chosen = _chosen_wards(ids)
    today = dates.today()
    return [
        Line(
            proposal,
            [
                _cell(
                    proposal,
                    ward,
                    latest.get((proposal.pk, ward.pk)),
                    has_replied=(proposal.pk, ward.pk) in spoken,
                    chosen=chosen.get(proposal.pk, ()),
                    today=today,
                )
                for ward in wards
            ],
        )
        for proposal in proposals
    ]


def _chosen_wards(ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the wards that each proposal names."""
    chosen: dict[int, set[int]] = {}
    through = Proposal.wards.through
    pairs = through._default_manager.filter(proposal__in=ids).values_list(
        "proposal", "organization"
    )
    for proposal, ward in pairs:
        chosen.setdefault(proposal, set()).add(ward)
    return chosen


def _cell(
    proposal: Proposal,
    ward: Organization,
    offer: Offer | None,
    *,
    has_replied: bool,
    chosen: Collection[int],
    today: date,
) -> Cell:
    if proposal.organization_id == ward.pk:
        return Cell(Standing.AUTHOR)
    if offer:
        return Cell(Standing(offer.status), offer)
    if has_replied:
        return Cell(Standing.REPLIED)
    is_addressed = ward.pk in chosen if chosen else proposal.means_all_wards
    if not is_addressed:
        return Cell(Standing.NOT_ADDRESSED)
    if not proposal.takes_offers or proposal.published_at is None:
        return Cell(Standing.SILENT)
    days = (today - timezone.localdate(proposal.published_at)).days
    return Cell(Standing.WAITING, days=days)


def _tally(cells: Iterable[Cell]) -> Tally:
    standings = [cell.standing for cell in cells]
    return Tally(
        sum(standing in OFFERED for standing in standings),
        standings.count(Standing.REPLIED),
        standings.count(Standing.WAITING),
    )
