"""Two people bring a member in at the same moment: one does it, the other is told."""

from datetime import date

import pytest

from core.audit import System
from core.sheets.fields import fitted
from core.sheets.reading import read_table
from members import services
from members.enums import Role
from members.models import Application, Office, Seat
from members.services import Person
from members.services.joining.imports import ListedSeat
from members.sheets import FIELDS, listed_seats
from tests.factories.members import WardFactory
from tests.members.joining.applying import PEOPLE, answers, hakui, send_code
from tests.members.joining.tables import delimited, row_of
from tests.members.offices.test_services import at_once

pytestmark = pytest.mark.django_db(transaction=True)

BY = System("見本")
JOINED = date(2026, 11, 1)


def listed(code: str) -> list[ListedSeat]:
    row = row_of(code, 登録日="")
    seats, problems = listed_seats(fitted(read_table(delimited([row])), FIELDS))
    assert not problems
    return seats


@pytest.mark.parametrize("is_ward", [True, False])
def test_the_same_table_twice(is_ward):
    body = WardFactory(municipality__code="131091") if is_ward else hakui()
    rows = listed(body.code)
    digest = services.plan_import(rows, joined=JOINED).digest

    def run() -> None:
        services.import_members(rows, joined=JOINED, digest=digest, left_out=0, by=BY)

    ends = at_once(run, run)
    assert ends.count("done") == 1
    assert (Office.objects.count(), Seat.objects.count()) == (1, 1)


def test_two_applicants_of_one_town():
    town, given = hakui(), answers()
    other = Person(Role.LEAD, "goro@city.hakui.lg.jp", family_name="羽咋", given_name="五郎")

    def applying(people: list[Person]):
        code = send_code(town, people[0].email)
        return lambda: services.apply(town, answers=given, people=people, code=code)

    assert at_once(applying(PEOPLE), applying([other])) == ["DomainError", "done"]
    assert Application.objects.count() == 1
