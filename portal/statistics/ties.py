"""Ties of the wards with the prefectures: the matrix, and the counts of the map."""

from collections import defaultdict
from dataclasses import dataclass, field

from core.charts import Table
from core.sheets import Column
from members.models import Prefecture
from portal.statistics.reading import Parts, Reading

COMMON = "23区共通"


@dataclass(frozen=True)
class Ties:
    """The ties of each ward, and of all wards together, by prefecture.

    A tie is an agreement in force, a joint project that has begun, or an event that was held.
    What all wards share stands in ``common`` alone. An event is no further tie where it is
    part of a joint project or the signing of an agreement that ties the same prefecture.
    """

    of_wards: dict[tuple[int, str], int]
    common: dict[str, int]
    agreements: dict[str, int]
    projects: dict[str, int]


@dataclass
class _Count:
    of_wards: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    common: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, region: str, parts: Parts, *, is_common: bool) -> None:
        """Counts a tie with ``region`` once for each ward of ``parts``, or once for all."""
        if is_common:
            self.common[region] += 1
            return
        for ward in parts.wards:
            self.of_wards[ward, region] += 1


def ties_of(reading: Reading) -> Ties:
    """The ties certain by the day."""
    count = _Count()
    agreements: dict[str, set[int]] = defaultdict(set)
    projects: dict[str, set[int]] = defaultdict(set)
    for pk, parts in reading.agreements.items():
        for region in parts.regions:
            count.add(region, parts, is_common=parts.with_ward_mayors)
            agreements[region].add(pk)
    for project in reading.projects:
        for region in project.parts.regions:
            count.add(region, project.parts, is_common=project.is_common)
            projects[region].add(project.pk)
    for event in reading.events:
        for region in event.parts.regions if event.was_held else ():
            if not event.agreements & agreements[region] and not event.projects & projects[region]:
                count.add(region, event.parts, is_common=event.parts.with_ward_mayors)
    return Ties(
        count.of_wards,
        count.common,
        {region: len(keys) for region, keys in agreements.items()},
        {region: len(keys) for region, keys in projects.items()},
    )


@dataclass(frozen=True)
class MatrixRow:
    """A ward, or all of them together, with the number of its ties by prefecture."""

    name: str
    numbers: dict[str, int]
    url: str = ""

    @property
    def tied(self) -> int:
        """With how many prefectures."""
        return sum(number > 0 for number in self.numbers.values())


def matrix(reading: Reading) -> Table:
    """Wards × the prefectures that any of them is tied with; what all share stands first."""
    ties = ties_of(reading)
    rows = [MatrixRow(COMMON, ties.common)] + [
        MatrixRow(
            ward.name,
            {region: number for (pk, region), number in ties.of_wards.items() if pk == ward.pk},
            ward.get_absolute_url(),
        )
        for ward in reading.wards
    ]
    tied = [
        prefecture
        for prefecture in reading.prefectures
        if any(row.numbers.get(prefecture.pk) for row in rows)
    ]
    return Table(
        "区別・都道府県別のつながりの数",
        [Column("区", "name", 12), *map(_column, tied), Column("都道府県の数", "tied", 14)],
        rows if tied else [],
    )


def _column(prefecture: Prefecture) -> Column:
    return Column(prefecture.short_name, lambda row: row.numbers.get(prefecture.pk, 0), 8)
