"""Changes of real towns, and everything that the portal answers for a day."""

from datetime import date

from agreements.queries import standing_on
from members.codes import check_digit
from members.enums import ChangeKind, MunicipalityKind, Role
from members.models import Membership, Municipality, Organization, Seat
from members.services import NewChange, NewMunicipality
from portal.queries import municipalities_of, tiles_of
from portal.statistics.page import TABLES, table_of
from portal.statistics.reading import Reading
from tests.factories.members import MembershipFactory, OfficeFactory, SeatFactory

DAY = date(2027, 4, 1)
EVE = date(2027, 3, 31)
DAYS = [date(2014, 4, 4), date(2016, 9, 1), date(2019, 5, 1), date(2024, 4, 1), date(2026, 11, 22)]


def code(five: str) -> str:
    return f"{five}{check_digit(five)}"


def town(name: str, prefecture: str = "京都府") -> Municipality:
    return Municipality.objects.on(DAY).get(prefecture__name=prefecture, name=name)


def member(municipality: Municipality, office: str = "企画課"):
    """Makes a town a member with a main office and its lead."""
    body = municipality.organization
    MembershipFactory(organization=body, joined=date(2018, 6, 1))
    return SeatFactory(office=OfficeFactory(organization=body, name=office))


NEW_CITY = NewMunicipality(code("26215"), "綴喜市", "ツヅキシ", MunicipalityKind.CITY)


def merger(*names: str, successor=NEW_CITY, day: date = DAY) -> NewChange:
    formers = tuple(town(name) for name in names)
    return NewChange(day, ChangeKind.MERGER, formers, successor)


def new(**other) -> NewMunicipality:
    same = {
        "code": NEW_CITY.code,
        "name": NEW_CITY.name,
        "kana": NEW_CITY.kana,
        "kind": NEW_CITY.kind,
    }
    return NewMunicipality(**{**same, **other})


def figures(day: date) -> dict[str, object]:
    """Everything that the portal answers for a day, as plain values."""
    standing = standing_on(day)
    return {
        "register": sorted(Municipality.objects.on(day).values_list("code", "name")),
        "members": sorted(Membership.objects.on(day).values_list("organization", "joined")),
        "associations": [body.name for body in standing.associations],
        "covered": sorted(standing.municipality_ids),
        "map": [(tile.code, tile.count, tile.on) for tile in tiles_of(standing)],
        "tables": {
            slug: [[column.value_of(row) for column in table.columns] for row in table.rows]
            for slug in TABLES
            if (table := table_of(slug, day))
        },
        "prefecture": [
            (row.organization.code, row.own_agreements, [body.name for body in row.associations])
            for row in municipalities_of(town_prefecture(), day)
        ],
        "wards": len(Reading(day).wards),
    }


def town_prefecture():
    return Municipality.objects.get(code="261009").prefecture


def secretary() -> Seat:
    """A seat of the loaded 特別区長会."""
    office = Organization.objects.get(name="特別区長会").offices.first()
    return SeatFactory(office=office, role=Role.STAFF)
