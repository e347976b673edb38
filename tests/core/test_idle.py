"""Sessions end by themselves, and what was typed is there again for the same person alone."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.idle import LARGEST_FORM, LOCK, MOST_FORMS
from members.models import Seat
from proposals.models import Proposal, Reply
from tests.factories.members import PASSWORD, ThemeFactory
from tests.factories.proposals import ProposalFactory
from tests.secretariat import secretary, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CREATE = reverse("proposals:proposal_create")
TITLE = "雪を届ける 共同の催し"
ENDED = "2時間操作がなかったため"
KEPT = "入力していた内容は残してあります"
NOT_KEPT = "今回送ろうとした内容は残せませんでした"
SHOWN = "ログインの前に入力していた内容を表示しています"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-11-22 09:00+09:00", tick=False)
    return time_machine


def log_in(client: Client, seat: Seat, next_url: str = ""):
    form = {"login": seat.user.email, "password": PASSWORD, "next": next_url}
    return client.post("/accounts/login/", form)


@pytest.fixture
def browser(lead) -> Client:
    """Where the lead of 坂井市 has logged in at nine."""
    client = Client()
    log_in(client, lead)
    return client


def typed(client: Client, **changes) -> dict:
    """The form of a proposal as it is posted."""
    token = client.get(CREATE).context["token"]
    themes = [ThemeFactory().pk]
    return {
        "token": token,
        "kind": "seek",
        "title": TITLE,
        "themes": themes,
        "body": "一行目\n二行目",
        "wished_from_y": "令和9",
        "wished_from_m": "４",
        "step": "check",
    } | changes


def minutes(number: int) -> int:
    return number * 60


class TestTheEnd:
    def test_comes_after_two_hours_without_a_request(self, browser, clock):
        clock.shift(minutes(119))
        assert browser.get("/member/").status_code == 200
        clock.shift(minutes(120))
        assertRedirects(browser.get("/member/"), "/accounts/login/?next=/member/")
        assertContains(browser.get("/accounts/login/"), "会員ログイン")

    def test_says_why(self, browser, clock):
        clock.shift(minutes(120))
        assertContains(browser.get("/member/", follow=True), ENDED)

    def test_on_a_public_page_one_reads_on(self, browser, clock):
        clock.shift(minutes(120))
        page = browser.get("/news/")
        assertContains(page, ENDED)
        assertContains(page, "会員ログイン")

    def test_comes_on_pages_that_do_not_exist_too(self, browser, clock):
        clock.shift(minutes(121))
        assertNotContains(browser.get("/no/such/page/"), "ログイン中", status_code=404)

    def test_comes_twelve_hours_after_the_login_however_busy(self, browser, clock):
        for _ in range(11 * 2 + 1):
            clock.shift(minutes(30))
            assert browser.get("/member/").status_code == 200
        clock.shift(minutes(30))
        page = browser.get("/member/", follow=True)
        assertContains(page, "ログインから12時間がたったため")

    def test_a_login_that_led_nowhere_ends_as_well(self, browser, clock):
        clock.shift(minutes(121))
        assert browser.get("/member/").status_code == 302

    def test_a_new_login_begins_anew(self, browser, clock, lead):
        clock.shift(minutes(11 * 60))
        browser.get("/member/")
        log_in(browser, lead)
        clock.shift(minutes(90))
        assert browser.get("/member/").status_code == 200

    def test_leaves_nothing_of_the_session(self, browser, clock):
        before = browser.session.session_key
        clock.shift(minutes(121))
        browser.get("/member/")
        assert not Session.objects.filter(session_key=before).exists()
        assert "_auth_user_id" not in browser.session
        assert browser.cookies["sessionid"]["max-age"] == ""


class TestWriting:
    def writes(self, queries) -> int:
        changing = ("UPDATE", "INSERT", "DELETE")
        return sum(query["sql"].startswith(changing) for query in queries.captured_queries)

    def test_a_session_is_written_every_five_minutes_at_most(
        self, browser, clock, django_assert_max_num_queries
    ):
        browser.get("/member/")
        counts = []
        for seconds in (60, 200, 39, 1, 1):
            clock.shift(seconds)
            with django_assert_max_num_queries(100) as queries:
                browser.get("/about/")
            counts.append(self.writes(queries))
        assert counts == [0, 0, 0, 1, 0]


class TestWhatWasTyped:
    def test_is_there_again_after_the_login(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        answer = browser.post(CREATE, form)
        assertRedirects(answer, f"/accounts/login/?next={CREATE}", fetch_redirect_response=False)
        assertContains(browser.get(answer.url), "入力していた内容は残してあります")
        assertNotContains(browser.get(answer.url), TITLE)
        assert not Proposal.objects.exists()

        assertRedirects(log_in(browser, lead, CREATE), CREATE, fetch_redirect_response=False)
        page = browser.get(CREATE)
        assertContains(page, SHOWN)
        assertContains(page, f'value="{TITLE}"')
        assertContains(page, "一行目\n二行目")
        assertContains(page, 'value="４"')
        assert page.context["token"] == form["token"]
        assert not Proposal.objects.exists()

    def test_a_last_step_is_not_performed_by_coming_back(self, browser, clock, lead):
        form = typed(browser, step="draft")
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        for _ in range(2):  # loaded again, it is still there
            assertContains(browser.get(CREATE), TITLE)
        assert not Proposal.objects.exists()
        answer = browser.post(CREATE, form)
        assert Proposal.objects.get().title == TITLE
        assertRedirects(answer, Proposal.objects.get().get_absolute_url())
        assertNotContains(browser.get(CREATE), TITLE)

    def test_is_kept_when_another_page_has_ended_the_session_before(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.get("/member/")
        browser.post(CREATE, form)
        log_in(browser, lead)
        assertContains(browser.get(CREATE), TITLE)

    def test_is_kept_over_two_ends(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        clock.shift(minutes(125))
        browser.get("/member/")
        log_in(browser, lead)
        assertContains(browser.get(CREATE), TITLE)

    def test_is_never_shown_to_another_person(self, browser, clock, deputy, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, deputy)
        assert LOCK not in browser.session
        assertNotContains(browser.get(CREATE), TITLE)
        browser.post("/accounts/logout/")
        log_in(browser, lead)
        assertNotContains(browser.get(CREATE), TITLE)

    def test_nor_to_whoever_does_not_log_in(self, browser, clock):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        assert browser.get(CREATE).status_code == 302
        assertNotContains(browser.get("/"), TITLE)

    def test_is_gone_after_a_logout(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        browser.post("/accounts/logout/")
        log_in(browser, lead)
        assertNotContains(browser.get(CREATE), TITLE)

    def test_gives_way_to_nothing_that_somebody_else_may_have_typed(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        assertContains(browser.post(CREATE, form, follow=True), KEPT)
        # Whoever sits down next goes back, and the form is there.
        answer = browser.post(CREATE, form | {"title": "別の方の件名"}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={CREATE}"
        assertContains(answer, NOT_KEPT)
        assertNotContains(answer, KEPT)
        log_in(browser, lead)
        page = browser.get(CREATE)
        assertContains(page, f'value="{TITLE}"')
        assertNotContains(page, "別の方の件名")
        assert not Proposal.objects.exists()

    def test_that_has_not_been_shown_stays_over_a_second_end(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        clock.shift(minutes(125))
        assertContains(browser.post(CREATE, form | {"title": "あと"}, follow=True), NOT_KEPT)
        log_in(browser, lead)
        assertContains(browser.get(CREATE), f'value="{TITLE}"')

    def test_once_shown_gives_way_to_what_was_made_of_it(self, browser, clock, lead):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        assertContains(browser.get(CREATE), f'value="{TITLE}"')
        clock.shift(minutes(125))
        assertContains(browser.post(CREATE, form | {"title": "直した件名"}, follow=True), KEPT)
        log_in(browser, lead)
        assertContains(browser.get(CREATE), 'value="直した件名"')

    def test_is_kept_of_every_page_that_was_open(self, browser, clock, lead):
        office = reverse("members:office_update", args=[lead.office.pk])
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        browser.post(office, {"name": "防災課", "version": lead.office.version})
        log_in(browser, lead)
        assertContains(browser.get(CREATE), f'value="{TITLE}"')
        assertContains(browser.get(office), 'value="防災課"')
        # What one page has sent is dropped; the other one's stays.
        browser.post(CREATE, form | {"step": "draft"})
        assertNotContains(browser.get(CREATE), TITLE)
        assertContains(browser.get(office), 'value="防災課"')

    def test_is_kept_of_a_few_pages_only(self, browser, clock):
        browser.get("/member/")
        clock.shift(minutes(125))
        addresses = [reverse("proposals:reply_create", args=[pk]) for pk in range(MOST_FORMS + 1)]
        answers = [browser.post(address, {"body": "はい"}, follow=True) for address in addresses]
        for answer in answers[:-1]:
            assertContains(answer, KEPT)
        assertContains(answers[-1], NOT_KEPT)
        assert list(browser.session[LOCK]["forms"]) == addresses[:-1]

    def test_is_never_a_token_or_a_password(self, browser, clock):
        form = typed(browser, csrfmiddlewaretoken="secret-token", password1="合い言葉")
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        kept = browser.session[LOCK]["forms"][CREATE]["typed"]
        assert kept["title"] == [TITLE]
        assert not {"csrfmiddlewaretoken", "password1"} & kept.keys()

    def test_passwords_of_the_account_pages_are_not_kept(self, browser, clock):
        clock.shift(minutes(125))
        form = {"oldpassword": PASSWORD, "password1": "あたらしい", "password2": "あたらしい"}
        assert browser.post("/accounts/password/change/", form).status_code == 302
        assert browser.session[LOCK]["forms"] == {}

    def test_is_not_kept_beyond_all_measure(self, browser, clock):
        form = typed(browser, body="雪" * LARGEST_FORM)
        clock.shift(minutes(125))
        answer = browser.post(CREATE, form, follow=True)
        assertContains(answer, NOT_KEPT)
        assert browser.session[LOCK]["forms"] == {}

    def test_without_the_csrf_token_it_is_not_kept(self, lead, clock):
        client = Client(enforce_csrf_checks=True)
        client.force_login(lead.user)
        client.get("/member/")
        clock.shift(minutes(125))
        assert client.post(CREATE, {"title": TITLE}).status_code == 403
        assert client.session[LOCK]["forms"] == {}

    def test_without_an_ended_session_nothing_is_kept(self, client):
        assert client.post(CREATE, {"title": TITLE}).status_code == 302
        assert not client.session.keys()

    def test_a_reply_is_shown_under_its_proposal(self, browser, clock, lead, other_lead):
        proposal = ProposalFactory(organization=other_lead.organization, office=other_lead.office)
        address = reverse("proposals:reply_create", args=[proposal.pk])
        clock.shift(minutes(125))
        browser.post(address, {"body": "参加できます", "seat": lead.pk})
        log_in(browser, lead)
        page = browser.get(address)
        assertContains(page, "参加できます</textarea>")
        assertContains(page, proposal.title)
        assert not Reply.objects.exists()

    def test_a_changed_office_still_minds_its_version(self, browser, clock, lead):
        office = lead.office
        address = reverse("members:office_update", args=[office.pk])
        form = {"name": "防災課", "phone": "0776-00-0000", "version": office.version}
        clock.shift(minutes(125))
        browser.post(address, form)
        type(office).objects.update(version=office.version + 1)
        log_in(browser, lead)
        page = browser.get(address)
        assertContains(page, 'value="防災課"')
        assertContains(page, f'name="version" value="{office.version}"')
        office.refresh_from_db()
        assert office.name == "企画政策課"

    def test_an_action_of_the_admin(self, clock):
        seat = secretary("会員登録")
        client = Client()
        log_in(client, seat)
        other = secretary("会員登録")
        address = url("members.seat", "end", other.pk)
        clock.shift(minutes(125))
        form = {"last_day_0": "令和8", "last_day_1": "11", "last_day_2": "30"}
        client.post(address, form)
        log_in(client, seat)
        assertContains(client.get(address), SHOWN)
        other.refresh_from_db()
        assert other.valid_until is None

    def test_the_log_tells_what_was_asked(self, browser, clock, lead, caplog):
        form = typed(browser)
        clock.shift(minutes(125))
        browser.post(CREATE, form)
        log_in(browser, lead)
        caplog.clear()
        browser.get(CREATE)
        [line] = [record for record in caplog.records if record.name == "core.requests"]
        assert line.facts["method"] == "GET"
        assert TITLE not in str(line.facts)


def test_the_long_form_says_so(browser):
    assertContains(browser.get(CREATE), "2時間操作がないと、ログインが終わります")
