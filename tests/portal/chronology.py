"""The data files of the chronology, read with rules of their own, and the timeline as printed."""

import csv
from datetime import date
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal import timeline
from portal.timeline import Entry

TODAY = date(2026, 11, 22)
FILES = {
    "M": "chronicle/data/milestones.csv",
    "E": "events/data/events.csv",
    "A": "agreements/data/agreements.csv",
    "C": "agreements/data/collaborations.csv",
    "D": "chronicle/data/disasters.csv",
}


@cache
def rows(letter: str) -> dict[str, dict[str, str]]:
    """The rows of a data file by their id."""
    with (settings.BASE_DIR / FILES[letter]).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def items(cell: str) -> set[str]:
    return set(filter(None, cell.split(";")))


def date_of_row(number: str) -> tuple[str, str, str]:
    """The bounds and the precision as the data has them; of a project, those of its start."""
    row = rows(number[0])[number]
    prefix = {"A": "signed_", "C": "start_"}.get(number[0], "")
    precision = row["start_precision" if number[0] == "C" else "precision"]
    return row[f"{prefix}earliest"], row[f"{prefix}latest"], precision


def fiscal_year_of_row(number: str) -> int | None:
    """A day and a month by their beginning, anything vaguer by its end."""
    earliest, latest, precision = date_of_row(number)
    bound = earliest if precision in ("day", "month") else latest
    if not bound:
        return None
    year, month, _ = map(int, bound.split("-"))
    return year - (month < 4)


def read_chronology() -> list[Entry]:
    """The entries of the whole record, as the timeline prints them for everybody."""
    return timeline.chronology(AnonymousUser(), TODAY)
