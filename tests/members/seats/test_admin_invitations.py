"""The secretariat invites, sends again, cancels, takes over, resets; and sees who has no lead."""

from datetime import timedelta

import pytest

from core.dates import today
from core.models import OutboxMail
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Invitation, Seat
from tests.factories.members import InvitationFactory, MembershipFactory, SeatFactory
from tests.members.changes import entry, stored
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db

NEW = "shin@city.sakai.fukui.jp"


def test_an_office_invites_its_first_lead(office):
    client = secretary_client("会員登録")
    address = url("members.office", "invite", office.pk)
    form = typed(client.get(address), email=NEW, role="lead", kind="personal")
    assert client.post(address, form).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.office, invitation.role, invitation.email) == (office, Role.LEAD, NEW)
    assert invitation.sent_by.startswith("特別区長会")
    assert OutboxMail.objects.get().to == NEW


def test_the_secretariat_makes_a_shared_mailbox_the_lead(office):
    client = secretary_client("会員登録")
    address = url("members.office", "invite", office.pk)
    client.post(address, typed(client.get(address), email=NEW, role="lead", kind="office"))
    assert Invitation.objects.get().kind == UserKind.OFFICE


@pytest.mark.parametrize("action", ["resend", "cancel"])
def test_an_invitation_is_sent_again_or_cancelled(office, action):
    invitation = InvitationFactory(office=office)
    client = secretary_client("会員登録")
    address = url("members.invitation", action, invitation.pk)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    invitation.refresh_from_db()
    sent = {"resend": InvitationStatus.SENT, "cancel": InvitationStatus.CANCELLED}
    assert invitation.status == sent[action]
    assert OutboxMail.objects.count() == (action == "resend")


@pytest.mark.parametrize("status", [InvitationStatus.ACCEPTED, InvitationStatus.DECLINED])
def test_an_answered_one_offers_no_action(office, status):
    invitation = InvitationFactory(office=office, status=status)
    page = secretary_client("会員登録").get(url("members.invitation", "change", invitation.pk))
    assert page.context["action_links"] == []


@pytest.mark.parametrize("group", ["プロジェクト", "閲覧"])
def test_other_groups_do_not(office, group, lead):
    invitation = InvitationFactory(office=office)
    client, before = secretary_client(group), stored()
    for action in ("resend", "cancel"):
        assert client.post(url("members.invitation", action, invitation.pk)).status_code == 403
    taken = client.post(url("members.seat", "take_over", lead.pk), {"reason": "理由"})
    assert taken.status_code == 403
    assert stored()[3:] == before[3:]


def test_the_last_leads_seat_is_taken_over(lead):
    client = secretary_client("会員登録")
    address = url("members.seat", "take_over", lead.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "後任なし"}).status_code == 302
    lead.refresh_from_db()
    assert lead.valid_until == today()
    assert entry(Action.TAKE_OVER_SEAT).reason == "後任なし"


def test_nothing_is_taken_over_beside_another_lead(lead, office):
    SeatFactory(office=office)
    client = secretary_client("会員登録")
    address = url("members.seat", "take_over", lead.pk)
    assert client.get(address).status_code == 302
    assert client.post(address, {"reason": "理由"}).status_code == 422


def test_the_queue_of_organizations_without_a_lead(lead, other_lead):
    for seat in (lead, other_lead):
        MembershipFactory(organization=seat.organization)
    Seat.objects.filter(pk=lead.pk).update(valid_until=today() - timedelta(days=1))
    client = secretary_client("会員登録")
    page = client.get(url("members.organization", "changelist"), {"lead": "none"})
    names = [row.full_name for row in page.context["cl"].queryset]
    assert names == ["福井県坂井市"]


def test_a_shared_accounts_keys_are_reset(office):
    seat = SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)
    client = secretary_client("会員登録")
    assert client.post(url("members.user", "reset_shared", seat.user_id)).status_code == 302
    seat.user.refresh_from_db()
    assert not seat.user.has_usable_password()


def test_a_persons_are_not(lead):
    client = secretary_client("会員登録")
    assert client.get(url("members.user", "reset_shared", lead.user_id)).status_code == 302
    assert client.post(url("members.user", "reset_shared", lead.user_id)).status_code == 422
