"""Seats that are given and ended at the same moment: never none that leads, never two for one."""

from datetime import timedelta

import pytest

from core.audit import System
from core.dates import today
from core.models import AuditEntry
from members import services
from members.enums import Action, InvitationStatus, Role
from members.models import Seat
from tests.factories.members import (
    HandoverFactory,
    InvitationFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.offices.test_services import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "konin@city.sakai.fukui.jp"
BY = System("見本")


def leading(organization) -> int:
    leads = Seat.objects.leads().filter(office__organization=organization)
    return leads.lasting_beyond(today() + timedelta(days=90)).count()


@pytest.mark.parametrize("days", [0, 30])
def test_two_leads_end_each_other(lead, days):
    other = SeatFactory(office=OfficeFactory(organization=lead.organization, is_main=False))
    last_day = today() + timedelta(days=days)
    ends = at_once(
        lambda: services.end_seat(other, last_day=last_day, by=lead),
        lambda: services.end_seat(lead, last_day=last_day, by=other),
    )
    assert ends == ["DomainError", "done"]
    assert leading(lead.organization) == 1


def test_two_leads_step_down(lead):
    other = SeatFactory(office=lead.office)
    ends = at_once(
        lambda: services.change_seat(lead, by=lead, role=Role.DEPUTY),
        lambda: services.change_seat(other, by=other, role=Role.READER),
    )
    assert ends == ["DomainError", "done"]
    assert leading(lead.organization) == 1


def test_one_is_named_lead_and_ended(lead, deputy):
    """Whichever comes first, the office has a lead tomorrow."""
    yesterday = today() - timedelta(days=1)
    at_once(
        lambda: services.change_lead(lead.office, deputy, by=lead),
        lambda: services.end_seat(deputy, last_day=yesterday, by=lead),
    )
    assert leading(lead.organization) == 1


def test_a_handover_is_accepted_while_the_other_lead_leaves(lead):
    other = SeatFactory(office=lead.office)
    handover = HandoverFactory(seat=lead, email=NEW)
    user = UserFactory(email=NEW)
    at_once(
        lambda: services.accept_handover(handover, user=user),
        lambda: services.end_seat(other, last_day=today(), by=other),
    )
    assert leading(lead.organization) >= 1


@pytest.mark.parametrize("kind", ["invitation", "handover"])
def test_the_same_offer_in_two_tabs(lead, kind):
    user = UserFactory(email=NEW)
    if kind == "invitation":
        offered = InvitationFactory(office=lead.office, email=NEW)
        accept = services.accept_invitation
    else:
        offered = HandoverFactory(seat=lead, email=NEW)
        accept = services.accept_handover
    ends = at_once(lambda: accept(offered, user=user), lambda: accept(offered, user=user))
    assert ends == ["DomainError", "done"]
    assert user.seats.count() == 1
    assert AuditEntry.objects.filter(action=Action.GIVE_SEAT).count() == 1


@pytest.mark.parametrize("kind", ["invitation", "handover"])
def test_an_offer_is_accepted_and_cancelled(lead, kind):
    user = UserFactory(email=NEW)
    if kind == "invitation":
        offered = InvitationFactory(office=lead.office, email=NEW)
        answers = (services.accept_invitation, services.cancel_invitation)
    else:
        offered = HandoverFactory(seat=lead, email=NEW)
        answers = (services.accept_handover, services.cancel_handover)
    accept, cancel = answers
    ends = at_once(lambda: accept(offered, user=user), lambda: cancel(offered, by=lead))
    assert ends == ["DomainError", "done"]
    offered.refresh_from_db()
    is_accepted = offered.status == InvitationStatus.ACCEPTED
    assert user.seats.exists() is is_accepted


@pytest.mark.parametrize("kind", ["invitation", "handover"])
def test_nobody_is_seated_while_the_organization_leaves(lead, kind):
    membership = MembershipFactory(organization=lead.organization)
    user = UserFactory(email=NEW)
    if kind == "invitation":
        offered = InvitationFactory(office=lead.office, email=NEW)
        accept = services.accept_invitation
    else:
        offered = HandoverFactory(seat=lead, email=NEW)
        accept = services.accept_handover
    at_once(
        lambda: accept(offered, user=user),
        lambda: services.withdraw_membership(membership, left=today(), by=BY, reason="見本"),
    )
    beyond = Seat.objects.filter(office__organization=lead.organization)
    last_days = {seat.valid_until for seat in beyond}
    assert None not in last_days


def test_of_a_handover_and_the_end_of_its_seat_none_is_lost(lead, deputy):
    """The deputy's successor comes, or the lead has ended the seat first; never both halves."""
    handover = HandoverFactory(seat=deputy, email=NEW, last_day=today() + timedelta(days=30))
    user = UserFactory(email=NEW)
    at_once(
        lambda: services.accept_handover(handover, user=user),
        lambda: services.end_seat(deputy, last_day=today(), by=lead),
    )
    handover.refresh_from_db()
    assert user.seats.exists() is (handover.status == InvitationStatus.ACCEPTED)
    deputy.refresh_from_db()
    assert deputy.valid_until is not None
