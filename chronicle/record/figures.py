"""The stated figures of the public record."""

from pathlib import Path
from typing import Any

from chronicle.models import StatedFigure
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    link_sources,
    load_rows,
    read_rows,
    recorded,
    recorded_values,
)

DATA = Path(__file__).parent.parent / "data"


def load_figures(sources: dict[str, Source], *, data: Path = DATA) -> Outcome[StatedFigure]:
    outcome = load_rows(
        recorded(StatedFigure),
        StatedFigure,
        read_rows(data / "stated_figures.csv"),
        key=lambda row: row["id"],
        values=_figure_values,
    )
    link_sources(outcome, sources)
    return outcome


def _figure_values(row: DataRow) -> dict[str, Any]:
    return recorded_values(row) | {
        "metric": row["metric"],
        "value": row.number("value"),
        "unit": row["unit"],
        "qualifier": row["qualifier"],
        "as_of_earliest": row.day("as_of_earliest"),
        "as_of_latest": row.day("as_of_latest"),
        "description": row["description"],
        "refers_to": row["refers_to"],
        "in_charts": row.flag("chart"),
    }
