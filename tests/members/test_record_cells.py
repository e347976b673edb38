"""Every cell of the register and of the bodies."""

import pytest

from core.models import Source
from core.record import DATA as SOURCES
from members.models import Municipality, MunicipalityChange, Organization, Prefecture
from members.record.register import DATA
from tests.data import flag, iso, joined, keys, rows_of

pytestmark = pytest.mark.usefixtures("record")


def test_every_cell_of_a_prefecture_and_its_tile_is_where_it_belongs():
    prefectures = list(Prefecture.objects.all())
    columns = ("code", "code6", "name", "kana", "region")
    assert rows_of(DATA / "prefectures.csv") == [
        {column: getattr(row, column) for column in columns} for row in prefectures
    ]
    assert rows_of(DATA / "prefecture_tiles.csv") == [
        {"code": row.code, "name": row.name, "row": str(row.tile_row), "col": str(row.tile_column)}
        for row in prefectures
    ]


def municipality_told(row: Municipality) -> dict[str, str]:
    return {
        "code": row.code,
        "prefecture_code": row.prefecture_id,
        "prefecture": row.prefecture.name,
        "name": row.name,
        "kana": row.kana,
        "kind": row.kind,
        "district": row.district,
        "designated_city": "1" if row.designated_city else "",
        "former_names": row.former_names,
        "valid_from": iso(row.valid_from),
        "valid_until": iso(row.valid_until),
    }


def test_every_cell_of_a_municipality_is_where_it_belongs():
    told = [municipality_told(row) for row in Municipality.objects.filter(valid_until=None)]
    expected = rows_of(DATA / "municipalities.csv")
    # A town that was only renamed is one row, which has held longer than its name.
    renamed = next(row for row in expected if row["name"] == "丹波篠山市")
    assert renamed["valid_from"] == "2019-05-01"
    assert told == [row | {"valid_from": ""} if row is renamed else row for row in expected]


def test_every_cell_of_a_change_is_where_it_belongs():
    told = [
        {
            "date": iso(change.date),
            "kind": change.kind,
            "prefecture": change.current.prefecture.name,
            "from_code": change.former.code,
            "from_name": change.former_name,
            "to_code": change.current.code,
            "to_name": change.current_name,
            "source": keys(change.sources.all()),
            "note": change.note,
        }
        for change in MunicipalityChange.objects.all()
    ]
    assert told == rows_of(DATA / "municipality_changes.csv")


def organization_told(body: Organization) -> dict[str, str]:
    return {
        "name": body.name,
        "kana": body.kana,
        "kind": body.get_kind_display(),
        "prefecture": body.prefecture.name if body.prefecture else "",
        "covers": joined(f"{row.prefecture_id}:{row.kinds}" for row in body.coverages.all()),
        "note": body.note,
    }


def test_every_cell_of_a_body_is_where_it_belongs():
    expected = rows_of(DATA / "organizations.csv")
    bodies = Organization.objects.filter(record_key__in=[row["name"] for row in expected])
    told = {body.record_key: organization_told(body) for body in bodies}
    assert told == {row["name"]: row for row in expected}


def test_every_cell_of_a_source_is_where_it_belongs():
    told = [
        {
            "key": source.key,
            "title": source.title,
            "title_is_descriptive": flag(source.title_is_descriptive),
            "issuer": source.issuer,
            "date": source.date_text,
            "url": source.url,
            "public": flag(source.public),
            "note": source.note,
        }
        for source in Source.objects.order_by("pk")
    ]
    assert told == rows_of(SOURCES / "sources.csv")
