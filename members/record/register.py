"""The official register: prefectures, municipalities, and what became of them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from core.audit import System
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    find,
    link_sources,
    load_rows,
    load_sources,
    note_run,
    read_rows,
)
from members.enums import Action, OrganizationKind
from members.models import Municipality, MunicipalityChange, Organization, Prefecture
from members.record.basics import load_groups, load_themes
from members.record.bodies import organizations_by_key

DATA = Path(__file__).parent.parent / "data"


@transaction.atomic
def load_register() -> list[Outcome]:
    """Brings in the register, an organization for each of its rows, themes and groups.

    A municipality that is no more stays as a row that ends on its last day, and its
    organization stays with it, so that the history can point at it. Raises ``RecordError``.
    """
    by = System("load_register")
    sources = load_sources(by=by)
    prefectures = load_prefectures()
    municipalities = load_municipalities(prefectures.by_key)
    outcomes: list[Outcome] = [
        prefectures,
        municipalities,
        load_changes(municipalities.by_key, sources.by_key),
        load_organizations(prefectures, municipalities),
    ]
    load_themes()
    load_groups()
    return [sources, *note_run(Action.LOAD_REGISTER, outcomes, by=by)]


def load_prefectures() -> Outcome[Prefecture]:
    tiles = {row["code"]: row for row in read_rows(DATA / "prefecture_tiles.csv")}
    rows = [
        DataRow(row.place, row.cells, (find(row, row["code"], tiles, "地図のタイル"),))
        for row in read_rows(DATA / "prefectures.csv")
    ]
    existing = {prefecture.code: prefecture for prefecture in Prefecture.objects.all()}
    return load_rows(
        existing, Prefecture, rows, key=lambda row: row["code"], values=_prefecture_values
    )


def _prefecture_values(row: DataRow) -> dict[str, Any]:
    (tile,) = row.parts
    return {
        "code": row["code"],
        "code6": row["code6"],
        "name": row["name"],
        "kana": row["kana"],
        "region": row["region"],
        "tile_row": tile.number("row"),
        "tile_column": tile.number("col"),
    }


def load_municipalities(prefectures: dict[str, Prefecture]) -> Outcome[Municipality]:
    """The municipalities of today and, by the dated changes, those that are no more."""
    changes = read_rows(DATA / "municipality_changes.csv")
    # A rename keeps its code and with it its row, which has held from before that day.
    renamed = {row["from_code"] for row in changes if row["from_code"] == row["to_code"]}
    by_name = {prefecture.name: prefecture for prefecture in prefectures.values()}

    def values(row: DataRow) -> dict[str, Any]:
        if "from_code" in row.cells:
            return _retired_values(row, find(row, row["prefecture"], by_name, "都道府県"))
        prefecture = find(row, row["prefecture_code"], prefectures, "都道府県")
        return _municipality_values(row, prefecture, keeps_row=row["code"] in renamed)

    retired = [row for row in changes if row["from_code"] != row["to_code"]]
    existing = {
        municipality.code: municipality
        for municipality in Municipality.objects.select_related("prefecture")
    }
    return load_rows(
        existing,
        Municipality,
        [*read_rows(DATA / "municipalities.csv"), *retired],
        key=_code,
        values=values,
    )


def _code(row: DataRow) -> str:
    """The code of a row of municipalities.csv, or of the one that a change ended."""
    return row.cells.get("code") or row["from_code"]


def _municipality_values(
    row: DataRow, prefecture: Prefecture, *, keeps_row: bool
) -> dict[str, Any]:
    return {
        "code": row["code"],
        "prefecture": prefecture,
        "name": row["name"],
        "kana": row["kana"],
        "kind": row["kind"],
        "district": row["district"],
        "designated_city": row.flag("designated_city"),
        "former_names": row["former_names"],
        "valid_from": None if keeps_row else row.day("valid_from"),
        "valid_until": row.day("valid_until"),
    }


def _retired_values(row: DataRow, prefecture: Prefecture) -> dict[str, Any]:
    """What a row of municipality_changes.csv tells of the municipality that ended by it."""
    first_day_after = row.day("date")
    if first_day_after is None:
        raise row.error("dateがありません")
    return {
        "code": row["from_code"],
        "prefecture": prefecture,
        "name": row["from_name"],
        "kind": row["from_name"][-1],
        "valid_until": first_day_after - timedelta(days=1),
    }


def load_changes(
    municipalities: dict[str, Municipality], sources: dict[str, Source]
) -> Outcome[MunicipalityChange]:
    existing = {
        f"{change.date} {change.former.code} {change.current.code}": change
        for change in MunicipalityChange.objects.select_related("former", "current")
    }
    outcome = load_rows(
        existing,
        MunicipalityChange,
        read_rows(DATA / "municipality_changes.csv"),
        key=lambda row: f"{row['date']} {row['from_code']} {row['to_code']}",
        values=lambda row: {
            "date": row.day("date"),
            "kind": row["kind"],
            "former": find(row, row["from_code"], municipalities, "市区町村"),
            "former_name": row["from_name"],
            "current": find(row, row["to_code"], municipalities, "市区町村"),
            "current_name": row["to_name"],
            "note": row["note"],
        },
    )
    link_sources(outcome, sources, "source")
    return outcome


def load_organizations(
    prefectures: Outcome[Prefecture], municipalities: Outcome[Municipality]
) -> Outcome[Organization]:
    """One organization for each prefecture and each row of the register, retired ones too."""
    by_code6 = {prefecture.code6: prefecture for prefecture in prefectures.by_key.values()}

    def code(row: DataRow) -> str:
        return row.cells.get("code6") or _code(row)

    def values(row: DataRow) -> dict[str, Any]:
        if prefecture := by_code6.get(code(row)):
            return _prefecture_organization(prefecture)
        return _municipality_organization(municipalities.by_key[code(row)])

    return load_rows(
        organizations_by_key(),
        Organization,
        [*prefectures.rows.values(), *municipalities.rows.values()],
        key=code,
        values=values,
    )


def _prefecture_organization(prefecture: Prefecture) -> dict[str, Any]:
    return {
        "record_key": prefecture.code6,
        "kind": OrganizationKind.PREFECTURE,
        "name": prefecture.name,
        "kana": prefecture.kana,
        "prefecture": prefecture,
    }


def _municipality_organization(municipality: Municipality) -> dict[str, Any]:
    return {
        "record_key": municipality.code,
        "kind": OrganizationKind.MUNICIPALITY,
        "name": municipality.name,
        "kana": municipality.kana,
        "municipality": municipality,
        "prefecture": municipality.prefecture,
    }
