"""An organization that leaves, or has left: nobody gets or keeps a seat there beyond that day."""

from datetime import timedelta

import pytest

from core.dates import today
from core.errors import DomainError
from members import services
from members.enums import Role
from members.models import Invitation, Membership, Seat
from tests.factories.members import (
    HandoverFactory,
    InvitationFactory,
    MembershipFactory,
    UserFactory,
)
from tests.members.changes import refused

pytestmark = pytest.mark.django_db

NEW = "konin@city.sakai.fukui.jp"
LAST = today() + timedelta(days=60)
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def user(db):
    return UserFactory(email=NEW)


@pytest.fixture
def leaves(office, lead) -> Membership:
    """A membership whose last day is known; its lead acts until then."""
    membership = MembershipFactory(organization=office.organization, left=LAST)
    lead.valid_until = LAST
    lead.save()
    return membership


@pytest.fixture
def has_left(leaves) -> Membership:
    leaves.left = YESTERDAY
    leaves.save()
    return leaves


class TestBeforeItLeaves:
    @pytest.mark.parametrize("asked", [None, LAST + timedelta(days=1), LAST])
    def test_an_invitation_is_until_then(self, leaves, office, lead, asked):
        invitation = services.invite(office, Role.READER, email=NEW, by=lead, valid_until=asked)
        assert invitation.valid_until == LAST

    def test_a_shorter_one_stays_as_it_is(self, leaves, office, lead):
        invitation = services.invite(office, Role.READER, email=NEW, by=lead, valid_until=today())
        assert invitation.valid_until == today()

    def test_what_was_offered_before_ends_then(self, leaves, office, user):
        seat = services.accept_invitation(InvitationFactory(office=office, email=NEW), user=user)
        assert seat.valid_until == LAST

    def test_a_successors_seat_ends_then(self, leaves, lead, user):
        seat = services.accept_handover(HandoverFactory(seat=lead, email=NEW), user=user)
        assert seat.valid_until == LAST

    def test_no_seat_is_extended(self, leaves, lead, staff):
        for by in (lead, staff):
            with refused(DomainError, "退会日まで"):
                services.change_seat(lead, by=by, valid_until=None)
            with refused(DomainError, "退会日まで"):
                services.end_seat(lead, last_day=LAST + timedelta(days=1), by=by)

    def test_a_new_membership_after_it_counts(self, leaves, office, lead):
        MembershipFactory(organization=office.organization, joined=LAST + timedelta(days=1))
        invitation = services.invite(office, Role.READER, email=NEW, by=lead)
        assert invitation.valid_until is None


class TestOnceItHasLeft:
    def test_nobody_is_invited(self, has_left, office, staff):
        with refused(DomainError, "までが会員です"):
            services.invite(office, Role.LEAD, email=NEW, by=staff)
        assert not Invitation.objects.exists()

    def test_no_offer_is_accepted(self, has_left, office, lead, user):
        invitation = InvitationFactory(office=office, email=NEW)
        with refused(DomainError, "までが会員です"):
            services.accept_invitation(invitation, user=user)
        handover = HandoverFactory(seat=lead, email=NEW)
        with refused(DomainError, "までが会員です"):
            services.accept_handover(handover, user=user)

    def test_a_ward_which_is_no_member_goes_on(self, ward_lead, staff):
        services.invite(ward_lead.office, Role.READER, email=NEW, by=staff)
        services.change_seat(ward_lead, by=staff, valid_until=LAST)
        assert Seat.objects.get(pk=ward_lead.pk).valid_until == LAST
