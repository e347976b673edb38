"""The disasters of the public record, and the relief that was given."""

from pathlib import Path
from typing import Any

from chronicle.models import Disaster, Relief
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    find,
    link_sources,
    load_rows,
    read_rows,
    recorded,
    recorded_values,
    with_parts,
)
from members.record import Bodies

DATA = Path(__file__).parent.parent / "data"


def load_disasters(sources: dict[str, Source], *, data: Path = DATA) -> Outcome[Disaster]:
    """Brings in disasters.csv, with the printed cell that relief.csv repeats on its rows."""
    rows = with_parts(
        read_rows(data / "disasters.csv"), read_rows(data / "relief.csv"), "disaster_id"
    )
    outcome = load_rows(
        recorded(Disaster), Disaster, rows, key=lambda row: row["id"], values=_disaster_values
    )
    link_sources(outcome, sources)
    return outcome


def _disaster_values(row: DataRow) -> dict[str, Any]:
    printed = {part["as_printed"] for part in row.parts}
    if len(printed) > 1:
        raise row.error("as_printedが行によって違います")
    return recorded_values(row) | {
        "name": row["name"],
        "earliest": row.day("earliest"),
        "latest": row.day("latest"),
        "precision": row["precision"],
        "printed_year": row["printed_year"],
        "printed_when": row["as_printed_when"],
        "printed_support": "".join(printed),
        "order": row.number("order"),
    }


def load_reliefs(
    bodies: Bodies,
    disasters: dict[str, Disaster],
    sources: dict[str, Source],
    *,
    data: Path = DATA,
) -> Outcome[Relief]:
    """Brings in relief.csv with the recipients of each row."""

    def values(row: DataRow) -> dict[str, Any]:
        return recorded_values(row) | {
            "disaster": find(row, row["disaster_id"], disasters, "災害"),
            "kind": row["kind"],
            "staff": row.number("staff"),
            "amount_yen": row.number("amount_yen"),
        }

    outcome = load_rows(
        recorded(Relief),
        Relief,
        read_rows(data / "relief.csv"),
        key=lambda row: row["id"],
        values=values,
    )
    link_sources(outcome, sources)
    for row, relief in outcome.touched:
        relief.recipients.set(bodies.find(row, name) for name in row.items("recipients"))
    return outcome
