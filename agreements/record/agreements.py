"""The agreements of the public record, with their parties."""

from pathlib import Path
from typing import Any

from agreements.enums import Action, Side
from agreements.models import Agreement, AgreementParty
from core.audit import Actor
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    link_sources,
    load_rows,
    note_run,
    read_rows,
    recorded,
    recorded_values,
    with_parts,
)
from members.record import Bodies

DATA = Path(__file__).parent.parent / "data"

SIDES = {side.value: side for side in Side}


def load_agreements(
    bodies: Bodies, sources: dict[str, Source], *, by: Actor, data: Path = DATA
) -> Outcome[Agreement]:
    """Brings in agreements.csv with agreement_parties.csv. Raises ``RecordError``."""
    rows = with_parts(
        read_rows(data / "agreements.csv"),
        read_rows(data / "agreement_parties.csv"),
        "agreement_id",
    )
    outcome = load_rows(
        recorded(Agreement), Agreement, rows, key=lambda row: row["id"], values=_values
    )
    link_sources(outcome, sources)
    load_parties(outcome, bodies)
    note_run(Action.LOAD_RECORD, [outcome], by=by)
    return outcome


def _values(row: DataRow) -> dict[str, Any]:
    if row["status"] != "in_force":
        raise row.error(f"statusの「{row['status']}」はまだ読み込めません")
    return recorded_values(row) | {
        "title": row["title"],
        "title_is_descriptive": row.flag("title_is_descriptive"),
        "kind": row["kind"],
        "earliest": row.day("signed_earliest"),
        "latest": row.day("signed_latest"),
        "precision": row["precision"],
        "items": row.lines("items"),
        "items_basis": row["items_basis"],
        "item_count": row.number("item_count"),
        "term_years": row.number("term_years"),
        "renews": row["renews"],
        "notice_months": row.number("notice_months"),
        "status_as_of": row["status_as_of"],
        "place": row["place"],
        "summary": row["summary"],
    }


def load_parties(outcome: Outcome[Agreement], bodies: Bodies) -> None:
    """Gives each touched agreement the parties of its data rows, in their order."""
    changed = [agreement for _, agreement in outcome.changed]
    AgreementParty.objects.filter(agreement__in=changed).delete()
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement,
            side=party.one_of("side", SIDES),
            organization=bodies.find(party, party["organization"]),
            name_at_signing=party["name_at_signing"],
            order=order,
        )
        for row, agreement in outcome.touched
        for order, party in enumerate(row.parts, start=1)
    )
