"""The milestones of the public record, and what they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agreements.models import Agreement, Collaboration
from chronicle.models import Disaster, Milestone
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
)
from events.models import Event
from members.record import Bodies

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Referred:
    """The records that a milestone may refer to, by their id in the data."""

    agreements: Mapping[str, Agreement]
    collaborations: Mapping[str, Collaboration]
    events: Mapping[str, Event]
    disasters: Mapping[str, Disaster]

    def link(self, row: DataRow, milestone: Milestone) -> None:
        """Refers ``milestone`` to what its data row names: A, C, E and D ids."""
        by_letter = {
            "A": (milestone.agreements, self.agreements),
            "C": (milestone.collaborations, self.collaborations),
            "E": (milestone.events, self.events),
            "D": (milestone.disasters, self.disasters),
        }
        names = row.items("refers_to")
        if strange := [name for name in names if name[0] not in by_letter]:
            raise row.error(f"refers_toの「{strange[0]}」が読めません")
        for letter, (relation, records) in by_letter.items():
            own = [name for name in names if name[0] == letter]
            relation.set(find(row, name, records, "記録") for name in own)


def load_milestones(
    bodies: Bodies, referred: Referred, sources: dict[str, Source], *, data: Path = DATA
) -> Outcome[Milestone]:
    """Brings in milestones.csv."""
    outcome = load_rows(
        recorded(Milestone),
        Milestone,
        read_rows(data / "milestones.csv"),
        key=lambda row: row["id"],
        values=_values,
    )
    link_sources(outcome, sources)
    for row, milestone in outcome.touched:
        milestone.organizations.set(bodies.find(row, name) for name in row.items("organizations"))
        referred.link(row, milestone)
    return outcome


def _values(row: DataRow) -> dict[str, Any]:
    plain = ("title", "detail", "category", "precision", "place", "participants_text")
    return recorded_values(row) | {
        **{column: row[column] for column in plain},
        "earliest": row.day("earliest"),
        "latest": row.day("latest"),
        "people": row.lines("people"),
        "newsletter_order": row.number("newsletter_order"),
    }
