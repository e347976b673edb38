"""Memberships: opened, closed, withdrawn, opened again."""

from datetime import date, timedelta

import pytest

from core.audit import history_of
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import MailLink
from members import services
from members.enums import InvitationStatus, Role
from members.models import Handover, Invitation, Membership, Office, Organization
from tests.factories.members import (
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    SecretariatFactory,
    UserFactory,
    WardFactory,
)
from tests.members.joining.applying import Unchanged, hakui

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Organization:
    return hakui()


class TestMembership:
    def test_a_membership_opens_once_at_a_time(self, town, staff):
        membership = services.open_membership(town, joined=date(2026, 4, 1), by=staff)
        assert (membership.joined, membership.is_sample) == (date(2026, 4, 1), False)
        with Unchanged(), pytest.raises(DomainError, match="この団体はすでに会員です"):
            services.open_membership(town, joined=date(2026, 5, 1), by=staff)

    @pytest.mark.parametrize("factory", [WardFactory, SecretariatFactory])
    def test_wards_and_the_secretariat_are_no_members(self, factory, staff):
        body = factory()
        with Unchanged(), pytest.raises(DomainError, match="会員として登録しません"):
            services.open_membership(body, joined=today(), by=staff)

    def test_a_former_member_is_readmitted_after_its_last_day(self, town, staff):
        MembershipFactory(organization=town, joined=date(2016, 4, 1), left=date(2020, 3, 31))
        with Unchanged(), pytest.raises(DomainError, match="前の会員登録の退会日より後"):
            services.open_membership(town, joined=date(2020, 3, 31), by=staff)
        services.open_membership(town, joined=date(2020, 4, 1), by=staff)
        for day in (date(2020, 3, 31), date(2020, 4, 1)):
            assert Membership.objects.on(day).filter(organization=town).count() == 1

    def test_closing_keeps_offices_and_seats(self, town, staff):
        membership = MembershipFactory(organization=town, joined=date(2020, 4, 1))
        seat = SeatFactory(office__organization=town)
        closed = services.close_membership(
            membership, left=date(2026, 3, 31), by=staff, reason="合併のため"
        )
        assert closed.left == date(2026, 3, 31)
        seat.refresh_from_db()
        assert seat.valid_until is None
        assert history_of(membership).first().reason == "合併のため"

    @pytest.mark.parametrize(
        ("left", "reason", "sentence"),
        [
            (date(2020, 3, 31), "合併のため", "登録日以降"),
            (date(2026, 3, 31), " ", "理由を入力してください"),
        ],
    )
    def test_an_end_before_the_beginning_or_without_a_reason_is_refused(
        self, town, staff, left, reason, sentence
    ):
        membership = MembershipFactory(organization=town, joined=date(2020, 4, 1))
        with Unchanged(), pytest.raises(DomainError, match=sentence):
            services.close_membership(membership, left=left, by=staff, reason=reason)

    def test_what_has_ended_ends_no_second_time(self, town, staff):
        membership = MembershipFactory(organization=town, left=date(2026, 3, 31))
        with Unchanged(), pytest.raises(DomainError, match="すでに終わっています"):
            services.close_membership(membership, left=today(), by=staff, reason="退会")

    def test_withdrawing_ends_the_seats_with_it(self, town, staff):
        membership = MembershipFactory(organization=town)
        office = OfficeFactory(organization=town)
        open_seat = SeatFactory(office=office)
        long = SeatFactory(office=office, valid_until=today() + timedelta(days=400))
        over = SeatFactory(office=office, valid_until=date(2021, 3, 31))
        elsewhere = SeatFactory()
        services.withdraw_membership(membership, left=today(), by=staff, reason="退会の届出")
        days = []
        for seat in (open_seat, long, over, elsewhere):
            seat.refresh_from_db()
            days.append(seat.valid_until)
        assert days == [today(), today(), date(2021, 3, 31), None]
        assert Office.objects.filter(pk=office.pk).exists()

    @pytest.mark.parametrize("days", [-1, 0, 30])
    def test_a_seat_that_would_begin_afterwards_never_holds(self, town, staff, days):
        membership = MembershipFactory(organization=town)
        left, begins = today() + timedelta(days=days), today() + timedelta(days=60)
        seat = SeatFactory(office__organization=town, valid_from=begins)
        services.withdraw_membership(membership, left=left, by=staff, reason="退会の届出")
        seat.refresh_from_db()
        assert seat.valid_from == seat.valid_until == today() - timedelta(days=1)
        told = [entry.changes for entry in history_of(seat)]
        assert {"valid_from"} in [set(changes) for changes in told]

    def test_withdrawing_ends_what_is_offered_by_mail(self, town, staff):
        membership = MembershipFactory(organization=town)
        lead = SeatFactory(office__organization=town)
        address = "jiro@city.hakui.lg.jp"
        services.invite(lead.office, Role.DEPUTY, email=address, by=lead)
        terms = services.HandoverTerms(today(), today() + timedelta(days=1))
        successor = services.Successor("saburo@city.hakui.lg.jp")
        services.start_handover(lead, successor, terms, by=lead)
        services.withdraw_membership(membership, left=today(), by=staff, reason="退会の届出")
        assert Invitation.objects.get().status == InvitationStatus.CANCELLED
        assert Handover.objects.get().status == InvitationStatus.CANCELLED
        assert not MailLink.objects.filter(used_at=None, cancelled_at=None).exists()

    def test_no_seat_outlasts_the_membership(self, town, staff):
        membership = MembershipFactory(organization=town, joined=date(2020, 4, 1))
        lead = SeatFactory(office__organization=town)
        leaves = today() + timedelta(days=30)
        services.withdraw_membership(membership, left=leaves, by=staff, reason="退会の届出")
        address = "jiro@city.hakui.lg.jp"
        invitation = services.invite(lead.office, Role.DEPUTY, email=address, by=lead)
        user = UserFactory(email=address)
        assert services.accept_invitation(invitation, user=user).valid_until == leaves
        after = leaves + timedelta(days=1)
        with Unchanged(), pytest.raises(DomainError, match="までが会員です"):
            services.give_seat(UserFactory(), lead.office, Role.READER, valid_from=after, by=staff)

    @pytest.mark.parametrize("act", ["open", "close", "withdraw"])
    def test_members_do_none_of_it(self, town, lead, act):
        membership = MembershipFactory(organization=town)
        acts = {
            "open": lambda: services.open_membership(
                OrganizationFactory(), joined=today(), by=lead
            ),
            "close": lambda: services.close_membership(
                membership, left=today(), by=lead, reason="退会"
            ),
            "withdraw": lambda: services.withdraw_membership(
                membership, left=today(), by=lead, reason="退会"
            ),
        }
        with Unchanged(), pytest.raises(NotAllowed):
            acts[act]()
