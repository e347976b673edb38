"""The map of prefectures by agreements, joint projects or relief."""

from dataclasses import dataclass

from django.db import models

from core.charts import Table
from core.sheets import Column
from members.models import Prefecture
from members.tiles import Tile, even_levels, level_labels
from portal.statistics.reading import Reading
from portal.statistics.ties import ties_of


class MapKind(models.TextChoices):
    """``?map=``: what the numbers of the map count."""

    AGREEMENTS = "agreements", "協定"
    PROJECTS = "projects", "連携事業"
    RELIEF = "relief", "被災地支援"

    @property
    def counts(self) -> str:
        """What its numbers count, as the page says it."""
        return _COUNTED[self]


_BODIES = "都道府県、市区町村、市長会・町村会"
_COUNTED = {
    MapKind.AGREEMENTS: (
        f"数字は、この日に結ばれている協定の数です。{_BODIES}を相手方とするものを数えています。"
    ),
    MapKind.PROJECTS: (
        f"数字は、この日までに始まった連携事業の数です。{_BODIES}と行うものを数えています。"
    ),
    MapKind.RELIEF: (
        "数字は、復興支援金や見舞金を送った、この日までの災害の数です。"
        "支援先の団体を、その都道府県に数えています。"
    ),
}


@dataclass(frozen=True)
class PrefectureCounts:
    """A prefecture with its number of each kind."""

    prefecture: Prefecture
    counts: dict[MapKind, int]

    @property
    def name(self) -> str:
        return self.prefecture.name


def counts_of(reading: Reading) -> list[PrefectureCounts]:
    """All 47 in the order of their codes."""
    ties = ties_of(reading)
    return [
        PrefectureCounts(
            prefecture,
            {
                MapKind.AGREEMENTS: ties.agreements.get(prefecture.pk, 0),
                MapKind.PROJECTS: ties.projects.get(prefecture.pk, 0),
                MapKind.RELIEF: reading.relief_by_prefecture.get(prefecture.pk, 0),
            },
        )
        for prefecture in reading.prefectures
    ]


@dataclass(frozen=True)
class Map:
    """The map of one kind: its tiles and what their colours mean."""

    kind: MapKind
    tiles: list[Tile]
    legend: list[str]


def map_of(reading: Reading, kind: MapKind) -> Map:
    """Classes of one width, as the highest number asks for."""
    rows = counts_of(reading)
    levels = even_levels(max((row.counts[kind] for row in rows), default=0))
    tiles = [Tile(row.prefecture, row.counts[kind] > 0, row.counts[kind], levels) for row in rows]
    return Map(kind, tiles, level_labels(levels))


def table(reading: Reading) -> Table:
    """The numbers of all three maps."""
    return Table(
        "都道府県別の協定、連携事業、被災地支援",
        [
            Column("都道府県", "name", 12),
            *(
                Column(f"{kind.label}（件）", lambda row, kind=kind: row.counts[kind])
                for kind in MapKind
            ),
        ],
        counts_of(reading),
    )
