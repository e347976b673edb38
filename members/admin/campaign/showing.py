"""How the board shows its numbers: the map of the prefectures, and the answers day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from core.charts import Change, Course, Due, Figure, Table, Track
from core.dates import day_text, today
from core.sheets import Column
from core.templatetags.navigation import replaced
from members import queries
from members.models import Campaign, Prefecture
from members.queries import Answered, Tallies, Tally
from members.tiles import Tile, level_labels

# What the filter of the board calls the wards, which are in no prefecture there.
WARDS = "wards"

# Where the classes of the map begin, in percent of the members that have answered.
_LEVELS = (1, 25, 50, 75)
TILE_CLASSES = level_labels(_LEVELS)


@dataclass(frozen=True)
class PlaceRow:
    """A row of the table: a prefecture or the wards, with its list, or the sum of the members."""

    tally: Tally
    url: str = ""
    is_sum: bool = False


def tiles_of(tallies: Tallies, query: QueryDict) -> list[Tile]:
    """All prefectures with the share that has answered, each leading to its own list.

    One without a member has no number.
    """
    by_place = {tally.prefecture: tally for tally in tallies.prefectures}
    tiles = []
    for prefecture in Prefecture.objects.order_by("pk"):
        tally = by_place.get(prefecture)
        tiles.append(
            Tile(
                prefecture,
                on=bool(tally and tally.answered),
                count=tally.percent if tally else None,
                levels=_LEVELS,
                address=_list_of(prefecture.pk, query),
            )
        )
    return tiles


def rows_of(tallies: Tallies, query: QueryDict) -> list[PlaceRow]:
    """The prefectures that have members, the sum of the members, and the wards apart."""
    rows = [
        PlaceRow(tally, _list_of(tally.prefecture.pk, query) if tally.prefecture else "")
        for tally in tallies.prefectures
    ]
    rows.append(PlaceRow(tallies.members, is_sum=True))
    if tallies.wards.total:
        rows.append(PlaceRow(tallies.wards, _list_of(WARDS, query)))
    return rows


def _list_of(place: str, query: QueryDict) -> str:
    """The list of one place, in any state."""
    asked = replaced(query, {"prefecture": place, "state": None, "q": None})
    return f"?{asked.urlencode()}#listed"


@dataclass(frozen=True)
class Point:
    """How many had answered by the end of a day."""

    day: date
    unchanged: int
    changed: int

    @property
    def label(self) -> str:
        return day_text(self.day)

    @property
    def answered(self) -> int:
        return self.unchanged + self.changed


def trend_figure(campaign: Campaign, rows: Sequence[Answered], asked: int) -> Figure:
    """The answers from the start until today or the end, on an axis up to the deadline."""
    points = [Point(*row) for row in queries.trend(campaign, rows)]
    first = points[0].day if points else today()
    last = points[-1].day if points else first
    tracks = [
        Track("回答", [Change(point.day, point.answered) for point in points]),
        Track("うち変更あり", [Change(point.day, point.changed) for point in points]),
    ]
    deadline = campaign.deadline
    due = Due(deadline, f"回答期限 {deadline.month}月{deadline.day}日")
    return Figure(
        slug="trend",
        title="回答した団体の数",
        by="その日までの合計",
        unit="団体",
        finding=_finding(points, asked),
        drawing=Course(tracks, first, max(last, deadline), due).drawing,
        table=Table(
            "回答した団体の数",
            [
                Column("日", "label"),
                Column("回答（団体）", "answered"),
                Column("変更なし", "unchanged"),
                Column("変更あり", "changed"),
            ],
            points,
        ),
    )


def _finding(points: list[Point], asked: int) -> str:
    if not points:
        return "まだ回答はありません。"
    last = points[-1]
    return f"{last.label}までに、{asked:,}団体のうち{last.answered:,}団体が回答しました。"
