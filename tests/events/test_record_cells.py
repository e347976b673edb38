"""Every cell of the events."""

import pytest

from events.enums import EventStatus
from events.models import Event, EventRole
from events.record import DATA
from tests.data import in_file, iso, keys, loaded_as, number

pytestmark = pytest.mark.usefixtures("record")

STATES = {
    (EventStatus.PUBLISHED, True): "held",
    (EventStatus.PUBLISHED, False): "announced",
    (EventStatus.CANCELLED, False): "cancelled",
}


def bodies(event: Event, *roles: str) -> list[str]:
    parts = [part for part in event.roles.all() if part.role in roles]
    return [str(part.organization or part.body_text) for part in parts]


def event_told(event: Event) -> dict[str, str]:
    own = (EventRole.HOST, EventRole.PARTICIPANT)
    others = [part for part in event.roles.all() if part.role not in own]
    return {
        "id": event.record_id,
        "title": event.title,
        "kind": event.kind,
        "status": STATES[event.status, event.held_confirmed],
        "earliest": iso(event.earliest),
        "latest": iso(event.latest),
        "precision": event.precision,
        "end_unknown": "1" if event.end_unknown else "",
        "venue": event.venue,
        "address": event.address,
        "hosts": ";".join(bodies(event, EventRole.HOST)),
        "other_roles": ";".join(
            f"{part.role}:{part.organization or part.body_text}" for part in others
        ),
        "tagline": event.tagline,
        "stated_theme": event.stated_theme,
        "speakers": ";".join(event.speaker_list),
        "participating_municipalities": ";".join(bodies(event, EventRole.PARTICIPANT)),
        "participating_note": event.participating_note,
        "attendance": number(event.attendance),
        "attendance_qualifier": event.attendance_qualifier,
        "capacity": number(event.capacity),
        "fee": event.fee,
        "agreements": keys(event.agreements.all()),
        "summary": event.summary,
        "note": event.note,
        "confidence": event.confidence,
        "sources": keys(event.sources.all()),
    }


def test_every_cell_of_an_event_is_where_it_belongs():
    expected = in_file(DATA / "events.csv", unordered=["agreements", "sources"])
    assert loaded_as(Event, event_told) == expected


def test_neither_tagline_nor_stated_theme_feeds_the_themes():
    assert Event.themes.through.objects.count() == 0
