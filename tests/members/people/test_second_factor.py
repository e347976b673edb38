"""The second factor: set up, asked at login, and in front of the whole admin."""

import re
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail as sent
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.mail import sending
from core.models import AuditEntry, OutboxMail
from members.enums import Action, Role
from tests.addresses import all_addresses
from tests.factories.members import PASSWORD, SeatFactory, UserFactory
from tests.members.people.factors import (
    ASKED_AT_LOGIN,
    SECRET,
    is_logged_in,
    logged_in,
    totp,
    with_app,
)
from tests.secretariat import secretary, url

pytestmark = pytest.mark.django_db

INDEX = "/accounts/2fa/"
ASKED_AGAIN = "/accounts/2fa/reauthenticate/"


@pytest.fixture
def second_factor(settings):
    """As in production."""
    settings.SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    return time_machine


def admin_addresses() -> list[str]:
    """Every address of the admin, those of one row with the id 1."""
    found = set()
    for address in all_addresses():
        if address.room == "admin":
            for arguments in ([], ["1"], ["members"], ["1", "1"], ["csv"]):
                with suppress(NoReverseMatch):
                    found.add(reverse(address.full_name, args=arguments))
    return sorted(found | {"/admin/no/such/page/"})


def opens(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


class TestTheClock:
    @pytest.mark.parametrize(
        ("at", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_our_own_app_gives_the_numbers_of_the_standard(self, at, code):
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B, SHA-1
        assert totp(secret, at) == code


class TestLogin:
    def test_asks_for_the_app_and_leads_on(self, lead):
        client = Client()
        page = lead.office.get_absolute_url()
        form = {"login": with_app(lead.user).email, "password": PASSWORD, "next": page}
        asked = client.post("/accounts/login/", form)
        assert not is_logged_in(client)
        assertContains(client.get(asked.url), "もう一つの方法で確認してください")
        assertRedirects(client.post(asked.url, {"code": totp(SECRET)}), page)

    def test_takes_full_width_digits_with_a_space(self, lead):
        code = totp(SECRET).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
        assert is_logged_in(logged_in(with_app(lead.user), f"{code[:3]}　{code[3:]}"))

    def test_refuses_another_number_and_says_so(self, lead):
        client = logged_in(with_app(lead.user))
        wrong = f"{(int(totp(SECRET)) + 1) % 1_000_000:06}"
        assertContains(client.post(ASKED_AT_LOGIN, {"code": wrong}), "確認できませんでした")
        assert not is_logged_in(client)

    @pytest.mark.parametrize(("seconds", "taken"), [(-30, True), (30, True), (-60, False)])
    def test_a_slow_clock_is_forgiven_one_step(self, lead, clock, seconds, taken):
        code = totp(SECRET, 1_795_309_200 + seconds)  # 2026-11-22 10:00 in Tokyo
        assert is_logged_in(logged_in(with_app(lead.user), code)) is taken

    @pytest.mark.parametrize("later", [0, 31, 59])
    def test_a_number_counts_once(self, lead, clock, later):
        code = totp(SECRET, 1_795_309_200 + 30)
        assert is_logged_in(logged_in(with_app(lead.user), code))
        clock.shift(later)
        assert not is_logged_in(logged_in(lead.user, code))

    def test_a_recovery_code_counts_once(self, lead):
        with_app(lead.user)
        code = lead.user.authenticator_set.get(type="recovery_codes").wrap().generate_codes()[3]
        assert is_logged_in(logged_in(lead.user, code))
        assert not is_logged_in(logged_in(lead.user, code))

    def test_a_mailed_code_is_asked_for_the_app_too(self, lead):
        client = Client()
        client.post("/accounts/login/code/", {"email": with_app(lead.user).email})
        while sending.drain():
            pass
        [code] = re.findall(r"^\d{4}-\d{4}$", sent.outbox[-1].body, re.MULTILINE)
        asked = client.post("/accounts/login/code/confirm/", {"code": code})
        assert asked.url.startswith(ASKED_AT_LOGIN)
        assert not is_logged_in(client)

    def test_nobody_guesses_it(self, lead):
        client = logged_in(with_app(lead.user))
        for _ in range(10):
            client.post(ASKED_AT_LOGIN, {"code": "000000"})
        client.post(ASKED_AT_LOGIN, {"code": totp(SECRET)})
        assert not is_logged_in(client)

    def test_whoever_has_left_is_refused_after_it(self, lead):
        lead.valid_until, lead.role = lead.valid_from, Role.DEPUTY
        lead.save()
        client = logged_in(with_app(lead.user), totp(SECRET))
        assert not is_logged_in(client)
        assert client.get("/member/").status_code == 302


class TestSettingUp:
    def begin(self, client: Client) -> str:
        """Opens the page, types the password again, and returns the shown secret."""
        asked = client.get("/accounts/2fa/totp/activate/")
        assert asked.url.startswith("/accounts/reauthenticate/")
        client.post(asked.url, {"password": PASSWORD})
        html = client.get("/accounts/2fa/totp/activate/").content.decode()
        assert 'src="data:image/svg+xml;base64,' in html
        [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", html)
        return secret

    def test_the_app(self, lead):
        client = logged_in(lead.user)
        secret = self.begin(client)
        done = client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)}, follow=True)
        assertContains(done, "この画面を印刷し")
        assert len(re.findall(r"<li>(\d{8})</li>", done.content.decode())) == 10
        assert is_logged_in(logged_in(lead.user, totp(secret)))

    def test_ends_the_logins_that_know_the_password_alone(
        self, lead, django_capture_on_commit_callbacks
    ):
        elsewhere, client = logged_in(lead.user), logged_in(lead.user)
        secret = self.begin(client)
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
        assert is_logged_in(client)
        assert not is_logged_in(elsewhere)

    def test_is_told_by_mail_and_kept_in_the_audit_log(
        self, lead, django_capture_on_commit_callbacks
    ):
        client = logged_in(lead.user)
        secret = self.begin(client)
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
        client.post("/accounts/2fa/totp/deactivate/")
        assert not lead.user.authenticator_set.exists()
        rows = AuditEntry.objects.order_by("pk").values_list("action", "changes")
        kinds = {(action, *changes["factor"]) for action, changes in rows}
        assert kinds == {
            (Action.ADD_FACTOR, "", "totp"),
            (Action.ADD_FACTOR, "", "recovery_codes"),
            (Action.REMOVE_FACTOR, "totp", ""),
            (Action.REMOVE_FACTOR, "recovery_codes", ""),
        }
        assert secret not in str(list(rows))
        added, removed = OutboxMail.objects.filter(to=lead.user.email).order_by("pk")
        assert added.subject.endswith("認証アプリを登録しました")
        assert removed.subject.endswith("認証アプリの登録を外しました")

    def test_a_wrong_number_changes_nothing(self, lead):
        client = logged_in(lead.user)
        secret = self.begin(client)
        wrong = f"{(int(totp(secret)) + 1) % 1_000_000:06}"
        page = client.post("/accounts/2fa/totp/activate/", {"code": wrong})
        assertContains(page, "エラー：認証アプリの登録")
        assertContains(page, secret)
        assert not Authenticator.objects.exists()

    def test_the_codes_come_as_a_file_of_plain_text(self, lead):
        with_app(lead.user)
        client = logged_in(lead.user, totp(SECRET))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        file = client.get("/accounts/2fa/recovery-codes/download/")
        assert file["Content-Type"].startswith("text/plain")
        assert len(re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE)) == 10

    @pytest.mark.parametrize(
        "page",
        [
            "",
            "reauthenticate/",
            "recovery-codes/",
            "recovery-codes/generate/",
            "totp/deactivate/",
            "webauthn/",
            "webauthn/add/",
        ],
    )
    def test_the_pages_speak_japanese(self, lead, page):
        client = logged_in(with_app(lead.user), totp(SECRET))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        html = client.get(f"{INDEX}{page}").content.decode()
        assert html.count("<h1") == 1
        main = html[html.index("<main") : html.index("</main>")]
        main = re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL)
        words = re.sub(r"<[^>]+>", " ", main)
        assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", words), words


def test_passkey_login_leads_on_without_following_strangers(client, lead, client_of):
    login = client.get("/accounts/login/?next=/proposals/").content.decode()
    address = reverse("members:passkey_login")
    assert f'href="{address}?next=%2Fproposals%2F"' in login
    assertContains(client.get(f"{address}?next=/proposals/"), 'name="next" value="/proposals/"')
    assertRedirects(client_of(lead).get(address), "/member/")


@pytest.mark.once
@pytest.mark.usefixtures("second_factor")
class TestTheAdmin:
    """Opens after a second factor used in this session, and by no way round."""

    def test_opens_after_a_login_with_both(self, staff):
        client = logged_in(with_app(staff.user), totp(SECRET), "/admin/")
        assertNotContains(client.get("/admin/"), "二段階の確認を切っています")

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_every_address_stays_closed_after_a_password_alone(self, method):
        client = logged_in(secretary().user)
        addresses = admin_addresses()
        assert len(addresses) > 150
        for address in addresses:
            answer = getattr(client, method)(address, {"post": "yes"})
            assert answer.status_code == 302, address
            to_login = answer.url.startswith(f"{reverse('admin:login')}?next=")
            assert to_login or answer.url in (INDEX, "/admin/"), (address, answer.url)
        assert not AuditEntry.objects.exists()

    def test_a_post_changes_nothing(self):
        seat = SeatFactory()
        client = logged_in(secretary("会員登録").user)
        form = {"last_day_0": "令和8", "last_day_1": "11", "last_day_2": "30"}
        assert client.post(url("members.seat", "end", seat.pk), form).status_code == 302
        seat.refresh_from_db()
        assert seat.valid_until is None

    def test_the_way_there_and_back_for_whoever_has_none(self, staff):
        client = logged_in(staff.user)
        page = client.get("/admin/members/office/", follow=True)
        assertContains(page, "管理画面を開くには、二段階の確認が要ります")
        assert page.redirect_chain[-1][0] == INDEX
        with_app(staff.user)
        assertContains(client.get(INDEX), 'href="/admin/members/office/"')
        # It counts once it has been used.
        asked = client.get("/admin/members/office/", follow=True)
        assert asked.redirect_chain[-1][0].startswith(f"{ASKED_AGAIN}?next=")
        answer = client.post(asked.redirect_chain[-1][0], {"code": totp(SECRET)})
        assertRedirects(answer, "/admin/members/office/", fetch_redirect_response=False)
        assert opens(client)

    def test_never_leads_to_another_site(self, staff):
        client = logged_in(with_app(staff.user), totp(SECRET))
        assert client.get("/admin/login/?next=https://example.com/").url == "/admin/"

    def test_a_session_from_before_the_factor_stays_closed(self, staff):
        before = logged_in(staff.user)
        assert opens(logged_in(with_app(staff.user), totp(SECRET)))
        assert not opens(before)

    def test_the_password_once_more_is_no_second_factor(self, staff):
        client = logged_in(staff.user)
        with_app(staff.user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert not opens(client)

    def test_djangos_own_login_takes_no_password(self, staff):
        client = logged_in(staff.user)
        form = {"username": staff.user.email, "password": PASSWORD, "next": "/admin/"}
        assert client.post("/admin/login/", form).url == INDEX
        assert not opens(client)

    def test_the_break_glass_account_needs_one_too(self):
        user = UserFactory(is_superuser=True)
        client = logged_in(user)
        assert not opens(client)
        assertContains(client.get("/admin/", follow=True), "二段階の確認")
        assert opens(logged_in(with_app(user), totp(SECRET)))

    def test_a_factor_that_is_gone_counts_no_more(self, staff):
        client = logged_in(with_app(staff.user), totp(SECRET))
        assert opens(client)
        staff.user.authenticator_set.all().delete()
        assert not opens(client)

    def test_another_persons_factor_counts_for_nobody_else(self, staff, lead):
        client = logged_in(with_app(lead.user), totp(SECRET))
        client.post("/accounts/logout/")
        form = {"login": staff.user.email, "password": PASSWORD}
        client.post("/accounts/login/", form)
        assert not opens(client)

    def test_is_closed_to_members_with_a_factor(self, lead):
        client = logged_in(with_app(lead.user), totp(SECRET))
        assert client.get("/admin/", follow=True).status_code == 403


def test_switched_off_it_says_so_in_the_admin(staff, client_of):
    assertContains(client_of(staff).get("/admin/"), "二段階の確認を切っています")


def test_an_address_with_a_next_survives_the_question(staff, settings):
    settings.SECOND_FACTOR = True
    client = logged_in(with_app(staff.user))
    wanted = "/admin/members/office/?" + urlencode({"q": "坂井"})
    login = Client()
    form = {"login": staff.user.email, "password": PASSWORD, "next": wanted}
    asked = login.post("/accounts/login/", form)
    assert login.post(asked.url, {"code": totp(SECRET)}).url == wanted
    assert not opens(client)
