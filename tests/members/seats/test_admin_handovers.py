"""The secretariat passes a seat as an office asked; it reads no draft on the way."""

from datetime import timedelta

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from core.dates import today
from core.enums import Channel
from core.models import OutboxMail
from members.enums import Action, InvitationStatus
from members.models import Handover
from tests.factories.members import HandoverFactory, SeatFactory
from tests.factories.proposals import DraftFactory
from tests.members.changes import entry, stored
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db

NEW = "konin@city.sakai.fukui.jp"
TOLD = {"channel": "phone", "caller": "見本課長"}


def test_a_seat_is_handed_over_as_the_office_asked(lead):
    client = secretary_client("会員登録")
    address = url("members.seat", "handover", lead.pk)
    form = typed(client.get(address), email=NEW, family_name="見本", given_name="後任", **TOLD)
    assert client.post(address, form).status_code == 302
    handover = Handover.objects.get()
    assert (handover.seat, handover.email, handover.display_name) == (lead, NEW, "見本 後任")
    assert handover.sent_by.startswith("特別区長会")
    assert entry(Action.START_HANDOVER).channel == Channel.PHONE
    assert {mail.to for mail in OutboxMail.objects.all()} == {NEW, lead.user.email}


def test_a_refusal_changes_nothing(lead):
    client = secretary_client("会員登録")
    address = url("members.seat", "handover", lead.pk)
    form = typed(client.get(address), email=lead.user.email, **TOLD)
    before = stored()
    assertContains(client.post(address, form), "同じです", status_code=422)
    assert stored() == before


def test_the_days_are_changed_until_the_answer(lead):
    handover = HandoverFactory(seat=lead)
    client = secretary_client("会員登録")
    address = url("members.handover", "terms", handover.pk)
    form = typed(client.get(address), note="鍵は棚", **TOLD)
    assert client.post(address, form).status_code == 302
    handover.refresh_from_db()
    assert handover.note == "鍵は棚"
    assert entry(Action.CHANGE_HANDOVER).channel == Channel.PHONE


@pytest.mark.parametrize(
    ("action", "status", "mails"),
    [("resend", InvitationStatus.SENT, 1), ("cancel", InvitationStatus.CANCELLED, 0)],
)
def test_is_repeated_or_taken_back(lead, action, status, mails):
    handover = HandoverFactory(seat=lead)
    client = secretary_client("会員登録")
    address = url("members.handover", action, handover.pk)
    told = TOLD if action == "cancel" else {}
    assert client.post(address, typed(client.get(address), **told)).status_code == 302
    handover.refresh_from_db()
    assert handover.status == status
    assert OutboxMail.objects.count() == mails


def test_what_is_open_stands_nowhere_in_the_admin(lead):
    DraftFactory(organization=lead.organization, office=lead.office, title="海辺の清掃")
    handover = HandoverFactory(seat=lead)
    client = secretary_client("会員登録")
    for address in (
        url("members.handover", "change", handover.pk),
        url("members.seat", "handover", lead.pk),
    ):
        assertNotContains(client.get(address), "海辺の清掃")


@pytest.mark.parametrize("group", ["プロジェクト", "閲覧"])
def test_other_groups_do_not(lead, group):
    handover = HandoverFactory(seat=SeatFactory(valid_until=today() + timedelta(days=1)))
    client = secretary_client(group)
    assert client.get(url("members.seat", "handover", lead.pk)).status_code == 403
    for action in ("terms", "resend", "cancel"):
        assert client.post(url("members.handover", action, handover.pk)).status_code == 403
