"""The page behind the link of a campaign's mail: masked, once, and no way around a login."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import once
from core.dates import day_text, start_of, today
from core.enums import MailKind, MailState
from core.models import OutboxMail
from members import services
from members.enums import Answer
from members.models import Campaign, Membership, Office, User
from tests.factories.members import OfficeFactory, SeatFactory
from tests.members.campaign.asking import asked_of, code_to, link_to, settle, start
from tests.members.changes import stored
from tests.members.pages import hidden
from tests.members.people.logins import login_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(office, lead, deputy) -> Campaign:
    office.extension, office.fax, office.email = "2315", "0776-68-0324", "kikaku@city.sakai.lg.jp"
    office.save()
    return start(office)


@pytest.fixture
def address(campaign, lead) -> str:
    return address_of(lead.user.email)


def address_of(email: str) -> str:
    return reverse("core:mail_link", args=[code_to(email)])


def posted(page, step: str = "confirm") -> dict[str, str]:
    (version,) = hidden(page, "version")
    (token,) = hidden(page, "token")
    return {"version": version, "token": token, "step": step}


class TestPage:
    def test_shows_what_is_registered_partly_masked(self, address, campaign, office, lead, deputy):
        response = Client().get(address)
        assertContains(response, f"回答期限は{day_text(campaign.deadline)}です")
        for shown in (
            "福井県坂井市",
            "企画政策課",
            "919-0592",
            "見本町1-1",
            "07••-••-••10",
            "•••5",
            "07••-••-••24",
            "k•••@city.…",
            "見••• ",
            "まだ確認されていません",
        ):
            assertContains(response, shown)
        for hidden_value in (
            office.phone,
            "2315",
            office.fax,
            office.email,
            lead.user.email,
            lead.user.given_name,
            deputy.user.email,
        ):
            assertNotContains(response, hidden_value)

    def test_opening_changes_nothing_however_often(self, address):
        before = stored()
        for _ in range(3):
            assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200
        assert stored() == before

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries(
        self, campaign, office, lead, people, raise_on_fetch, django_assert_num_queries
    ):
        for _ in range(people):
            SeatFactory(office=office)
        client, address = Client(), address_of(lead.user.email)
        client.get(address)  # fills what is kept for a minute
        # wrong codes, link; confirmation, whether it is still asked; who answers; the address's
        # account, its seats
        with django_assert_num_queries(6):
            assert client.get(address).status_code == 200


class TestConfirm:
    def test_one_button_and_a_page_that_says_it_is_done(self, address, office):
        client = Client(enforce_csrf_checks=True)
        form = posted(client.get(address)) | {
            "csrfmiddlewaretoken": client.cookies["csrftoken"].value
        }
        response = client.post(address, form, headers={"origin": "http://testserver"}, follow=True)
        assertRedirects(response, address)
        assertContains(response, "登録情報に変更がないことを記録しました。")
        assertContains(response, "ほかにしていただくことはありません")
        assert asked_of(office).answer == Answer.UNCHANGED

    def test_sent_twice_it_is_one_confirmation(self, address, office):
        client = Client()
        form = posted(client.get(address))
        answers = [client.post(address, form) for _ in range(2)]
        assert [answer.url for answer in answers] == [address, address]
        assert office.__class__.objects.get().version == 1

    def test_every_link_then_says_who_has_answered_and_when(
        self, campaign, address, office, lead, deputy, time_machine
    ):
        settle()
        time_machine.move_to(start_of(campaign.deputies_on))
        services.remind(today())
        services.confirm_office(office, by=deputy)
        for email in (lead.user.email, deputy.user.email):
            response = Client().get(address_of(email))
            assertContains(response, "回答は、記録しています")
            assertContains(response, f"{day_text(campaign.deputies_on)}　")
            assertContains(response, "サイトで確認")
            assertNotContains(response, "変更ありません")
        assertContains(Client().get(address), "回答は、記録しています")

    def test_whoever_is_slower_is_told(self, address, office, lead):
        client = Client()
        form = posted(client.get(address))
        services.confirm_office(office, by=lead)
        before = stored()
        response = client.post(address, form)
        assertContains(response, "回答は、記録しています", status_code=409)
        assert stored() == before

    def test_what_has_changed_meanwhile_is_shown_and_not_confirmed(self, address, office, lead):
        client = Client()
        form = posted(client.get(address))
        Office.objects.update(version=2, phone="0776-50-7777")
        before = stored()
        response = client.post(address, form)
        assertContains(response, "ほかの担当者が先に更新しました", status_code=409)
        assertContains(response, "07••-••-••77", status_code=409)
        assert stored() == before
        assert client.post(address, posted(response)).status_code == 302
        assert asked_of(office).answer == Answer.UNCHANGED

    @pytest.mark.parametrize("version", ["", "x", "0", "2"])
    def test_nobody_confirms_what_was_not_shown(self, address, version):
        before = stored()
        data = {"version": version, "token": once.new_token(), "step": "confirm"}
        assert Client().post(address, data).status_code == 409
        assert stored() == before

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda: Campaign.objects.update(ended_at=timezone.now()), "に終わりました。"),
            (
                lambda: Membership.objects.update(left=today() - timedelta(days=1)),
                "この団体の会員登録は終わっています。",
            ),
        ],
        ids=["ended", "left"],
    )
    def test_a_link_that_asks_nothing_any_more_says_why(self, address, change, sentence):
        client = Client()
        form = posted(client.get(address))
        change()
        before = stored()
        assertContains(client.get(address), sentence)
        assertContains(client.post(address, form), sentence, status_code=409)
        assert stored() == before

    def test_after_its_time_a_new_link_goes_to_the_same_address(
        self, campaign, address, lead, time_machine
    ):
        settle()
        time_machine.move_to(campaign.links_until + timedelta(hours=1))
        client = Client()
        page = client.get(address)
        assertContains(page, "このリンクは、期限が過ぎています", status_code=410)
        (token,) = hidden(page, "token")
        client.post(address, {"step": "renew", "token": token})
        assert OutboxMail.objects.get(state=MailState.NEW).to == lead.user.email
        assert Client().get(address_of(lead.user.email)).status_code == 200


class TestCorrect:
    def test_leads_through_a_login_of_the_very_address_to_the_form(self, address, office, lead):
        client = Client()
        before_login = posted(client.get(address), "correct")
        response = client.post(address, before_login, follow=True)
        assertContains(response, "番号")
        assert OutboxMail.objects.get(kind=MailKind.SECRET).to == lead.user.email
        confirm = response.redirect_chain[-1][0]
        answer = client.post(confirm, {"code": login_code(lead.user.email)})
        assertRedirects(answer, reverse("members:office_update", args=[office.pk]))
        assert not asked_of(office).answer

    @pytest.mark.parametrize("who", ["lead", "deputy"])
    def test_whoever_is_logged_in_and_may_goes_straight_there(
        self, request, client_of, address, office, who
    ):
        client = client_of(request.getfixturevalue(who))
        response = client.post(address, posted(client.get(address), "correct"))
        assertRedirects(response, reverse("members:office_update", args=[office.pk]))

    def test_somebody_else_at_the_same_pc_is_led_nowhere(self, client_of, address, other_lead):
        client = client_of(other_lead)
        page = client.get(address)
        assertNotContains(page, "「修正する」を押すと")
        assertContains(page, "ログアウトしてこのページに戻る")
        assertRedirects(client.post(address, posted(page, "correct")), address)
        assert not OutboxMail.objects.filter(kind=MailKind.SECRET).exists()

    def test_a_shared_address_without_an_account_is_told_how(self, campaign, office, time_machine):
        settle()
        time_machine.move_to(start_of(campaign.office_on))
        services.remind(today())
        address = address_of(office.email)
        client, accounts = Client(), User.objects.count()
        page = client.get(address)
        assertContains(page, "この部署の担当者としてログインしてください")
        assertContains(page, reverse("account_request_login_code"))
        assertNotContains(page, 'value="correct"')
        assertRedirects(client.post(address, posted(page, "correct")), address)
        assert User.objects.count() == accounts
        assert client.post(address, posted(page)).status_code == 302
        assert asked_of(office).answer == Answer.UNCHANGED

    def test_nor_is_an_account_whose_seat_has_ended_let_in(self, address, lead):
        lead.valid_until = today() - timedelta(days=1)
        lead.save()
        client = Client()
        page = client.get(address)
        assertNotContains(page, 'value="correct"')
        assertRedirects(client.post(address, posted(page, "correct")), address)
        assert not OutboxMail.objects.filter(kind=MailKind.SECRET).exists()


class TestMemberPages:
    """The request stands where the members are anyway."""

    def test_the_offices_page_asks_until_it_is_answered(self, client_of, campaign, office, lead):
        client, page = client_of(lead), office.get_absolute_url()
        sentence = f"{day_text(campaign.deadline)}までに"
        assertContains(client.get(page), sentence)
        services.confirm_office(office, by=lead)
        response = client.get(page)
        assertNotContains(response, sentence)
        assertContains(response, f"{day_text(today())} 確認")

    def test_others_are_not_asked(self, client_of, campaign, office, other_lead):
        response = client_of(other_lead).get(office.get_absolute_url())
        assertNotContains(response, campaign.title)

    def test_the_member_home_asks_fresh_offices_too(self, client_of, campaign, office, lead):
        Office.objects.update(confirmed_at=timezone.now())
        home, client = reverse("portal:member_home"), client_of(lead)
        assertContains(client.get(home), f"{campaign}　{day_text(campaign.deadline)}まで")
        services.confirm_office(office, by=lead)
        assertNotContains(client.get(home), "登録情報を確認する")
        OfficeFactory(organization=office.organization, name="支所", is_main=False)
        assertContains(client.get(home), "支所の登録情報を確認する")
        assert link_to(lead.user.email)
