"""Seats changed, ended and taken over; the last lead; the keys of shared mailboxes."""

from datetime import date, datetime, time, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils.timezone import get_default_timezone

from core.audit import System
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import OutboxMail
from members import services
from members.enums import Action, Role, UserKind
from members.models import Organization, Seat, User
from tests.factories.members import (
    PASSWORD,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db

TODAY = today()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
NEXT_YEAR = TODAY + timedelta(days=365)


@pytest.fixture
def second_lead(office) -> Seat:
    """A lead of another office of the same organization."""
    return SeatFactory(office=OfficeFactory(organization=office.organization, is_main=False))


def refused_to_others(change, office, request) -> None:
    """Nobody but a lead of the organization and the secretariat does ``change``."""
    for who in ("deputy", "reader", "other_lead", "ward_lead"):
        by = request.getfixturevalue(who)
        seat = SeatFactory(office=office, role=Role.READER)
        with refused(NotAllowed):
            change(seat, by=by)


class TestChangeSeat:
    def test_a_lead_gives_role_and_days(self, lead, deputy):
        seat = services.change_seat(deputy, by=lead, role=Role.READER, valid_until=NEXT_YEAR)
        assert (seat.role, seat.valid_until) == (Role.READER, NEXT_YEAR)
        row = entry(Action.CHANGE_SEAT)
        assert row.changes == {
            "role": ["deputy", "reader"],
            "valid_until": [None, NEXT_YEAR.isoformat()],
        }
        mail = OutboxMail.objects.get()
        assert mail.to == deputy.user.email
        assert "閲覧" in mail.body

    def test_what_is_left_out_stays(self, lead, office):
        seat = SeatFactory(office=office, role=Role.DEPUTY, valid_until=NEXT_YEAR)
        services.change_seat(seat, by=lead, role=Role.READER)
        seat.refresh_from_db()
        assert (seat.role, seat.valid_until) == (Role.READER, NEXT_YEAR)
        assert services.change_seat(seat, by=lead, valid_until=None).valid_until is None

    def test_the_same_writes_nothing(self, lead, deputy):
        services.change_seat(deputy, by=lead, role=Role.DEPUTY, valid_until=None)
        assert not OutboxMail.objects.exists()

    def test_by_nobody_else(self, office, request):
        refused_to_others(
            lambda seat, by: services.change_seat(seat, by=by, role=Role.DEPUTY), office, request
        )

    def test_a_lead_of_another_office_may(self, second_lead, deputy):
        assert services.change_seat(deputy, by=second_lead, role=Role.LEAD).role == Role.LEAD

    def test_a_lead_who_was_just_ended_may_not(self, lead, deputy, second_lead):
        Seat.objects.filter(pk=lead.pk).update(valid_until=YESTERDAY)
        with refused(NotAllowed):
            services.change_seat(deputy, by=lead, role=Role.READER)

    def test_the_first_day_only_before_it_has_come(self, lead, office, deputy):
        with refused(DomainError, "すでに始まっている"):
            services.change_seat(deputy, by=lead, valid_from=TOMORROW)
        later = SeatFactory(office=office, role=Role.DEPUTY, valid_from=TOMORROW)
        assert services.change_seat(later, by=lead, valid_from=TODAY).valid_from == TODAY
        soon = SeatFactory(office=office, role=Role.DEPUTY, valid_from=TOMORROW)
        with refused(DomainError, "今日以降"):
            services.change_seat(soon, by=lead, valid_from=YESTERDAY)

    @pytest.mark.parametrize(
        ("last", "sentence"), [(YESTERDAY, "今日以降"), (date(2020, 3, 31), "今日以降")]
    )
    def test_no_last_day_in_the_past(self, lead, deputy, last, sentence):
        with refused(DomainError, sentence):
            services.change_seat(deputy, by=lead, valid_until=last)

    def test_not_an_ended_one(self, lead, office):
        seat = SeatFactory(office=office, role=Role.DEPUTY, valid_until=YESTERDAY)
        with refused(DomainError, "すでに終わっています"):
            services.change_seat(seat, by=lead, valid_until=None)

    def test_not_into_the_days_of_another_seat_of_the_person(self, lead, deputy):
        services.change_seat(deputy, by=lead, valid_until=TOMORROW)
        SeatFactory(user=deputy.user, office=deputy.office, role=Role.READER, valid_from=NEXT_YEAR)
        with refused(DomainError, "すでに持っています"):
            services.change_seat(deputy, by=lead, valid_until=None)

    def test_a_lead_neither_makes_nor_touches_staff(self, staff):
        lead = SeatFactory(office=staff.office, role=Role.LEAD)
        deputy = SeatFactory(office=staff.office, role=Role.DEPUTY)
        with refused(DomainError, "事務局が管理画面で"):
            services.change_seat(deputy, by=lead, role=Role.STAFF)
        with refused(NotAllowed):
            services.change_seat(staff, by=lead, role=Role.READER)

    def test_a_shared_mailbox_becomes_a_lead_by_the_secretariat_alone(self, lead, office, staff):
        seat = SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)
        with refused(DomainError, "事務局だけ"):
            services.change_seat(seat, by=lead, role=Role.LEAD)
        with refused(DomainError, "事務局だけ"):
            services.change_lead(office, seat, by=lead)
        assert services.change_seat(seat, by=staff, role=Role.LEAD).role == Role.LEAD

    def test_a_shared_mailbox_makes_no_lead(self, office, deputy):
        shared = SeatFactory(office=office, user__kind=UserKind.OFFICE)
        with refused(DomainError, "共用アカウントから"):
            services.change_seat(deputy, by=shared, role=Role.LEAD)
        with refused(NotAllowed):
            services.change_lead(office, deputy, by=shared)
        assert services.change_seat(deputy, by=shared, role=Role.READER).role == Role.READER


class TestEndSeat:
    def test_a_lead_ends_a_seat_and_the_person_is_told(self, lead, deputy):
        seat = services.end_seat(deputy, last_day=TODAY, by=lead)
        assert seat.valid_until == TODAY
        assert OutboxMail.objects.get().to == deputy.user.email

    def test_by_nobody_else(self, office, request):
        refused_to_others(
            lambda seat, by: services.end_seat(seat, by=by, last_day=TODAY), office, request
        )

    def test_of_staff_not_by_a_lead_of_their_body(self, staff):
        lead = SeatFactory(office=staff.office, role=Role.LEAD)
        with refused(NotAllowed):
            services.end_seat(staff, last_day=TODAY, by=lead)

    def test_nobody_is_told_of_what_they_did_themselves(self, lead, second_lead):
        services.end_seat(lead, last_day=TODAY, by=lead)
        assert not OutboxMail.objects.exists()

    def test_a_command_tells_nobody(self, deputy):
        services.end_seat(deputy, last_day=TODAY, by=System("見本"))
        assert not OutboxMail.objects.exists()


# What a last lead may not do to the own seat.
LEAVING = {
    "end": lambda seat: services.end_seat(seat, last_day=TODAY, by=seat),
    "end later": lambda seat: services.end_seat(seat, last_day=NEXT_YEAR, by=seat),
    "demote": lambda seat: services.change_seat(seat, by=seat, role=Role.DEPUTY),
    "until": lambda seat: services.change_seat(seat, by=seat, valid_until=NEXT_YEAR),
}


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING)
class TestLastLead:
    def test_does_not_leave_without_a_successor(self, lead, deputy, leave):
        with refused(DomainError, "主担当がいなくなります"):
            leave(lead)

    def test_a_stopped_or_ending_lead_is_no_successor(self, lead, office, leave):
        SeatFactory(office=office, user__is_active=False)
        SeatFactory(office=office, valid_until=TODAY)
        with refused(DomainError, "主担当がいなくなります"):
            leave(lead)

    def test_leaves_when_another_leads(self, lead, second_lead, leave):
        leave(lead)
        assert not OutboxMail.objects.exists()

    def test_leaves_when_another_is_going_to_lead(self, lead, office, leave):
        SeatFactory(office=office, valid_from=TOMORROW)
        leave(lead)


def test_two_leads_do_not_end_each_other(lead, second_lead):
    services.end_seat(second_lead, last_day=YESTERDAY, by=lead)
    with refused(NotAllowed):
        services.end_seat(lead, last_day=YESTERDAY, by=second_lead)


def test_the_secretariat_may_end_a_last_lead(lead, staff):
    assert services.end_seat(lead, last_day=TODAY, by=staff).valid_until == TODAY


def test_a_lead_may_be_given_more_time(lead):
    Seat.objects.filter(pk=lead.pk).update(valid_until=TOMORROW)
    assert services.change_seat(lead, by=lead, valid_until=NEXT_YEAR).valid_until == NEXT_YEAR


class TestTakeOver:
    def test_ends_the_last_lead_today_and_tells_them(self, lead, staff):
        seat = services.take_over_seat(lead, by=staff, reason=" 後任なし ")
        assert (seat.valid_until, seat.taken_over_at is not None) == (TODAY, True)
        assert entry(Action.TAKE_OVER_SEAT).reason == "後任なし"
        mail = OutboxMail.objects.get()
        assert (mail.to, "後任なし" in mail.body) == (lead.user.email, True)

    def test_stops_a_seat_that_lingers(self, lead, staff):
        Seat.objects.filter(pk=lead.pk).update(valid_until=YESTERDAY)
        assert User.objects.get(pk=lead.user_id).lingering_seats == [lead]
        seat = services.take_over_seat(lead, by=staff, reason="異動済み")
        assert seat.valid_until == YESTERDAY
        assert User.objects.get(pk=lead.user_id).lingering_seats == []

    def test_only_by_the_secretariat_with_a_reason_and_once(self, lead, deputy, staff):
        for by in (lead, deputy):
            with refused(NotAllowed):
                services.take_over_seat(lead, by=by, reason="理由")
        with refused(DomainError, "理由"):
            services.take_over_seat(lead, by=staff, reason=" ")
        services.take_over_seat(lead, by=staff, reason="理由")
        with refused(DomainError, "最後の主担当だけ"):
            services.take_over_seat(lead, by=staff, reason="理由")

    def test_not_from_a_deputy_or_beside_another_lead(self, lead, deputy, second_lead, staff):
        for seat in (deputy, lead):
            with refused(DomainError, "最後の主担当だけ"):
                services.take_over_seat(seat, by=staff, reason="理由")


class TestWithoutLead:
    """主担当のいない団体: the secretariat's queue."""

    def names(self) -> set[str]:
        return {row.name for row in Organization.objects.without_lead(TODAY)}

    def test_members_and_whoever_has_seats(self, lead, ward_lead, staff):
        memberless = MembershipFactory(organization__name="会員町")
        left = MembershipFactory(organization__name="退会町", left=YESTERDAY)
        SeatFactory(office__organization=left.organization, valid_until=YESTERDAY)
        SeatFactory(office=lead.office, valid_until=YESTERDAY)
        assert self.names() == {memberless.organization.name}
        Seat.objects.filter(pk__in=[lead.pk, ward_lead.pk]).update(valid_until=YESTERDAY)
        assert self.names() == {"会員町", "坂井市", "品川区"}

    def test_a_stopped_or_coming_lead_leads_nobody(self, lead):
        MembershipFactory(organization=lead.organization)
        SeatFactory(office=lead.office, valid_from=TOMORROW)
        User.objects.filter(pk=lead.user_id).update(is_active=False)
        assert self.names() == {"坂井市"}


class TestResetShared:
    @pytest.fixture
    def shared(self, office) -> Seat:
        seat = SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)
        Authenticator.objects.create(user=seat.user, type="totp", data={})
        return seat

    def test_leaves_the_mailbox_alone_as_key(self, shared, lead, client_of):
        client = client_of(shared)
        client.get("/member/")
        user = services.reset_shared_credentials(shared.user, by=lead)
        user.refresh_from_db()
        assert not user.check_password(PASSWORD)
        assert not user.has_usable_password()
        assert not Authenticator.objects.exists()
        assert client.get("/member/").status_code == 302
        assert entry(Action.RESET_SHARED_CREDENTIALS).changes == {"factors": [["totp"], []]}
        assert OutboxMail.objects.get().to == user.email

    def test_by_the_secretariat_itself_or_a_command(self, shared, staff):
        for by in (staff, shared, System("見本"), shared.user):
            services.reset_shared_credentials(shared.user, by=by)
        assert OutboxMail.objects.count() == 4

    def test_by_nobody_else(self, shared, request):
        for who in ("deputy", "reader", "other_lead"):
            by = request.getfixturevalue(who)
            with refused(NotAllowed):
                services.reset_shared_credentials(shared.user, by=by)

    def test_not_of_a_person(self, deputy, staff):
        with refused(DomainError, "共用アカウントだけ"):
            services.reset_shared_credentials(deputy.user, by=staff)


class TestResetConfirmedMailboxes:
    """The night after an office's first confirmation of a fiscal year."""

    @pytest.fixture
    def shared(self, office, at) -> Seat:
        at(date(2026, 11, 1))
        return SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)

    @pytest.fixture
    def at(self, time_machine):
        def moved(day: date) -> None:
            time_machine.move_to(datetime.combine(day, time(9), tzinfo=get_default_timezone()))

        return moved

    def test_once_for_each_fiscal_year(self, shared, office, lead, at):
        at(date(2027, 4, 12))
        services.confirm_office(office, by=lead)
        assert services.reset_confirmed_mailboxes(date(2027, 4, 12)) == 0
        at(date(2027, 4, 13))
        assert services.reset_confirmed_mailboxes(date(2027, 4, 13)) == 1
        assert not User.objects.get(pk=shared.user_id).has_usable_password()
        assert OutboxMail.objects.get().to == shared.user.email
        services.confirm_office(office, by=lead)
        at(date(2028, 3, 31))
        assert services.reset_confirmed_mailboxes(date(2028, 3, 31)) == 0
        at(date(2028, 4, 3))
        services.confirm_office(office, by=lead)
        assert services.reset_confirmed_mailboxes(date(2028, 4, 4)) == 1

    def test_not_while_the_year_is_unconfirmed(self, shared, office, lead, at):
        at(date(2027, 3, 31))
        services.confirm_office(office, by=lead)
        at(date(2027, 4, 30))
        assert services.reset_confirmed_mailboxes(date(2027, 4, 30)) == 0
        assert not OutboxMail.objects.exists()

    def test_nobody_else(self, shared, office, lead, deputy, at):
        at(date(2027, 4, 12))
        new = SeatFactory(office=office, user__kind=UserKind.OFFICE)
        services.confirm_office(office, by=lead)
        assert services.reset_confirmed_mailboxes(date(2027, 4, 13)) == 1
        for seat in (lead, deputy, new):
            assert User.objects.get(pk=seat.user_id).has_usable_password()
