"""The terms of use: nothing of the members' opens before they are accepted, and again later."""

from contextlib import suppress

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chronicle.models import Page
from core.enums import Level
from core.errors import DomainError
from core.models import AuditEntry, OutboxMail
from members import services
from members import terms as terms_of_use
from members.enums import Action, UserKind
from members.models import TermsAcceptance
from proposals.models import Proposal
from tests.addresses import all_addresses
from tests.factories.chronicle import NewsFactory
from tests.factories.members import SeatFactory, ThemeFactory, UserFactory
from tests.members.people.factors import is_logged_in, logged_in
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db

ACCEPT, DECLINE = "/account/terms/", "/account/terms/decline/"
# One's own name and what is held about oneself do not hang on a yes.
OPEN = ("terms_accept", "terms_decline", "person_update", "own_data", "own_data_export")
CREATE = reverse("proposals:proposal_create")
UNFINISHED = "## 目的\n\n【事務局が定める】"


def accept(client: Client, edition: int = 1, next_url: str = "/member/"):
    return client.post(ACCEPT, {"edition": str(edition), "next": next_url})


def raise_edition(page: Page, edition: int = 2) -> None:
    Page.objects.filter(pk=page.pk).update(edition=edition)
    caches["process"].clear()


@pytest.fixture
def browser(terms, lead) -> Client:
    """Where the lead has logged in and has not seen the terms."""
    return logged_in(lead.user)


@pytest.fixture
def accepted(browser) -> Client:
    accept(browser)
    return browser


def reverse_any(name: str) -> str:
    for arguments in ([], [1], ["1"], ["csv"], [1, "csv"]):
        with suppress(NoReverseMatch):
            return reverse(name, args=arguments)
    raise AssertionError(name)


class TestInForce:
    def test_is_the_page_as_it_is_published(self, terms):
        found = terms_of_use.in_force()
        assert (found.edition, found.title, found.url) == (1, "利用規約", "/pages/terms/")
        assert "地域をつなぎます" in found.html

    def test_no_page_no_terms(self, terms, lead):
        terms.delete()
        assert terms_of_use.in_force() is None
        assert logged_in(lead.user).get("/member/").status_code == 200

    @pytest.mark.parametrize(("embedded", "status"), [(True, 302), (False, 200)])
    def test_an_unfinished_one_counts_where_it_is_linked(
        self, terms, lead, settings, embedded, status
    ):
        settings.EMBEDDED = embedded
        Page.objects.update(body=UNFINISHED)
        assert logged_in(lead.user).get("/member/").status_code == status

    def test_a_new_edition_reaches_everybody_within_a_minute(self, terms, accepted):
        accepted.get("/member/")
        Page.objects.update(edition=2)
        assert accepted.get("/member/").status_code == 200
        caches["process"].clear()  # as a minute does
        assert accepted.get("/member/").status_code == 302

    @pytest.mark.parametrize("gone", [UNFINISHED, ""])
    def test_terms_that_hold_no_more_lead_nobody_in_circles(self, terms, lead, settings, gone):
        """Each process knows of it a minute late; the page of the terms at once."""
        settings.EMBEDDED = False
        client = logged_in(lead.user)
        assert client.get("/member/").url.startswith(ACCEPT)
        if gone:
            Page.objects.update(body=gone)
        else:
            terms.delete()
        assert client.get("/member/").status_code == 200


@pytest.mark.once
class TestBefore:
    def test_every_way_leads_to_the_terms_and_back(self, browser, lead):
        answer = browser.get("/proposals/?q=yuki")
        assert answer.url == f"{ACCEPT}?next=/proposals/%3Fq%3Dyuki"
        page = browser.get(answer.url)
        assertContains(page, "利用規約（第1版）")
        assertContains(page, "地域をつなぎます")
        assertContains(page, "会員のページを使う前に")
        done = accept(browser, next_url=page.context["next"])
        assertRedirects(done, "/proposals/?q=yuki")

    @pytest.mark.parametrize(
        "page",
        [
            "/account/name/",
            "/accounts/email/",
            "/accounts/password/change/",
            "/accounts/2fa/",
            "/accounts/sessions/",
            "/accounts/logout/",
            "/pages/terms/",
            "/news/",
            "/",
        ],
    )
    def test_the_own_profile_and_what_is_public_open(self, browser, page):
        assert browser.get(page).status_code == 200

    def test_logging_out_needs_no_yes(self, browser):
        browser.post("/accounts/logout/")
        assert not is_logged_in(browser)

    def test_every_other_address_is_closed(self, browser):
        """Whatever is added stays closed unless the middleware says otherwise."""
        for address in all_addresses():
            if address.room not in ("members", "proposals", "portal", "agreements"):
                continue
            is_public = not getattr(address.view, "login_required", True)
            if is_public or address.name in OPEN:
                continue
            path = reverse_any(address.full_name)
            answer = browser.get(path)
            assert answer.status_code == 302, path
            assert answer.url.startswith(ACCEPT), path

    def test_public_pages_show_what_the_public_sees(self, browser, lead):
        news = NewsFactory(level=Level.MEMBERS)
        assert browser.get(news.get_absolute_url()).status_code == 404
        page = browser.get("/news/")
        assertNotContains(page, news.title)
        assertNotContains(page, "会員ホーム")
        assertContains(page, lead.user.polite_name)
        accept(browser)
        assert browser.get(news.get_absolute_url()).status_code == 200

    def test_the_admin_is_closed_too(self, terms):
        client = secretary_client()
        for page in ("/admin/", url("members.user", "changelist")):
            answer = client.get(page)
            assert answer.status_code == 302
            assert answer.url.startswith(ACCEPT)
        accept(client, next_url="/admin/")
        assert client.get("/admin/").status_code == 200

    def test_anonymous_is_led_to_the_login_as_ever(self, terms, client):
        assertRedirects(client.get("/member/"), "/accounts/login/?next=/member/")
        assert client.get("/").status_code == 200
        assertRedirects(client.get(ACCEPT), f"/accounts/login/?next={ACCEPT}")

    def test_whoever_has_no_seat_yet_is_asked_first(self, terms, client_of):
        user = UserFactory()
        client = logged_in(user)
        assert client.get("/member/").url.startswith(ACCEPT)
        accept(client)
        assert client.get("/member/").status_code == 403


class TestTermsAccept:
    def test_is_kept_with_edition_time_and_an_audit_row(self, browser, lead, time_machine):
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        client = logged_in(lead.user)
        assertRedirects(accept(client), "/member/")
        row = TermsAcceptance.objects.get()
        assert (row.user, row.edition) == (lead.user, 1)
        assert row.accepted_at.isoformat() == "2026-11-22T01:00:00+00:00"
        entry = AuditEntry.objects.get()
        assert entry.action == Action.ACCEPT_TERMS
        assert entry.changes == {"edition": [None, 1]}
        assert (entry.object_label, entry.actor_office) == (f"利用者 {lead.user.pk}", "企画政策課")

    def test_twice_is_once(self, browser):
        accept(browser)
        accept(browser)
        assert TermsAcceptance.objects.count() == AuditEntry.objects.count() == 1

    def test_in_every_browser_of_the_account(self, accepted, lead):
        assert logged_in(lead.user).get("/member/").status_code == 200

    def test_a_shared_account_accepts_for_all_its_users(self, terms):
        seat = SeatFactory(user__kind=UserKind.OFFICE)
        first = logged_in(seat.user)
        assertContains(first.get(ACCEPT), "どなたかお一人が同意すれば")
        accept(first)
        assert logged_in(seat.user).get("/member/").status_code == 200

    def test_each_account_for_itself(self, accepted, deputy):
        assert logged_in(deputy.user).get("/member/").status_code == 302

    def test_again_after_a_new_edition(self, accepted, terms):
        raise_edition(terms)
        answer = accepted.get("/member/")
        page = accepted.get(answer.url)
        assertContains(page, "利用規約が新しくなりました")
        assertContains(page, "（第2版）")
        accept(accepted, 2)
        assert accepted.get("/member/").status_code == 200
        assert list(TermsAcceptance.objects.values_list("edition", flat=True)) == [2, 1]

    @pytest.mark.parametrize("edition", ["1", "0", "3", "", "②", "x"])
    def test_what_is_not_in_force_any_more_is_not_accepted(self, browser, terms, edition):
        raise_edition(terms)
        answer = browser.post(ACCEPT, {"edition": edition, "next": "/member/"}, follow=True)
        assert answer.status_code in (200, 422)
        assert not TermsAcceptance.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_the_service_refuses_an_edition_that_is_not_in_force(self, terms, lead):
        with pytest.raises(DomainError, match="利用規約が新しくなりました"):
            services.accept_terms(lead.user, 2)
        assert not TermsAcceptance.objects.exists()

    @pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:1"])
    def test_never_leads_to_another_site(self, browser, elsewhere):
        assert accept(browser, next_url=elsewhere).url == "/member/"

    def test_whoever_has_accepted_is_not_asked_again(self, accepted):
        assertRedirects(accepted.get(f"{ACCEPT}?next=/proposals/"), "/proposals/")

    def test_mails_nobody(self, accepted):
        assert not OutboxMail.objects.exists()


@pytest.mark.once
class TestTermsDecline:
    def test_logs_out_and_says_what_it_means(self, browser):
        answer = browser.post(DECLINE, follow=True)
        assertContains(answer, "利用規約に同意しなかったため、ログアウトしました")
        assert not is_logged_in(browser)
        assert not TermsAcceptance.objects.exists()

    def test_only_by_the_button(self, browser):
        assert browser.get(DECLINE).status_code == 405
        assert is_logged_in(browser)


@pytest.mark.once
class TestWhatWasTyped:
    def form(self, client: Client) -> dict:
        token = client.get(CREATE).context["token"]
        return {
            "token": token,
            "kind": "seek",
            "title": "雪を届ける",
            "themes": [ThemeFactory().pk],
            "body": "一行目\n二行目",
            "step": "draft",
        }

    def test_is_shown_again_unsent_after_the_yes(self, accepted, terms):
        form = self.form(accepted)
        raise_edition(terms)
        answer = accepted.post(CREATE, form)
        assert answer.url == f"{ACCEPT}?next={CREATE}"
        page = accepted.get(answer.url)
        assertContains(page, "入力していた内容は残してあります。利用規約に同意すると")
        assertNotContains(page, "雪を届ける")
        accept(accepted, 2, CREATE)
        page = accepted.get(CREATE)
        assertContains(page, "利用規約の前に入力していた内容を表示しています")
        assertContains(page, "雪を届ける")
        assert not Proposal.objects.exists()
        accepted.post(CREATE, form)
        assert Proposal.objects.get().title == "雪を届ける"

    def test_looking_again_before_the_yes_shows_nothing(self, accepted, terms):
        form = self.form(accepted)
        raise_edition(terms)
        accepted.post(CREATE, form)
        answer = accepted.get(CREATE)
        assert answer.url.startswith(ACCEPT)
        assertNotContains(accepted.get(answer.url), "入力していた内容を表示しています")
        accept(accepted, 2)
        assertContains(accepted.get(CREATE), "雪を届ける")

    def test_is_gone_with_a_no(self, accepted, terms, lead):
        form = self.form(accepted)
        raise_edition(terms)
        accepted.post(CREATE, form)
        accepted.post(DECLINE)
        assert "雪を届ける" not in str(dict(accepted.session))


def test_whoever_has_accepted_costs_no_query(accepted, django_assert_max_num_queries):
    for page in ("/member/", "/about/"):
        accepted.get(page)
        with django_assert_max_num_queries(100) as queries:
            accepted.get(page)
        asked = [query["sql"] for query in queries.captured_queries]
        assert not [sql for sql in asked if "termsacceptance" in sql or "= 'terms'" in sql]


class TestAdmin:
    def test_the_edition_only_grows(self, terms):
        raise_edition(terms, 3)
        client = secretary_client()
        accept(client, 3)
        page = url("chronicle.page", "change", terms.pk)
        form = client.get(page)
        assertContains(form, "数字を上げると、全員にもう一度同意を求めます")
        assertContains(form, "第3版：1人")
        refused = client.post(page, typed(form, edition="2"))
        assertContains(refused, "版は、3以上の数字にしてください")
        terms.refresh_from_db()
        assert terms.edition == 3
        client.post(page, typed(form, edition="4"))
        terms.refresh_from_db()
        assert terms.edition == 4

    def test_other_pages_have_no_edition_to_fill_in(self, terms):
        client = secretary_client()
        accept(client)
        other = Page.objects.create(slug="guide", title="ご利用案内", body="本文")
        assertNotContains(client.get(url("chronicle.page", "change", other.pk)), "第1版")

    def test_the_secretariat_sees_who_has_accepted_which(self, accepted, lead):
        client = secretary_client()
        accept(client)
        assertContains(client.get(url("members.user", "changelist")), "第1版", count=2)
        page = client.get(url("members.user", "change", lead.user.pk))
        assertContains(page, "利用規約への同意")
