"""How whoever is invited comes in: the link of the mail, the login by code, the answer."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.dates import today
from core.models import MailLink, OutboxMail
from members import services
from members.enums import InvitationStatus, Role, UserKind
from members.models import Invitation, Seat, User
from tests.factories.members import InvitationFactory, UserFactory
from tests.members.changes import stored
from tests.members.pages import hidden
from tests.members.people.factors import ASKED_AT_LOGIN, is_logged_in, with_app

pytestmark = pytest.mark.django_db

NEW = "shin@city.sakai.fukui.jp"
CONFIRM = "/accounts/login/code/confirm/"
NAME = {"family_name": "新任", "given_name": "一"}


@pytest.fixture
def invitation(lead) -> Invitation:
    return services.invite(
        lead.office, Role.DEPUTY, email=NEW, by=lead, family_name="新任", given_name="一"
    )


def link_of(invitation: Invitation) -> str:
    """The address in the newest mail about ``invitation``."""
    mail = OutboxMail.objects.filter(to=invitation.email, subject__contains="招待").latest("pk")
    return f"/c/{re.findall(r'番号：(\S+)', mail.body)[0]}/"


def mailed_code(email: str) -> str:
    mail = OutboxMail.objects.filter(to=email).latest("pk")
    return re.findall(r"^\d{4}-\d{4}$", mail.body, re.MULTILINE)[0]


def come_in(client: Client, invitation: Invitation) -> str:
    """Goes from the link to the page that answers; returns its address."""
    asked = client.post(link_of(invitation))
    assert asked.url.startswith(CONFIRM)
    next_url = unquote(asked.url.partition("?next=")[2])
    return client.post(CONFIRM, {"code": mailed_code(invitation.email), "next": next_url}).url


def address(name: str, invitation: Invitation) -> str:
    return reverse(f"members:{name}", args=[invitation.pk])


class TestLink:
    def test_opening_shows_what_is_offered_and_changes_nothing(self, client, invitation):
        before = stored()
        page = client.get(link_of(invitation))
        for text in ("福井県坂井市", "企画政策課", "副担当", "s•••@city.…", "新••• 一•••"):
            assertContains(page, text)
        assertNotContains(page, NEW)
        assertNotContains(page, "新任")
        assert stored() == before

    def test_the_button_opens_an_account_without_a_seat(self, client, invitation):
        asked = client.post(link_of(invitation))
        assert asked.url.startswith(CONFIRM)
        user = User.objects.get(email=NEW)
        assert (user.display_name, user.seats.exists()) == ("個人", False)
        page = client.get(asked.url)
        assertContains(page, "s•••@city.…")
        assertNotContains(page, NEW)

    def test_the_code_goes_to_the_invited_address_and_greets_no_kind(self, client, invitation):
        client.post(link_of(invitation), {"email": "other@example.jp"})
        mail = OutboxMail.objects.exclude(subject__contains="招待").get()
        assert mail.to == NEW
        assert not mail.body.startswith("個人")

    def test_two_clicks_send_one_code(self, client, invitation):
        token = hidden(client.get(link_of(invitation)), "token")[0]
        for _ in range(2):
            client.post(link_of(invitation), {"token": token})
        assert OutboxMail.objects.exclude(subject__contains="招待").count() == 1

    def test_an_account_is_opened_once(self, client, invitation):
        UserFactory(email=NEW)
        assert come_in(client, invitation) == address("invitation_accept", invitation)
        assert User.objects.filter(email=NEW).count() == 1

    def test_the_second_factor_is_still_asked_for(self, client, invitation):
        """Whoever reads the mailbox alone does not come in."""
        with_app(UserFactory(email=NEW))
        assert come_in(client, invitation).startswith(ASKED_AT_LOGIN)
        assert not is_logged_in(client)
        before = stored()
        client.post(address("invitation_accept", invitation))
        assert stored() == before

    def test_too_many_codes_are_refused_kindly(self, invitation):
        UserFactory(email=NEW)
        answers = [Client().post(link_of(invitation)) for _ in range(12)]
        assert answers[-1].status_code in (422, 429)
        assert answers[0].status_code == 302

    def test_a_stopped_account_gets_no_code(self, client, invitation):
        UserFactory(email=NEW, is_active=False)
        client.post(link_of(invitation))
        assert not re.search(r"^\d{4}-\d{4}$", OutboxMail.objects.latest("pk").body, re.M)

    def test_somebody_else_who_is_logged_in_is_told(self, client_of, invitation, reader):
        client, before = client_of(reader), stored()
        page = client.get(link_of(invitation))
        assertContains(page, "いまログインしている方あてではありません")
        assert hidden(page, "next") == [link_of(invitation)]
        assertNotContains(page, "メールで番号を受け取って進む")
        assertRedirects(client.post(link_of(invitation)), link_of(invitation))
        assert stored() == before
        back = client.post(reverse("account_logout"), {"next": link_of(invitation)})
        assertRedirects(back, link_of(invitation))

    def test_whoever_is_logged_in_already_goes_on(self, client, invitation):
        client.force_login(UserFactory(email=NEW))
        page = client.get(link_of(invitation))
        assertContains(page, address("invitation_accept", invitation))

    def test_an_answered_one_explains_itself(self, client, invitation):
        services.accept_invitation(invitation, user=UserFactory(email=NEW))
        assertContains(client.get(link_of(invitation)), "使い終わっています", status_code=410)

    def test_one_that_has_run_out_offers_a_new_one(self, client, invitation):
        old = link_of(invitation)
        with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
            assertContains(client.get(old), "期限が過ぎています", status_code=410)
            client.post(old, {"step": "renew"})
            new = Invitation.objects.exclude(pk=invitation.pk).get()
            assertContains(client.get(link_of(new)), "担当への招待が届いています")


class TestInvitationAccept:
    def test_from_the_link_to_the_member_home(self, client, invitation, lead):
        accept = come_in(client, invitation)
        page = client.get(accept)
        assertContains(page, 'value="新任"')
        done = client.post(accept, NAME)
        assertRedirects(done, reverse("portal:member_home"))
        seat = Seat.objects.get(user__email=NEW)
        assert (seat.office, seat.role) == (lead.office, Role.DEPUTY)
        assert MailLink.objects.get().used_at is not None

    def test_reading_it_gives_nothing(self, client, invitation):
        client.get(come_in(client, invitation))
        assert not Seat.objects.filter(user__email=NEW).exists()

    def test_the_name_is_asked_for_where_none_is_known(self, client, invitation):
        accept = come_in(client, invitation)
        refusal = client.post(accept, {"family_name": " ", "given_name": ""})
        assertContains(refusal, "姓を入力してください", status_code=422)
        assert not Seat.objects.filter(user__email=NEW).exists()

    def test_a_known_name_is_not_asked_for(self, client, invitation):
        client.force_login(UserFactory(email=NEW, family_name="既知", given_name="一"))
        accept = address("invitation_accept", invitation)
        assertContains(client.get(accept), "既知 一さん")
        assertNotContains(client.get(accept), "family_name")
        assert client.post(accept).status_code == 302

    def test_a_shared_mailbox_has_none(self, client, lead):
        invitation = services.invite(
            lead.office, Role.READER, email=NEW, by=lead, kind=UserKind.OFFICE
        )
        accept = come_in(client, invitation)
        assertContains(client.get(accept), "共用アカウント")
        assert client.post(accept).status_code == 302
        assert Seat.objects.get(user__email=NEW).user.is_shared

    def test_twice_is_once(self, client, invitation):
        accept = come_in(client, invitation)
        form = NAME | {"token": hidden(client.get(accept), "token")[0]}
        assert client.post(accept, form).url == client.post(accept, form).url
        assert Seat.objects.filter(user__email=NEW).count() == 1

    def test_a_seat_to_come_says_from_when_on(self, client, lead):
        first = today() + timedelta(days=30)
        invitation = services.invite(lead.office, Role.DEPUTY, email=NEW, by=lead, valid_from=first)
        accept = come_in(client, invitation)
        done = client.post(accept, NAME, follow=True)
        assertContains(done, "から使えます")
        assertContains(client.get(reverse("portal:member_home")), "から使えます")
        refusal = client.get(reverse("proposals:proposal_list"))
        assertContains(refusal, "その日から、会員のページを開けます", status_code=403)

    @pytest.mark.parametrize("name", ["invitation_accept", "invitation_decline"])
    @pytest.mark.parametrize("who", ["lead", "deputy", "reader", "other_lead", "staff"])
    def test_nobody_else_answers(self, client_of, invitation, name, who, request):
        client, before = client_of(request.getfixturevalue(who)), None
        before = stored()
        page = client.get(address(name, invitation))
        assertContains(page, "いまログインしている方あてではありません", status_code=403)
        assertNotContains(page, NEW, status_code=403)
        assert client.post(address(name, invitation), NAME).status_code == 403
        assert stored() == before

    @pytest.mark.parametrize("name", ["invitation_accept", "invitation_decline"])
    def test_nobody_answers_without_a_login(self, client, invitation, name):
        before = stored()
        for answer in (client.get, client.post):
            response = answer(address(name, invitation))
            assert response.url.startswith(reverse(settings.LOGIN_URL))
        assert stored() == before

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            (InvitationStatus.CANCELLED, "取り消されています"),
            (InvitationStatus.EXPIRED, "期限が切れています"),
            (InvitationStatus.DECLINED, "辞退しました"),
        ],
    )
    def test_a_closed_one_explains_itself(self, client, invitation, status, sentence):
        Invitation.objects.update(status=status)
        client.force_login(UserFactory(email=NEW))
        assertContains(client.get(address("invitation_accept", invitation)), sentence)
        before = stored()
        assert client.post(address("invitation_accept", invitation)).status_code == 422
        assert stored() == before


class TestInvitationDecline:
    def test_with_or_without_a_reason(self, client, invitation, lead):
        come_in(client, invitation)
        decline = address("invitation_decline", invitation)
        assertContains(client.get(decline), "辞退しますか")
        done = client.post(decline, {"reason": "異動します"}, follow=True)
        assertContains(done, "招待を辞退しました")
        invitation.refresh_from_db()
        assert (invitation.status, invitation.reason) == (InvitationStatus.DECLINED, "異動します")
        assert "異動します" in OutboxMail.objects.get(to=lead.user.email).body


class TestWithoutASeat:
    def test_a_plain_login_leads_to_the_offer(self, client, invitation):
        user = UserFactory(email=NEW)
        client.post("/accounts/login/code/", {"email": user.email})
        done = client.post(CONFIRM, {"code": mailed_code(NEW)})
        assert done.url == address("invitation_accept", invitation)

    def test_a_member_page_points_to_it(self, client, invitation):
        client.force_login(UserFactory(email=NEW))
        refusal = client.get(reverse("portal:member_home"))
        assertContains(refusal, "招待が届いています", status_code=403)
        accept = address("invitation_accept", invitation)
        assertContains(refusal, accept, status_code=403)

    def test_whoever_had_left_comes_back(self, client, office):
        former = UserFactory(email=NEW)
        Seat.objects.create(
            user=former,
            office=office,
            role=Role.READER,
            valid_from=today() - timedelta(days=9),
            valid_until=today() - timedelta(days=1),
        )
        invitation = InvitationFactory(office=office, email=NEW)
        client.post("/accounts/login/code/", {"email": NEW})
        client.post(CONFIRM, {"code": mailed_code(NEW)})
        assert is_logged_in(client)
        client.post(address("invitation_accept", invitation))
        assert former.seats.count() == 2
