"""What the database itself refuses, and what rows say of themselves."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.enums import OrganizationKind, Role
from members.models import Organization
from tests.factories.members import (
    BodyFactory,
    CoverageFactory,
    MembershipFactory,
    MunicipalityFactory,
    OfficeFactory,
    OrganizationFactory,
    PrefectureFactory,
    SeatFactory,
    UserFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db


def refused(make) -> bool:
    """Whether the database refuses what ``make`` writes."""
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_a_municipality_has_one_organization_and_no_other_body_has_one():
    sakai = OrganizationFactory()
    municipality = sakai.municipality
    assert refused(lambda: OrganizationFactory(municipality=municipality))
    assert refused(lambda: BodyFactory(municipality=MunicipalityFactory()))
    assert refused(
        lambda: Organization.objects.create(kind=OrganizationKind.MUNICIPALITY, name="市")
    )


def test_two_municipalities_may_share_a_name_and_two_other_bodies_may_not():
    for code in ("13", "34"):
        OrganizationFactory(municipality__name="府中市", municipality__prefecture__code=code)
    BodyFactory(name="見本町村会")
    assert refused(lambda: Organization.objects.create(kind="other", name="見本町村会"))


def test_a_code_with_a_wrong_check_digit_is_refused():
    municipality = MunicipalityFactory.build(prefecture=PrefectureFactory(), code="182108")
    with pytest.raises(ValidationError, match="団体コードは、検査数字を含む6桁の数字で"):
        municipality.full_clean()


def test_two_prefectures_never_share_a_tile():
    PrefectureFactory(code="18", tile_row=5, tile_column=5)
    assert refused(lambda: PrefectureFactory(code="26", tile_row=5, tile_column=5))
    assert not refused(lambda: PrefectureFactory(code="32", tile_row=5, tile_column=6))


def test_names_carry_their_prefecture():
    sakai = OrganizationFactory(municipality__name="坂井市", municipality__prefecture__code="18")
    assert str(sakai) == str(sakai.municipality) == "福井県坂井市"
    assert str(BodyFactory(name="見本町村会", prefecture=sakai.prefecture)) == "見本町村会"
    assert OfficeFactory(organization=sakai, name="企画課").signature == "福井県坂井市　企画課"


@pytest.mark.parametrize(
    ("code", "name", "short"),
    [("01", "北海道", "北海道"), ("26", "京都府", "京都"), ("46", "鹿児島県", "鹿児島")],
)
def test_the_name_on_a_tile(code, name, short):
    assert PrefectureFactory(code=code, name=name).short_name == short


def test_a_ward_is_told_from_other_municipalities():
    ward, town = WardFactory(), OrganizationFactory()
    assert (ward.is_ward, town.is_ward, BodyFactory().is_ward) == (True, False, False)
    assert list(Organization.objects.wards()) == [ward]
    assert set(Organization.objects.municipalities()) == {ward, town}


def test_a_membership_opens_again_but_not_twice_at_once():
    first = MembershipFactory(joined=date(2016, 9, 1), left=date(2020, 3, 31))
    second = MembershipFactory(organization=first.organization, joined=date(2022, 4, 1))
    assert refused(lambda: MembershipFactory(organization=first.organization))
    assert refused(lambda: MembershipFactory(joined=date(2020, 4, 1), left=date(2020, 3, 31)))
    on = type(first).objects.on
    assert list(on(date(2016, 8, 31))) == []
    assert list(on(date(2020, 3, 31))) == [first]
    assert list(on(date(2020, 4, 1))) == []
    assert list(on(date(2026, 11, 22))) == [second]


def test_an_organization_has_one_main_office():
    office = OfficeFactory()
    assert refused(lambda: OfficeFactory(organization=office.organization))
    assert not refused(lambda: OfficeFactory(organization=office.organization, is_main=False))


def test_a_coverage_stands_once_while_it_is_open():
    coverage = CoverageFactory()
    same = {"organization": coverage.organization, "kinds": coverage.kinds}
    assert refused(lambda: CoverageFactory(**same))
    assert not refused(lambda: CoverageFactory(**same, valid_until=date(2015, 3, 31)))


def test_a_seat_ends_after_it_begins_and_is_open_once_per_office():
    seat = SeatFactory()
    assert refused(lambda: SeatFactory(user=seat.user, office=seat.office, role=Role.READER))
    assert refused(lambda: SeatFactory(valid_from=date(2026, 4, 1), valid_until=date(2026, 3, 31)))


@pytest.mark.parametrize(
    ("day", "current"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_seat_holds_on_both_of_its_days(day, current):
    seat = SeatFactory(valid_from=date(2026, 4, 1), valid_until=date(2027, 3, 31))
    with time_machine.travel(day, tick=False):
        assert seat.is_current is seat.may_write is current
        assert (seat in type(seat).objects.on(day)) is current
        assert (seat in type(seat.user).objects.get(pk=seat.user_id).current_seats) is current


def test_an_inactive_account_holds_no_seat():
    seat = SeatFactory(role=Role.STAFF)
    assert seat.user.is_staff
    seat.user.is_active = False
    seat.user.save()
    user = type(seat.user).objects.get(pk=seat.user_id)
    assert (user.current_seats, user.is_staff) == ([], False)
    assert (seat.may_write, seat.is_secretariat) == (False, False)


@pytest.mark.parametrize(
    ("role", "writes", "is_staff"),
    [
        (Role.LEAD, True, False),
        (Role.DEPUTY, True, False),
        (Role.READER, False, False),
        (Role.STAFF, False, True),
    ],
)
def test_what_a_role_may(role, writes, is_staff):
    seat = SeatFactory(role=role)
    assert (seat.may_write, seat.is_secretariat, seat.user.is_staff) == (writes, is_staff, is_staff)


def test_an_address_is_one_account_whatever_its_letters():
    user = UserFactory(email="Lead@Example.LG.jp")
    assert user.email == "lead@example.lg.jp"
    assert refused(lambda: UserFactory(email="ＬＥＡＤ@example.lg.jp"))


def test_a_seat_from_tomorrow_is_not_current_yet():
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not SeatFactory(valid_from=tomorrow).is_current
