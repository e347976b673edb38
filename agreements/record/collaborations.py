"""The joint projects of the public record, with their wards and partners."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from agreements.enums import Action, CollaborationScope, CollaborationSide, CollaborationStatus
from agreements.models import Agreement, Collaboration, CollaborationParty
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
from members.models import Theme
from members.record import Bodies

DATA = Path(__file__).parent.parent / "data"

_SCOPES = {scope.label: scope for scope in CollaborationScope}
_STATUSES = {status.value: status for status in CollaborationStatus}
# The columns that name parties, with their side.
_SIDES = (
    ("wards", CollaborationSide.WARD),
    ("partners", CollaborationSide.PARTNER),
    ("partner_organizations", CollaborationSide.PARTNER),
)


def load_collaborations(
    bodies: Bodies,
    agreements: dict[str, Agreement],
    sources: dict[str, Source],
    *,
    by: Actor,
    data: Path = DATA,
) -> Outcome[Collaboration]:
    """Brings in collaborations.csv; new ones are public. Raises ``RecordError``.

    The events of a joint project are linked by their own room (``events.record``).
    """
    outcome = load_rows(
        recorded(Collaboration),
        Collaboration,
        read_rows(data / "collaborations.csv"),
        key=lambda row: row["id"],
        values=_values,
    )
    added = [collaboration.pk for _, collaboration in outcome.added]
    Collaboration.objects.filter(pk__in=added).update(published_at=timezone.now())
    link_sources(outcome, sources)
    load_parties(outcome, bodies)
    themes = {theme.name: theme for theme in Theme.objects.all()}
    for row, collaboration in outcome.touched:
        collaboration.themes.set(find(row, name, themes, "分野") for name in row.items("field"))
        collaboration.agreements.set(
            find(row, name, agreements, "協定") for name in row.items("agreement")
        )
    note_run(Action.LOAD_RECORD, [outcome], by=by)
    return outcome


def _values(row: DataRow) -> dict[str, Any]:
    return recorded_values(row) | {
        "title": row["title"],
        "scope": row.one_of("scope", _SCOPES),
        "partner_text": row["partner_text"],
        "origin": row["origin"],
        "origin_date": row.day("origin_date"),
        "origin_text": row["origin_text"],
        **_point(row, "start"),
        **_point(row, "end"),
        "status": row.one_of("status", _STATUSES),
        "status_as_of": row["status_as_of"],
        "summary": row["summary"],
        "funding": row["funding"],
    }


def _point(row: DataRow, name: str) -> dict[str, Any]:
    """The start or the end, a date of the record."""
    return {
        f"{name}_earliest": row.day(f"{name}_earliest"),
        f"{name}_latest": row.day(f"{name}_latest"),
        f"{name}_precision": row[f"{name}_precision"] or "day",
    }


def load_parties(outcome: Outcome[Collaboration], bodies: Bodies) -> None:
    """Gives each touched joint project the wards and partners of its data row, in their order."""
    changed = [collaboration for _, collaboration in outcome.changed]
    CollaborationParty.objects.filter(collaboration__in=changed).delete()
    CollaborationParty.objects.bulk_create(
        CollaborationParty(
            collaboration=collaboration,
            side=side,
            organization=bodies.find(row, name),
            order=order,
        )
        for row, collaboration in outcome.touched
        for order, (side, name) in enumerate(
            ((side, name) for column, side in _SIDES for name in row.items(column)), start=1
        )
    )
