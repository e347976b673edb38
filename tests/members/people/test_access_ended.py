"""A session ends with the first request after its account may log in no more."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import dates
from core.idle import LOCK
from core.models import AuditEntry, OutboxMail
from members.models import Seat, User
from proposals.models import Proposal
from tests.factories.members import SeatFactory, UserFactory
from tests.members.people.factors import is_logged_in, logged_in

pytestmark = pytest.mark.django_db

CREATE = reverse("proposals:proposal_create")
TOLD = "担当を離れたなどの理由で利用を止めているため、ログインを終了しました"


@pytest.fixture
def browser(deputy: Seat) -> Client:
    """Where the deputy of 坂井市 has logged in while the seat held."""
    client = logged_in(deputy.user)
    assert client.get("/member/").status_code == 200
    return client


def end(seat: Seat) -> None:
    Seat.objects.filter(pk=seat.pk).update(valid_until=dates.today() - timedelta(days=1))


class TestTheEnd:
    def test_leads_to_the_login_and_says_why(self, browser, deputy):
        end(deputy)
        answer = browser.get("/member/")
        assertRedirects(answer, "/accounts/login/?next=/member/", fetch_redirect_response=False)
        page = browser.get(answer.url)
        assertContains(page, TOLD)
        assertContains(page, "会員登録の担当へお電話ください")
        assertNotContains(browser.get("/accounts/login/"), TOLD)

    def test_on_a_public_page_one_reads_on(self, browser, deputy):
        end(deputy)
        page = browser.get("/news/")
        assertContains(page, TOLD)
        assertContains(page, "会員ログイン")
        assertNotContains(page, deputy.user.display_name)

    @pytest.mark.parametrize("page", ["/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"])
    def test_the_pages_of_the_account_are_closed_too(self, browser, deputy, page):
        end(deputy)
        assertRedirects(browser.get(page), f"/accounts/login/?next={page}")

    def test_leaves_nothing_of_the_session(self, browser, deputy):
        before = browser.session.session_key
        end(deputy)
        browser.get("/member/")
        assert not is_logged_in(browser)
        assert not Session.objects.filter(session_key=before).exists()

    def test_what_was_posted_is_neither_done_nor_kept(self, browser, deputy):
        token = browser.get(CREATE).context["token"]
        end(deputy)
        form = {"token": token, "kind": "seek", "title": "雪を届ける", "step": "draft"}
        answer = browser.post(CREATE, form)
        assert answer.url == f"/accounts/login/?next={CREATE}"
        assert LOCK not in browser.session
        page = browser.get(answer.url)
        assertContains(page, TOLD)
        assertNotContains(page, "残してあります")
        assert not Proposal.objects.exists()
        assert not OutboxMail.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_comes_to_every_browser(self, browser, deputy):
        other = logged_in(deputy.user)
        end(deputy)
        for client in (browser, other):
            client.get("/")
            assert not is_logged_in(client)

    def test_comes_with_a_closed_account(self, browser, deputy):
        User.objects.filter(pk=deputy.user_id).update(is_active=False)
        assert browser.get("/member/").status_code == 302
        assert not browser.get("/").context["user"].is_authenticated

    def test_comes_by_the_day(self, deputy, time_machine):
        time_machine.move_to("2027-03-31 23:50+09:00", tick=False)
        Seat.objects.filter(pk=deputy.pk).update(valid_until=dates.today())
        client = logged_in(deputy.user)
        assert client.get("/member/").status_code == 200
        time_machine.move_to("2027-04-01 00:01+09:00", tick=False)
        assertContains(client.get("/member/", follow=True), TOLD)


class TestWhoStays:
    def test_whoever_holds_another_seat(self, browser, deputy):
        other = SeatFactory(user=deputy.user)
        end(deputy)
        assertContains(browser.get("/member/"), other.organization.full_name)

    def test_whoever_has_one_to_come_stays_but_opens_nothing_for_members(self, browser, deputy):
        SeatFactory(user=deputy.user, valid_from=dates.today() + timedelta(days=1))
        end(deputy)
        first_day = dates.day_text(dates.today() + timedelta(days=1))
        page = browser.get("/member/")
        assertContains(page, f"{first_day}から使えます")
        assertContains(page, "ログアウト")
        assertNotContains(page, "連携提案")
        assertContains(browser.get("/proposals/"), f"{first_day}から始まります", status_code=403)
        assert browser.get("/accounts/email/").status_code == 200

    def test_the_break_glass_account(self):
        client = logged_in(UserFactory(is_superuser=True))
        assert client.get("/admin/").status_code == 200

    def test_somebody_elses_session(self, browser, deputy, reader):
        other = logged_in(reader.user)
        end(deputy)
        browser.get("/member/")
        assert other.get("/member/").status_code == 200


@pytest.mark.parametrize("page", ["/about/", "/news/", "/member/"])
def test_the_question_costs_a_page_nothing(deputy, page, django_assert_max_num_queries):
    """Every page that shows who is logged in reads the seats, and reads them once."""
    client = logged_in(deputy.user)
    client.get(page)
    with django_assert_max_num_queries(100) as queries:
        client.get(page)
    seats = [q["sql"] for q in queries.captured_queries if 'FROM "members_seat"' in q["sql"]]
    assert len(seats) == 1
