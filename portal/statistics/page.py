"""Which figures there are: those of the page, and the table behind every download."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from agreements.queries import Standing
from core.charts import Figure, Table
from portal.statistics import agreements, events, members, prefectures, projects, relief, ties
from portal.statistics.prefectures import Map, MapKind
from portal.statistics.reading import Reading

# What stands on the page without a chart: the name in its address, and how it is counted.
TABLES: dict[str, Callable[[Reading], Table]] = {
    "associations": agreements.associations,
    "prefectures": prefectures.table,
    "ties": ties.matrix,
}
FIGURES: dict[str, Callable[[Reading], Figure | None]] = {
    "agreements": agreements.bound_bodies,
    "municipalities": agreements.covered_municipalities,
    "projects-by-year": projects.by_year,
    "projects-by-theme": projects.by_theme,
    "projects-by-ward": projects.by_ward,
    "events-by-year": events.by_year,
    "visitors-by-year": events.visitors,
    "relief-by-year": relief.by_year,
    "relief-by-kind": relief.by_kind,
    "members": members.stated,
    "members-counted": members.counted,
}


@dataclass(frozen=True)
class Page:
    """Everything on the page for one day; ``figures`` by their slug with _ for -."""

    standing: Standing
    figures: dict[str, Figure]
    tables: dict[str, Table]
    map: Map


def page_of(day: date, kind: MapKind) -> Page:
    """The figures as of ``day``. The number of queries is the same for any day."""
    reading = Reading(day)
    figures = {slug: counted for slug, count in FIGURES.items() if (counted := count(reading))}
    return Page(
        reading.history.standing_on(day),
        {slug.replace("-", "_"): figure for slug, figure in figures.items()},
        {slug: count(reading) for slug, count in TABLES.items()},
        prefectures.map_of(reading, kind),
    )


def table_of(slug: str, day: date) -> Table | None:
    """The table behind a download; None where there is none of that name."""
    reading = Reading(day)
    if slug in TABLES:
        return TABLES[slug](reading)
    figure = FIGURES[slug](reading) if slug in FIGURES else None
    return figure.table if figure else None
