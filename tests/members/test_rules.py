"""Every rule of the room for every role; and that lists and rules say the same."""

from datetime import date, timedelta

import pytest
import rules as permissions
from django.contrib.auth.models import AnonymousUser

from core import dates
from core.enums import Level
from members import rules
from members.enums import Role, UserKind
from members.models import Office, Seat
from tests.factories.members import OfficeFactory, SeatFactory, UserFactory

pytestmark = pytest.mark.django_db

ROLES = ("lead", "deputy", "reader", "other_lead", "ward_lead", "staff")


def again(seat: Seat) -> Seat:
    """The seat as a request reads it."""
    return Seat.objects.with_office().with_user().get(pk=seat.pk)


@pytest.fixture
def seats(lead, deputy, reader, other_lead, ward_lead, staff) -> dict[str, Seat]:
    return dict(zip(ROLES, (lead, deputy, reader, other_lead, ward_lead, staff), strict=True))


# Which of ROLES may do it with the office of 坂井市.
ON_OFFICE = {
    rules.is_current: set(ROLES),
    rules.may_change_office: {"lead", "deputy"},
    rules.may_change_lead: {"lead"},
    rules.may_act_for_caller: {"staff"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("rule", ON_OFFICE, ids=lambda rule: rule.__name__)
def test_rules_on_an_office(seats, office, role, rule):
    assert rule(again(seats[role]), office) is (role in ON_OFFICE[rule])


@pytest.mark.parametrize("rule", ON_OFFICE, ids=lambda rule: rule.__name__)
def test_a_seat_that_ended_yesterday_may_nothing(lead, office, rule):
    lead.valid_until = dates.today() - timedelta(days=1)
    assert not rule(lead, office)


@pytest.mark.parametrize("rule", ON_OFFICE, ids=lambda rule: rule.__name__)
def test_a_seat_that_begins_tomorrow_may_nothing(lead, office, rule):
    lead.valid_from = dates.today() + timedelta(days=1)
    assert not rule(lead, office)


@pytest.mark.parametrize("rule", ON_OFFICE, ids=lambda rule: rule.__name__)
def test_a_seat_of_a_closed_account_may_nothing(lead, office, rule):
    lead.user.is_active = False
    assert not rule(lead, office)


def test_both_ends_of_a_seat_belong_to_it(lead, office):
    lead.valid_from = lead.valid_until = dates.today()
    assert rules.may_change_office(lead, office)


def test_staff_keep_their_own_office_true(staff):
    assert rules.may_change_office(staff, staff.office)


def test_a_lead_changes_every_office_of_the_organization_but_leads_one(lead, office):
    second = OfficeFactory(organization=office.organization, is_main=False)
    assert rules.may_change_office(lead, second)
    assert not rules.may_change_lead(lead, second)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_changes_their_own_name_only(seats, role):
    seat = again(seats[role])
    assert rules.may_change_person(seat, seat.user)
    assert not rules.may_change_person(seat, UserFactory())


def test_an_office_account_has_no_name_to_change(office):
    seat = SeatFactory(office=office, user__kind=UserKind.OFFICE)
    assert not rules.may_change_person(seat, seat.user)


LEVELS = {
    "lead": [Level.PUBLIC, Level.MEMBERS],
    "reader": [Level.PUBLIC, Level.MEMBERS],
    "ward_lead": [Level.PUBLIC, Level.MEMBERS, Level.WARDS],
    "staff": [Level.PUBLIC, Level.MEMBERS, Level.WARDS, Level.SECRETARIAT],
}


@pytest.mark.parametrize("role", LEVELS)
def test_levels(seats, role):
    assert rules.levels_of(seats[role].user) == LEVELS[role]


def test_levels_of_the_public_and_of_whoever_has_no_seat():
    assert rules.levels_of(AnonymousUser()) == [Level.PUBLIC]
    assert rules.levels_of(UserFactory()) == [Level.PUBLIC]


def test_no_contact_field_is_public():
    contact_fields = {"name", "postal_code", "address", "phone", "extension", "fax", "email"}
    assert set(rules.CONTACT_LEVELS) == contact_fields
    assert Level.PUBLIC not in rules.CONTACT_LEVELS.values()


def observers(seats) -> dict:
    ended = SeatFactory(valid_until=date(2020, 5, 1)).user
    nobody, superuser = UserFactory(), UserFactory(is_superuser=True)
    users = {role: seat.user for role, seat in seats.items()}
    return users | {
        "anonymous": AnonymousUser(),
        "ended": ended,
        "nobody": nobody,
        "superuser": superuser,
    }


def test_view_office_equals_visible_to(seats):
    for name, user in observers(seats).items():
        visible = Office.objects.visible_to(user)
        for office in Office.objects.all():
            allowed = permissions.has_perm("members.view_office", user, office)
            assert allowed is (office in visible), name


def test_view_seat_equals_visible_to(seats, office):
    SeatFactory(office=OfficeFactory(organization=office.organization, is_main=False))
    SeatFactory(office=seats["other_lead"].office, role=Role.DEPUTY)
    SeatFactory(office=seats["ward_lead"].office, role=Role.READER)
    for name, user in observers(seats).items():
        visible = Seat.objects.visible_to(user)
        for seat in Seat.objects.with_office():
            allowed = permissions.has_perm("members.view_seat", user, seat)
            assert allowed is (seat in visible), (name, seat)


def test_a_superuser_without_a_seat_has_no_permission_of_the_pages(office):
    superuser = UserFactory(is_superuser=True)
    assert not permissions.has_perm("members.change_office", superuser, office)
    assert not permissions.has_perm("members.view_office", superuser, office)


def test_permissions_of_a_person_are_the_union_of_their_seats(lead, office, other_lead):
    SeatFactory(user=lead.user, office=other_lead.office, role=Role.READER)
    assert permissions.has_perm("members.change_office", lead.user, office)
    assert not permissions.has_perm("members.change_office", lead.user, other_lead.office)
