"""The pages of the board: in its order, however many proposals there are."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from core import dates
from core.prepared import Prepared
from members.rules import levels_of
from proposals.models import Proposal
from proposals.queries.board import Conditions, board, ordered
from proposals.queries.counting import Facets, facets
from proposals.querysets import organizations_of

# Of what words find, so many are counted, and more as far as somebody turns the pages; more
# than the last number are never shown.
COUNTED = 500
MOST_COUNTED = 10_000

# What changes whenever a page about a proposal, or its line in a list, would say something
# else; but for what the secretariat renames (a theme, an office), which shows within a minute.
STAMP = ("pk", "version", "active_at", "hidden_at")

type Stamp = tuple[Any, ...]


@dataclass(frozen=True)
class Listing:
    """What the board shows; a slice of ``rows`` are the stamps of a page, in the board's order.

    ``is_capped`` says that there are more than ``count``. ``facets`` are None where words are
    in too many proposals to count them for each choice.
    """

    rows: "_Asked | _Known"
    count: int
    facets: Facets | None
    is_capped: bool = False


@dataclass(frozen=True)
class _Asked:
    """Rows that are read when a page of them is; the same to all who are equal."""

    levels: tuple[str, ...]
    organizations: tuple[int, ...]
    conditions: Conditions
    sort: str
    day: date
    user: Any = field(compare=False)

    def __getitem__(self, part: slice) -> list[Stamp]:
        return _page(self, part.start, part.stop)()


@lru_cache(maxsize=500)
def _page(asked: _Asked, start: int, stop: int) -> Prepared:
    """The page's own query, which takes longer to write than to answer."""
    rows = ordered(board(asked.user, asked.conditions), asked.sort)
    return Prepared(lambda: rows.values_list(*STAMP)[start:stop])


@dataclass(frozen=True)
class _Known:
    """Rows of which the ids are known already."""

    ids: list[int]
    sort: str

    def __getitem__(self, part: slice) -> list[Stamp]:
        known = Proposal.objects.filter(pk__in=self.ids[part])
        return list(ordered(known, self.sort).values_list(*STAMP))


def listing(user, conditions: Conditions, sort: str, *, until: int) -> Listing:
    """What ``user`` finds, of which the pages up to row ``until`` are about to be linked.

    Words are looked up once for the page and the count: the page lies on the way to it.
    """
    if not conditions.words:
        reader = (tuple(levels_of(user)), tuple(organizations_of(user)))
        counted = facets(user, conditions)
        rows = _Asked(*reader, conditions, sort, dates.today(), user)
        return Listing(rows, counted.total if counted else 0, counted)
    most = min(max(COUNTED, until), MOST_COUNTED)
    found = ordered(board(user, conditions), sort).values_list("pk", flat=True)
    ids = list(found[: most + 1])
    is_capped = len(ids) > most
    known = _Known(ids[:most], sort)
    counted = None if is_capped else facets(user, conditions, ids)
    return Listing(known, len(known.ids), counted, is_capped)
