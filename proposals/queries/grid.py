"""The grid: where each ward stands with each proposal, as far as the reader may know.

Of an offer it knows that it exists and its state; of a talk nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import batched
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from core import dates
from core.enums import Level
from members.models import Organization, Prefecture
from proposals.enums import STANDING_MARKS, STANDING_TAGS, ColumnPart, Standing
from proposals.models import Offer, Proposal, ProposalVersion, Reply
from proposals.querysets import ProposalQuerySet, shown_as

OFFERED = (
    Standing.INTERESTED,
    Standing.TALKING,
    Standing.ACCEPTED,
    Standing.DECLINED,
    Standing.WITHDRAWN,
)
_LINES_AT_ONCE = 200

# The ids of a proposal and of a ward.
type Pair = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """Where a ward stands with a proposal; ``days``: since it was asked and has not answered."""

    standing: Standing
    offer: Offer | None = None
    days: int | None = None

    @property
    def text(self) -> str:
        """協議中, 未回答 12日; empty where the ward is not addressed and has said nothing."""
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
        """What of ``text`` a narrow cell shows: 協議 of 協議中, 12 of 未回答 12日."""
        days = "" if self.days is None else str(self.days)
        return days or STANDING_MARKS.get(self.standing) or self.text[:2]


class Tally(NamedTuple):
    """What a row or a column comes to, as ``Sum`` names it.

    Of its cells: how many are offers, replies alone, and not answered. ``received`` are the
    members that have offered on a ward's proposal.
    """

    offered: int
    received: int
    replied: int
    unanswered: int


@dataclass(frozen=True)
class Line:
    """A proposal with its cells, in the order of the wards; ``received`` as in ``Tally``."""

    proposal: Proposal
    cells: Sequence[Cell]
    received: int

    @property
    def title(self) -> str:
        return self.proposal.title

    @cached_property
    def answers(self) -> list[str]:
        return [cell.text for cell in self.cells]

    @cached_property
    def sums(self) -> Tally:
        standings = [cell.standing for cell in self.cells]
        return Tally(
            sum(standing in OFFERED for standing in standings),
            self.received,
            standings.count(Standing.REPLIED),
            standings.count(Standing.UNANSWERED),
        )


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


def lines_of(user, proposals: Iterable[Proposal], wards: Sequence[Organization]) -> list[Line]:
    """``proposals`` with where each of ``wards`` stands; always the same number of queries."""
    rows = list(proposals)
    known = _known_of(user, [row.pk for row in rows], wards)
    return [
        Line(row, [known.cell(row, ward) for ward in wards], len(known.received.get(row.pk, ())))
        for row in rows
    ]


def all_lines(user, proposals: ProposalQuerySet, wards: Sequence[Organization]) -> Iterator[Line]:
    """All rows of the grid, some at a time."""
    for part in batched(proposals.iterator(_LINES_AT_ONCE), _LINES_AT_ONCE):
        yield from lines_of(user, part, wards)


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
        found = board.unanswered_by(ward, dates.today())
    else:
        found = board.filter(board.addressing(ward) | offered_on | spoken_on)
    return found.order_by("-active_at", "-pk")


@dataclass(frozen=True)
class _Known:
    """What a reader knows of some proposals; ``versions`` are the earlier ones, newest first.

    ``received``: of a ward's proposal, who else has offered.
    """

    offers: Mapping[Pair, Offer]
    received: Mapping[int, Collection[int]]
    replied: Collection[Pair]
    chosen: Mapping[int, Collection[int]]
    versions: Mapping[int, Sequence[ProposalVersion]]
    today: date

    def cell(self, proposal: Proposal, ward: Organization) -> Cell:
        pair = proposal.pk, ward.pk
        if proposal.organization_id == ward.pk:
            return Cell(Standing.AUTHOR)
        if offer := self.offers.get(pair):
            return Cell(Standing(offer.status), offer)
        if pair in self.replied:
            return Cell(Standing.REPLIED)
        chosen = self.chosen.get(proposal.pk)
        if not (ward.pk in chosen if chosen else proposal.means_all_wards):
            return Cell(Standing.NOT_ADDRESSED)
        since = self.addressed_at(proposal, ward)
        if not proposal.takes_offers or since is None:
            return Cell(Standing.SILENT)
        return Cell(Standing.UNANSWERED, days=(self.today - timezone.localdate(since)).days)

    def addressed_at(self, proposal: Proposal, ward: Organization) -> datetime | None:
        """Since when the proposal is addressed to ``ward``: published so, or changed so later."""
        means_all = not proposal.organization.is_ward
        for version in self.versions.get(proposal.pk, ()):
            # By name, as a version keeps them; those of before the offers keep none.
            chosen = version.fields.get("wards")
            was_meant = means_all or version.level == Level.WARDS
            if not (ward.name in chosen if chosen else was_meant):
                return version.valid_until
        return proposal.published_at


def _known_of(user, ids: Collection[int], wards: Sequence[Organization]) -> _Known:
    of_wards = Q(organization__in=wards) | Q(proposal__organization__in=wards)
    known = Offer.objects.visible_to(user).filter(of_wards, proposal__in=ids)
    asked = {ward.pk for ward in wards}
    offers: dict[Pair, Offer] = {}
    received: dict[int, set[int]] = {}
    for offer in known.order_by("raised_at", "pk"):
        if offer.organization_id in asked:
            # Of several offers of one ward the last stands.
            offers[offer.proposal_id, offer.organization_id] = offer
        else:
            received.setdefault(offer.proposal_id, set()).add(offer.organization_id)
    replies = Reply.objects.visible_to(user).filter(
        proposal__in=ids, organization__in=wards, hidden_at=None
    )
    chosen: dict[int, set[int]] = {}
    named = Proposal.wards.through._default_manager.filter(proposal__in=ids)
    for proposal, ward in named.values_list("proposal", "organization"):
        chosen.setdefault(proposal, set()).add(ward)
    versions: dict[int, list[ProposalVersion]] = {}
    for version in ProposalVersion.objects.visible_to(user).filter(proposal__in=ids):
        versions.setdefault(version.proposal_id, []).append(version)
    return _Known(
        offers,
        received,
        set(replies.order_by().values_list("proposal", "organization").distinct()),
        chosen,
        versions,
        dates.today(),
    )
