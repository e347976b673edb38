"""Links in mails and their codes: found, opened, used, renewed, cleared away."""

import json
import re
from datetime import date, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from pytest_django.asserts import assertContains, assertNotContains

from core import links, mail, once, tidying
from core.errors import DomainError
from core.links.masking import masked_email, masked_extension, masked_name, masked_phone
from core.models import MailLink, OutboxMail, Submission
from members.models import Theme
from tests.factories.members import ThemeFactory

pytestmark = pytest.mark.django_db

KIND = "tests.theme"
TO = "hanako@city.sakai.example.jp"
CODE = reverse("core:mail_link_code")


class ThemePage(TemplateView):
    """What the test's link opens: its button uses the link and deletes the theme."""

    def get(self, request: HttpRequest, link: MailLink) -> HttpResponse:
        return HttpResponse(f"<p>{Theme.objects.get(pk=link.object_id)}</p>")

    def post(self, request: HttpRequest, link: MailLink) -> HttpResponse:
        links.use(link)
        once.note_result(request.POST["token"], request.user, "/done/")
        Theme.objects.filter(pk=link.object_id).delete()
        return HttpResponse("<p>done</p>")


def renew(link: MailLink) -> None:
    theme = Theme.objects.filter(pk=link.object_id).first()
    if theme is None:
        raise DomainError("この分野は、もうありません")
    issued = issue(theme)
    mail.queue(f"tests:{issued.link.pk}", to=link.to, subject="新しいリンク", body=issued.url)


links.register(KIND, links.Purpose("分野の確認", ThemePage.as_view(), renew))


def issue(theme: Theme, *, days: int = 1) -> links.Issued:
    expires_at = timezone.now() + timedelta(days=days)
    return links.issue(KIND, theme, to=TO, expires_at=expires_at)


@pytest.fixture
def issued() -> links.Issued:
    return issue(ThemeFactory(name="観光"))


@pytest.fixture
def used(issued) -> links.Issued:
    links.use(issued.link)
    return issued


def address(issued: links.Issued) -> str:
    return reverse("core:mail_link", args=[issued.code])


class TestIssuing:
    def test_a_link_carries_its_code_and_keeps_only_a_digest(self, issued, settings):
        assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", issued.code)
        assert issued.url == f"{settings.PORTAL_URL.rstrip('/')}/c/{issued.code}/"
        kept = json.dumps(MailLink.objects.values().get(), default=str)
        assert issued.code not in kept
        assert issued.code.replace("-", "") not in kept

    @pytest.mark.parametrize(
        "typed",
        [
            lambda code: code,
            lambda code: code.lower(),
            lambda code: code.replace("-", ""),
            lambda code: f" {code[:4]}　{code[5:]} ",
            lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
        ],
    )
    def test_a_code_is_found_however_it_is_typed(self, issued, typed):
        assert links.find(typed(issued.code)) == issued.link

    @pytest.mark.parametrize("typed", ["", "K7QM-4XPR", "K7QM", "K7QM-4XPR-2222", "\x00" * 8, "あ"])
    def test_another_code_is_none(self, issued, typed):
        assert links.find(typed) is None

    def test_a_new_link_ends_the_earlier_one_to_the_same_address(self, issued):
        theme = Theme.objects.get()
        other = links.issue(
            KIND, theme, to="jiro@example.jp", expires_at=timezone.now() + timedelta(days=1)
        )
        newer = issue(theme)
        for link, holds in ((issued.link, False), (other.link, True), (newer.link, True)):
            link.refresh_from_db()
            assert links.is_open(link) is holds

    def test_a_link_is_used_once(self, used):
        with pytest.raises(DomainError, match="もう使えません"):
            links.use(used.link)

    @pytest.mark.parametrize("days", [-1, 0])
    def test_an_expired_link_is_not_used(self, db, days):
        late = issue(ThemeFactory(), days=days)
        assert not links.is_open(late.link)
        with pytest.raises(DomainError):
            links.use(late.link)

    def test_cancelled_links_are_over(self, issued):
        links.cancel(KIND, Theme.objects.get())
        assert not links.is_open(links.find(issued.code))


class TestMailLinkCode:
    def test_the_code_opens_what_the_link_opens(self, client: Client, issued):
        response = client.post(CODE, {"code": issued.code.lower().replace("-", " ")})
        assert (response.status_code, response.url) == (302, address(issued))
        assertContains(client.get(response.url), "観光")

    def test_an_unknown_code_keeps_what_was_typed_and_says_so_at_the_field(self, client, issued):
        response = client.post(CODE, {"code": "K7QM-4XPR"})
        assertContains(response, "番号が違います。メールに書かれた8文字の番号", 2, status_code=404)
        assertContains(response, 'value="K7QM-4XPR"', status_code=404)
        assertContains(response, "<title>エラー：", status_code=404)

    def test_an_empty_code_is_asked_for(self, client):
        assertContains(client.post(CODE, {}), ">番号を入力してください<", 2, status_code=422)

    def test_wrong_codes_are_limited_and_right_ones_are_not(self, client, issued):
        for _time in range(70):
            assert client.post(CODE, {"code": issued.code}).status_code == 302
        answers = [client.post(CODE, {"code": "K7QM-4XPR"}).status_code for _time in range(61)]
        assert answers == [404] * 60 + [429]
        # Otherwise whoever tries would still learn which codes are right.
        assert client.post(CODE, {"code": issued.code}).status_code == 429
        assertContains(client.get(address(issued)), "しばらくお待ちください", status_code=429)
        assert client.get(CODE).status_code == 200

    def test_wrong_addresses_count_as_wrong_codes(self, client, issued):
        wrong = reverse("core:mail_link", args=["K7QM-4XPR"])
        for number in range(60):
            method = (client.get, client.head, client.post)[number % 3]
            assert method(wrong).status_code == 404
        assert client.get(wrong).status_code == 429

    def test_another_address_may_still_try(self, client):
        for _time in range(61):
            client.post(CODE, {"code": "K7QM-4XPR"}, REMOTE_ADDR="203.0.113.7")
        assert client.post(CODE, {"code": "K7QM-4XPR"}).status_code == 404


class TestMailLink:
    def test_mail_link_opened_by_anybody_changes_nothing(self, client, issued):
        before = MailLink.objects.values().get()
        assert client.get(address(issued)).status_code == 200
        assert client.head(address(issued)).status_code == 200
        assert client.options(address(issued)).status_code == 200
        assert MailLink.objects.values().get() == before
        assert not OutboxMail.objects.exists()

    def test_its_button_does_what_it_is_for_and_shows_the_first_result_again(self, client, issued):
        form = {"token": once.new_token()}
        assertContains(client.post(address(issued), form), "done")
        assert not Theme.objects.exists()
        again = client.post(address(issued), form)
        assert (again.status_code, again.url) == (302, "/done/")

    @pytest.mark.parametrize(
        ("over", "sentence"),
        [
            ({"used_at": timezone.now()}, "このリンクは、使い終わっています"),
            ({"cancelled_at": timezone.now()}, "このリンクは、取り消されています"),
            ({"expires_at": timezone.now()}, "このリンクは、期限が過ぎています"),
        ],
    )
    def test_a_link_that_is_over_explains_itself(self, client, issued, over, sentence):
        MailLink.objects.update(**over)
        for method in (client.get, client.post):
            response = method(address(issued))
            assertContains(response, sentence, status_code=410)
            assertContains(response, "「分野の確認」のリンクです。", status_code=410)
            assertContains(response, "h•••@city.… 宛て", status_code=410)
            assertNotContains(response, TO, status_code=410)
            assertNotContains(response, "観光", status_code=410)
        assert not OutboxMail.objects.exists()

    def test_a_new_one_goes_to_the_same_address_only(self, client, used):
        form = {"step": "renew", "token": once.new_token(), "to": "other@example.jp"}
        response = client.post(address(used), form, follow=True)
        assert response.redirect_chain == [(CODE, 302)]
        assertContains(response, "h•••@city.… 宛てに送りました")
        sent = OutboxMail.objects.get()
        assert sent.to == TO
        code = re.search(r"/c/([^/]+)/", sent.body)[1]
        assert links.is_open(links.find(code))

    def test_the_same_form_twice_sends_one_new_link(self, client, used):
        form = {"step": "renew", "token": once.new_token()}
        for _time in range(2):
            assert client.post(address(used), form).url == CODE
        assert OutboxMail.objects.count() == 1

    def test_new_ones_are_limited(self, client, used):
        sent = [
            client.post(address(used), {"step": "renew", "token": once.new_token()}).status_code
            for _time in range(4)
        ]
        assert sent == [302, 302, 302, 429]
        assert OutboxMail.objects.count() == 3

    def test_where_nothing_is_left_to_open_the_page_says_so(self, client, used):
        Theme.objects.all().delete()
        response = client.post(address(used), {"step": "renew", "token": once.new_token()})
        assertContains(response, "この分野は、もうありません", status_code=422)
        assert not OutboxMail.objects.exists()
        assert not Submission.objects.exists()

    def test_an_open_link_is_not_renewed(self, client, issued):
        response = client.post(address(issued), {"step": "renew", "token": once.new_token()})
        assertContains(response, "done")
        assert not OutboxMail.objects.exists()

    @pytest.mark.parametrize("which", ["code", "open", "over", "wrong"])
    def test_the_pages_are_kept_nowhere_and_tell_no_other_site_the_code(
        self, client, issued, which
    ):
        if which == "over":
            links.use(issued.link)
        found = {"code": CODE, "wrong": "/c/K7QM-4XPR/"}.get(which, address(issued))
        response = client.get(found)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["X-Robots-Tag"] == "noindex"

    def test_the_button_works_behind_the_check_for_forged_forms(self, used):
        """With the headers that a browser sends under this Referrer-Policy over TLS."""
        browser = Client(enforce_csrf_checks=True)
        page = browser.get(address(used), secure=True)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
        form = {"step": "renew", "token": once.new_token(), "csrfmiddlewaretoken": token}
        origin = {"Origin": "https://testserver", "Referer": "https://testserver/"}
        response = browser.post(address(used), form, secure=True, headers=origin)
        assert response.status_code == 302


def test_no_line_of_the_log_prints_a_code(client: Client, issued, caplog, settings):
    from core.logs import LineFormatter

    caplog.set_level("DEBUG")
    client.get(address(issued))
    client.post(CODE, {"code": issued.code})
    client.get("/c/K7QM-4XPR/")
    client.get("/c/K7QM-4XPR/none/")
    links.use(issued.link)
    client.get(address(issued))
    write = LineFormatter(own=settings.LOGGING["formatters"]["line"]["own"]).format
    lines = [write(record) for record in caplog.records]
    assert len([line for line in lines if '"route":"core:mail_link' in line.replace(" ", "")]) == 4
    for line in lines:
        assert issued.code not in line
        assert "K7QM" not in line


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("hanako@city.sakai.lg.jp", "h•••@city.…"),
        ("k@example.jp", "k•••@example.…"),
        ("nobody", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_is_recognised_by_whoever_knows_it(email, shown):
    assert masked_email(email) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("0776-50-3010", "07••-••-••10"),
        ("0352109747", "03••••••47"),
        ("110", "110"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_hyphens(phone, shown):
    assert masked_phone(phone) == shown


def test_of_a_name_the_first_characters_are_left():
    assert masked_name("福井 一郎") == "福••• 一•••"
    assert masked_name("") == ""


@pytest.mark.parametrize("column", ["used_at", "cancelled_at", "expires_at"])
def test_links_are_cleared_away_ninety_days_after_their_end(column, time_machine):
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    now = timezone.now()
    for days in (89, 90, 91, 200):
        issued = issue(ThemeFactory(), days=365)
        MailLink.objects.filter(pk=issued.link.pk).update(**{column: now - timedelta(days=days)})
    issue(ThemeFactory())
    assert tidying.clear_links(date(2026, 11, 22)) == "2 links of mails"
    assert MailLink.objects.count() == 3


@pytest.mark.parametrize(("extension", "shown"), [("2315", "•••5"), ("7", "7"), ("", "")])
def test_of_an_extension_the_last_digit_is_shown(extension, shown):
    assert masked_extension(extension) == shown


def test_many_links_are_issued_at_once(django_assert_num_queries):
    themes = [ThemeFactory(), ThemeFactory()]
    targets = [(theme, f"{number}@example.lg.jp") for number, theme in enumerate(themes)]
    with django_assert_num_queries(1):
        first = links.issue_all(KIND, targets, expires_at=timezone.now() + timedelta(days=1))
    links.issue_all(KIND, targets, expires_at=timezone.now() + timedelta(days=1))
    assert [links.find(issued.code) for issued in first] == [issued.link for issued in first]
    assert [(issued.link.object_id, issued.link.to) for issued in first] == [
        (theme.pk, to) for theme, to in targets
    ]
    assert all(links.is_open(issued.link) for issued in first)  # others replace none
