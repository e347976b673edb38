"""How many proposals each choice of the board's filter would give."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, Q

from core import dates
from members.rules import levels_of
from proposals.enums import EXPIRED, ProposalStatus
from proposals.models import Proposal
from proposals.queries.board import Conditions, board, narrowed
from proposals.querysets import ProposalQuerySet, organizations_of, shown_as

# Counting so many takes about as long as all else of the page. More are counted anew after
# half a minute, and not at all under words.
SOON_COUNTED = 2000
# Under words they are looked up one by one, which takes longer.
SOON_LOOKED_UP = 100
KEPT_SECONDS = 30


@dataclass
class Facets:
    """The numbers beside the choices, each under all conditions but its own; and of all.

    Themes and prefectures stand by their ids. A choice that is missing would give none.
    """

    total: int = 0
    kind: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    prefecture: Counter[str | None] = field(default_factory=Counter)
    theme: Counter[int] = field(default_factory=Counter)
    waiting: int = 0


class _Group(NamedTuple):
    """So many proposals that are alike in all that is counted but the themes."""

    number: int
    kind: str
    shown_status: str
    prefecture: str | None
    is_waiting: bool


def facets(user, conditions: Conditions, found: list[int] | None = None) -> Facets | None:
    """The numbers for ``user``: of two queries, and of one more that looks words up.

    ``found`` are the ids of all that meet ``conditions``, where they are known: without further
    conditions words need not be looked up again. None where words are in too many proposals to
    count all of them.
    """
    # Adding thousands of groups up takes as long as the rest of the page, too.
    key = _key("facets", user, conditions)
    if (kept := caches["process"].get(key)) is not None:
        return kept
    among, most = None, SOON_COUNTED
    if conditions.words:
        among, most = _looked_up(user, conditions, found), SOON_LOOKED_UP
        if len(among) > SOON_COUNTED:
            return None
    others = replace(conditions, kinds=(), statuses=(), prefecture=None, waiting=False)
    groups = _counted(user, others, among, _groups)
    counts = _summed(groups, conditions)
    themes = _counted(user, replace(conditions, theme=None), among, _themes)
    counts.theme = Counter({theme: number for number, theme in themes if theme})
    if sum(group.number for group in groups) > most:
        caches["process"].set(key, counts, KEPT_SECONDS)
    return counts


def _looked_up(user, conditions: Conditions, found: list[int] | None) -> list[int]:
    """The ids of what holds the words in the period, and no more than it takes to be too many."""
    asked = Conditions(conditions.words, since=conditions.since, until=conditions.until)
    if found is not None and asked == conditions:
        return found
    ids = board(user, asked).order_by().values_list("pk", flat=True)
    return list(ids[: SOON_COUNTED + 1])


def _counted[T: tuple](
    user,
    conditions: Conditions,
    among: list[int] | None,
    count: Callable[[ProposalQuerySet], list[T]],
) -> list[T]:
    """What ``count`` makes of the proposals; each of its rows begins with their number.

    Those with the ids ``among`` if they are known, else all that ``user`` may read. Where they
    are many, it is kept for all who read the same, ask the same, and ask it on the same day.
    """
    key = _key(count.__name__, user, conditions)
    if (kept := caches["process"].get(key)) is not None:
        return kept
    if among is None:
        found, most = board(user, conditions), SOON_COUNTED
    else:
        found = narrowed(Proposal.objects.filter(pk__in=among), conditions)
        most = SOON_LOOKED_UP
    counted = count(found.order_by())
    if sum(number for number, *_ in counted) > most:
        caches["process"].set(key, counted, KEPT_SECONDS)
    return counted


def _key(name: str, user, conditions: Conditions) -> str:
    """Of all who read the same of the board, ask the same, and ask it on the same day."""
    asked = [name, levels_of(user), organizations_of(user), dates.today(), conditions]
    return f"proposals.counted.{hashlib.sha256(repr(asked).encode()).hexdigest()}"


# By prefecture, of what was counted by organization: in the order of an index, so that SQLite
# sorts a few thousand groups and not a hundred thousand proposals. Django cannot ask for this.
_BY_PREFECTURE = """
WITH bodies (body, status, kind, number, expired, unanswered, unanswered_expired) AS ({bodies})
SELECT bodies.kind, status, prefecture_id,
       sum(number), sum(expired), sum(unanswered), sum(unanswered_expired)
FROM bodies JOIN members_organization AS organization ON organization.id = body
GROUP BY bodies.kind, status, prefecture_id
"""


def _groups(found: ProposalQuerySet) -> list[_Group]:
    """What is told by the day, or by two columns, is counted and not grouped by: that sorts."""
    expired, unanswered = shown_as(EXPIRED, dates.today()), Q(answered_at=None)
    bodies = found.values_list("organization", "status", "kind").annotate(
        number=Count("pk"),
        expired=Count("pk", filter=expired),
        unanswered=Count("pk", filter=unanswered),
        unanswered_expired=Count("pk", filter=expired & unanswered),
    )
    try:
        sql, params = bodies.query.get_compiler(found.db).as_sql()
    except EmptyResultSet:
        return []
    with connections[found.db].cursor() as cursor:
        cursor.execute(_BY_PREFECTURE.format(bodies=sql), params)
        counted = cursor.fetchall()
    groups = []
    for kind, status, prefecture, *numbers in counted:
        number, over, silent, silent_over = map(int, numbers)
        still, waiting = number - over, silent - silent_over
        waits = status == ProposalStatus.OPEN
        groups += [
            _Group(waiting, kind, status, prefecture, waits),
            _Group(still - waiting, kind, status, prefecture, False),
            _Group(over, kind, EXPIRED, prefecture, False),
        ]
    return [group for group in groups if group.number]


def _themes(found: ProposalQuerySet) -> list[tuple[int, int | None]]:
    """So many have a theme; None has what has no theme."""
    return [(number, theme) for theme, number in found.values_list("themes").annotate(Count("pk"))]


def _summed(groups: Iterable[_Group], conditions: Conditions) -> Facets:
    """Each group counts for a choice when it meets all conditions but that choice's own."""
    found, prefecture = Facets(), conditions.prefecture
    for group in groups:
        meets = {
            "kind": not conditions.kinds or group.kind in conditions.kinds,
            "status": not conditions.statuses or group.shown_status in conditions.statuses,
            "prefecture": not prefecture or group.prefecture == prefecture.pk,
            "waiting": not conditions.waiting or group.is_waiting,
        }
        failed = [name for name, is_met in meets.items() if not is_met]
        if not failed:
            found.total += group.number
        if failed in ([], ["kind"]):
            found.kind[group.kind] += group.number
        if failed in ([], ["status"]):
            found.status[group.shown_status] += group.number
        if failed in ([], ["prefecture"]):
            found.prefecture[group.prefecture] += group.number
        if failed in ([], ["waiting"]) and group.is_waiting:
            found.waiting += group.number
    return found
