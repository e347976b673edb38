"""The events of the public record, with their hosts and participants."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agreements.models import Agreement, Collaboration
from core.audit import Actor
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    find,
    link_sources,
    load_rows,
    note_run,
    read_rows,
    recorded,
    recorded_values,
)
from events.enums import Action, EventStatus
from events.models import Event, EventRole
from members.record import Bodies

DATA = Path(__file__).parent / "data"

# The state of an event, and whether it is known to have taken place.
_STATUSES = {
    "held": (EventStatus.PUBLISHED, True),
    "announced": (EventStatus.PUBLISHED, False),
    "cancelled": (EventStatus.CANCELLED, False),
    "postponed": (EventStatus.POSTPONED, False),
}
# A body that ends so is a region and no organization (data/README: other_roles).
_REGION = "地域"


def load_events(
    bodies: Bodies,
    agreements: dict[str, Agreement],
    sources: dict[str, Source],
    *,
    by: Actor,
    data: Path = DATA,
) -> Outcome[Event]:
    """Brings in events.csv. Raises ``RecordError``."""
    outcome = load_rows(
        recorded(Event),
        Event,
        read_rows(data / "events.csv"),
        key=lambda row: row["id"],
        values=_values,
    )
    link_sources(outcome, sources)
    load_roles(outcome, bodies)
    for row, event in outcome.touched:
        event.agreements.set(
            find(row, name, agreements, "協定") for name in row.items("agreements")
        )
    note_run(Action.LOAD_RECORD, [outcome], by=by)
    return outcome


def link_collaborations(collaborations: Outcome[Collaboration], events: dict[str, Event]) -> None:
    """Gives each touched joint project the events that its data row names."""
    for row, collaboration in collaborations.touched:
        collaboration.events.set(
            find(row, name, events, "イベント") for name in row.items("events")
        )


def _values(row: DataRow) -> dict[str, Any]:
    status, held_confirmed = row.one_of("status", _STATUSES)
    plain = ("title", "kind", "precision", "venue", "address", "tagline", "stated_theme")
    more = ("participating_note", "attendance_qualifier", "fee", "summary")
    return recorded_values(row) | {
        **{column: row[column] for column in plain + more},
        "status": status,
        "held_confirmed": held_confirmed,
        "earliest": row.day("earliest"),
        "latest": row.day("latest"),
        "end_unknown": row.flag("end_unknown"),
        "speakers": row.lines("speakers"),
        "attendance": row.number("attendance"),
        "capacity": row.number("capacity"),
    }


def load_roles(outcome: Outcome[Event], bodies: Bodies) -> None:
    """Gives each touched event the organizations of its data row: hosts, others, participants."""
    changed = [event for _, event in outcome.changed]
    EventRole.objects.filter(event__in=changed).delete()
    EventRole.objects.bulk_create(
        EventRole(event=event, role=role, order=order, **_body(row, name, bodies))
        for row, event in outcome.touched
        for order, (role, name) in enumerate(_roles(row), start=1)
    )


def _roles(row: DataRow) -> Iterator[tuple[str, str]]:
    """Each role and the name of the body that has it."""
    for name in row.items("hosts"):
        yield EventRole.HOST, name
    for item in row.items("other_roles"):
        role, separator, name = item.partition(":")
        if not separator:
            raise row.error(f"other_rolesの「{item}」に役割がありません")
        yield role, name
    for name in row.items("participating_municipalities"):
        yield EventRole.PARTICIPANT, name


def _body(row: DataRow, name: str, bodies: Bodies) -> dict[str, Any]:
    if name.endswith(_REGION):
        return {"body_text": name}
    return {"organization": bodies.find(row, name)}
