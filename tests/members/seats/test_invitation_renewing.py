"""The invited person asks for a new link, on the page of the old one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.dates import today
from core.errors import DomainError
from core.models import MailLink, OutboxMail
from members import services
from members.enums import InvitationStatus, Role
from members.models import Invitation
from tests.factories.members import MembershipFactory, SeatFactory, UserFactory
from tests.members.changes import refused

pytestmark = pytest.mark.django_db

NEW = "shin@city.sakai.fukui.jp"
LATER = timedelta(days=services.INVITATION_DAYS, hours=1)


def invited(lead) -> Invitation:
    return services.invite(lead.office, Role.DEPUTY, email=NEW, by=lead)


def test_while_the_offer_holds_it_lasts_no_longer(lead):
    invitation = invited(lead)
    services.renew_invitation(MailLink.objects.get())
    assert OutboxMail.objects.filter(to=NEW).count() == 2
    assert Invitation.objects.get().expires_at == invitation.expires_at


def test_after_its_time_it_is_sent_again_to_the_same_address(lead):
    invited(lead)
    link = MailLink.objects.get()
    with time_machine.travel(timezone.now() + LATER, tick=False):
        services.renew_invitation(link)
        old, new = Invitation.objects.order_by("pk")
        assert (old.status, new.status) == (InvitationStatus.EXPIRED, InvitationStatus.SENT)
        assert (new.email, new.sent_by) == (NEW, old.sent_by)


def test_long_after_it_the_office_is_asked(lead):
    invited(lead)
    link = MailLink.objects.get()
    months_later = timezone.now() + timedelta(days=60)
    with (
        time_machine.travel(months_later, tick=False),
        refused(DomainError, "送り直しをご依頼"),
    ):
        services.renew_invitation(link)


@pytest.mark.parametrize("since", ["cancelled", "declined", "seated", "left", "had left"])
def test_an_old_link_brings_nothing_back_that_was_settled_since(lead, staff, since):
    """Not what the lead has taken back, a seat that has ended, or what a member has left."""
    invited(lead)
    link, now = MailLink.objects.get(), timezone.now()
    with time_machine.travel(now + LATER, tick=False):
        services.expire_invitations()
        if since == "seated":
            seat = SeatFactory(office=lead.office, user__email=NEW, valid_from=today())
            services.end_seat(seat, last_day=today(), by=lead)
        elif since in ("left", "had left"):
            membership = MembershipFactory(organization=lead.organization)
            # What is heard of late ends on a day before the invitation was sent.
            left = today() if since == "left" else timezone.localdate(now) - timedelta(days=1)
            services.withdraw_membership(membership, left=left, by=staff, reason="届出")
        else:
            again = invited(lead)
            if since == "cancelled":
                services.cancel_invitation(again, by=lead)
            else:
                services.decline_invitation(again, user=UserFactory(email=NEW))
    with time_machine.travel(now + LATER + timedelta(days=1), tick=False):
        if since in ("left", "had left"):
            services.open_membership(lead.organization, joined=today(), by=staff)
        with refused(DomainError):
            services.renew_invitation(link)


def test_an_answered_one_is_not_sent_again(lead):
    invitation = invited(lead)
    services.decline_invitation(invitation, user=UserFactory(email=NEW))
    with refused(DomainError, "すでに辞退"):
        services.renew_invitation(MailLink.objects.get())
