"""Logging in: by password or by mailed code, by invitation only, with no way round."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import dates
from core.enums import MailKind, MailState
from core.mail import queue, sending
from core.models import AuditEntry, OutboxMail
from members.enums import Action, Role
from members.models import User
from tests.factories.members import PASSWORD, SeatFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
CODE_LINE = r"^\d{4}-\d{4}$"
WRONG = "メールアドレスまたはパスワードが違います"


@pytest.fixture
def mailbox(settings, tmp_path) -> Path:
    """Where mail lies when no server is named, as in the demo."""
    settings.MAILERS = {"default": {"BACKEND": "core.mail.backends.PrintAndKeepBackend"}}
    settings.KEPT_MAIL_DIR = tmp_path / "mail"
    return settings.KEPT_MAIL_DIR


def mails(mailbox: Path) -> list[str]:
    """What the worker would have sent by now, oldest first."""
    while sending.drain():
        pass
    return [path.read_text() for path in sorted(mailbox.glob("*.txt"))]


def code_in(mail: str) -> str:
    (code,) = re.findall(CODE_LINE, mail, re.MULTILINE)
    return code


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def by_password(client: Client, email: str, password: str = PASSWORD, next_url: str = ""):
    return client.post(LOGIN, {"login": email, "password": password, "next": next_url})


class TestPassword:
    def test_leads_to_the_member_home(self, client, lead):
        response = by_password(client, lead.user.email)
        assertRedirects(response, reverse("portal:member_home"))

    def test_the_address_may_be_typed_as_it_comes(self, client, lead):
        by_password(client, f" {lead.user.email.upper()} ")
        assert is_logged_in(client)

    def test_leads_back_to_the_page_asked_for(self, client, lead):
        page = lead.office.get_absolute_url()
        response = client.get(page)
        assertRedirects(response, f"{LOGIN}?next={page}")
        assertContains(client.get(response.url), f'name="next" value="{page}"')
        assertRedirects(by_password(client, lead.user.email, next_url=page), page)

    @pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:1"])
    def test_never_leads_to_another_site(self, client, lead, elsewhere):
        response = by_password(client, lead.user.email, next_url=elsewhere)
        assertRedirects(response, reverse("portal:member_home"))

    def test_a_wrong_password_and_an_unknown_address_say_the_same(self, lead):
        known, unknown = Client(), Client()
        wrong = by_password(known, lead.user.email, "ちがう合い言葉")
        nobody = by_password(unknown, "nobody@example.lg.jp", "ちがう合い言葉")
        assert wrong.status_code == nobody.status_code == 200
        assertContains(wrong, WRONG)
        assertContains(nobody, WRONG)
        assert not is_logged_in(known)
        assert not is_logged_in(unknown)

    def test_after_five_wrong_ones_the_right_one_waits(self, client, lead):
        for _ in range(5):
            by_password(client, lead.user.email, "ちがう合い言葉")
        response = by_password(client, lead.user.email)
        assertContains(response, "続けて間違えたため、しばらくログインできません")
        assert not is_logged_in(client)

    def test_very_many_tries_from_one_place_get_a_calm_page(self, client):
        for number in range(30):
            by_password(client, f"person{number}@example.lg.jp", "x")
        response = by_password(client, "person31@example.lg.jp", "x")
        assertContains(response, "しばらくお待ちください", status_code=429)

    def test_a_closed_account(self, client, lead):
        lead.user.is_active = False
        lead.user.save()
        assertRedirects(by_password(client, lead.user.email), "/accounts/inactive/")
        assert not is_logged_in(client)

    def test_the_session_ends_with_the_browser(self, client, lead):
        by_password(client, lead.user.email)
        cookie = client.cookies["sessionid"]
        assert (cookie["expires"], cookie["max-age"]) == ("", "")
        assert cookie["httponly"]


class TestCode:
    def test_by_the_code_in_the_mail(self, client, lead, mailbox):
        page = lead.office.get_absolute_url()
        response = client.post(CODE, {"email": lead.user.email, "next": page}, follow=True)
        assertContains(response, "15分以内に入力してください")
        (mail,) = mails(mailbox)
        assert f"To: {lead.user.email}" in mail
        assert "Subject: ［特別区全国連携プロジェクト］ログイン用の番号のお知らせ" in mail
        assert f"{lead.user.display_name} 様" in mail
        assert "http" not in mail
        response = client.post(CONFIRM, {"code": code_in(mail), "next": page})
        assertRedirects(response, page)

    def test_an_unknown_address_is_answered_alike(self, client, lead, mailbox):
        known = client.post(CODE, {"email": lead.user.email}, follow=True)
        unknown = Client().post(CODE, {"email": "nobody@example.lg.jp"}, follow=True)
        assert known.redirect_chain == unknown.redirect_chain
        to_known, to_unknown = mails(mailbox)
        assert "To: nobody@example.lg.jp" in to_unknown
        assert "このメールアドレスは登録されていないため" in to_unknown
        assert not re.search(CODE_LINE, to_unknown, re.MULTILINE)
        assert to_known.split("\n")[1] != to_unknown.split("\n")[1]
        assert User.objects.count() == 1

    def test_nobody_guesses_it(self, client, lead, mailbox):
        client.post(CODE, {"email": lead.user.email})
        code = code_in(mails(mailbox)[0])
        wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
        assertContains(client.post(CONFIRM, {"code": wrong}), "番号が違います")
        for _ in range(2):
            client.post(CONFIRM, {"code": wrong})
        client.post(CONFIRM, {"code": code})
        assert not is_logged_in(client)

    def test_it_holds_for_fifteen_minutes(self, client, lead, mailbox, time_machine):
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        client.post(CODE, {"email": lead.user.email})
        code = code_in(mails(mailbox)[0])
        time_machine.move_to("2026-11-22 10:16+09:00", tick=False)
        client.post(CONFIRM, {"code": code})
        assert not is_logged_in(client)

    def test_it_is_not_sent_any_more_when_it_holds_no_longer(
        self, client, lead, mailbox, time_machine
    ):
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        client.post(CODE, {"email": lead.user.email})
        time_machine.move_to("2026-11-22 10:16+09:00", tick=False)
        assert mails(mailbox) == []
        sending.settle_forgotten()
        row = OutboxMail.objects.get()
        assert (row.state, row.body) == (MailState.EXPIRED, "")

    def test_it_goes_first_and_nobody_can_read_it_afterwards(self, client, lead, mailbox):
        queue("news:1", to="other@example.lg.jp", subject="お知らせ", body="本文")
        client.post(CODE, {"email": lead.user.email})
        assert OutboxMail.objects.get(to=lead.user.email).kind == MailKind.SECRET
        first, second = mails(mailbox)
        assert code_in(first)
        assert "お知らせ" in second
        assert OutboxMail.objects.get(to=lead.user.email).body == ""

    def test_another_browser_cannot_use_it(self, client, lead, mailbox):
        client.post(CODE, {"email": lead.user.email})
        other = Client()
        other.post(CONFIRM, {"code": code_in(mails(mailbox)[0])})
        assert not is_logged_in(other)

    def test_a_closed_account_gets_in_by_no_code(self, client, lead, mailbox):
        lead.user.is_active = False
        lead.user.save()
        client.post(CODE, {"email": lead.user.email})
        for mail in mails(mailbox):
            for code in re.findall(CODE_LINE, mail, re.MULTILINE):
                client.post(CONFIRM, {"code": code})
        assert not is_logged_in(client)

    def test_requests_are_limited(self, lead, mailbox):
        for _ in range(5):
            Client().post(CODE, {"email": lead.user.email})
        assert len(mails(mailbox)) == 3


class TestInvitationOnly:
    FORM = {
        "email": "new@example.lg.jp",
        "password1": "ながい合い言葉 2026",
        "password2": "ながい合い言葉 2026",
    }

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_signing_up_is_closed(self, client, mailbox, method):
        response = getattr(client, method)("/accounts/signup/", self.FORM)
        assertContains(response, "利用者の登録は、招待でお受けしています")
        assert not User.objects.exists()
        assert not EmailAddress.objects.exists()
        assert not mails(mailbox)

    def test_the_login_page_offers_no_signing_up(self, client):
        assertNotContains(client.get(LOGIN), "/accounts/signup/")


class TestAdmin:
    @pytest.mark.parametrize("page", ["/admin/", "/admin/login/", "/admin/members/office/"])
    def test_the_admin_has_no_login_of_its_own(self, client, page):
        response = client.get(page, follow=True)
        assert response.redirect_chain[-1][0].startswith(LOGIN)
        assertContains(response, "会員ログイン")

    def test_its_login_takes_no_password(self, client, staff):
        form = {"username": staff.user.email, "password": PASSWORD}
        assert client.post("/admin/login/", form).url.startswith(LOGIN)
        assert not is_logged_in(client)

    def test_opens_for_the_secretariat(self, client, staff):
        response = by_password(client, staff.user.email, next_url="/admin/")
        assertRedirects(response, "/admin/")

    @pytest.mark.parametrize("who", ["lead", "reader", "ward_lead"])
    def test_is_calmly_closed_to_members(self, request, client_of, who):
        client = client_of(request.getfixturevalue(who))
        response = client.get("/admin/", follow=True)
        assertContains(response, "このページは開けません", status_code=403)

    def test_is_closed_to_staff_whose_seat_ended_yesterday(self, client_of, staff):
        staff.valid_until = dates.today() - timedelta(days=1)
        staff.save()
        client = client_of(staff)
        page = client.get("/admin/", follow=True)
        assert page.redirect_chain[-1][0].startswith(LOGIN)
        assert not is_logged_in(client)

    def test_is_where_the_break_glass_account_goes(self, client):
        superuser = UserFactory(is_superuser=True)
        assertRedirects(by_password(client, superuser.email), "/admin/")


class TestSeatsThatEnded:
    """Whoever has left gets in by no way; ``test_second_factor`` tries the passkey."""

    @pytest.fixture
    def former(self) -> User:
        seat = SeatFactory(role=Role.READER, valid_until=dates.today() - timedelta(days=1))
        return seat.user

    def test_no_password_lets_them_in(self, client, former):
        response = by_password(client, former.email)
        assertContains(client.get(response.url), "この利用者は、現在ログインできません")
        assert response.url == "/accounts/inactive/"
        assert not is_logged_in(client)

    def test_a_wrong_password_says_nothing_about_them(self, client, former):
        assertContains(by_password(client, former.email, "ちがう合い言葉"), WRONG)

    def test_no_code_lets_them_in(self, client, former, mailbox):
        client.post(CODE, {"email": former.email})
        response = client.post(CONFIRM, {"code": code_in(mails(mailbox)[0])})
        assert response.url == "/accounts/inactive/"
        assert not is_logged_in(client)

    def test_a_new_password_does_not_either(self, client, former, mailbox):
        client.post("/accounts/password/reset/", {"email": former.email})
        client.post("/accounts/password/reset/confirm/", {"code": code_in(mails(mailbox)[0])})
        new = {"password1": TestOwnAccount.NEW, "password2": TestOwnAccount.NEW}
        client.post("/accounts/password/reset/complete/", new)
        assert not is_logged_in(client)
        by_password(client, former.email, TestOwnAccount.NEW)
        assert not is_logged_in(client)

    def test_another_seat_or_one_to_come_does(self, former):
        SeatFactory(user=former, valid_from=dates.today() + timedelta(days=1))
        client = Client()
        by_password(client, former.email)
        assert is_logged_in(client)

    def test_the_last_day_still_counts(self, client):
        by_password(client, SeatFactory(valid_until=dates.today()).user.email)
        assert is_logged_in(client)

    def test_the_break_glass_account_needs_no_seat(self, client, former):
        former.is_superuser = True
        former.save()
        assertRedirects(by_password(client, former.email), "/admin/")


class TestOwnAccount:
    NEW = "あたらしい合い言葉 2026"

    def test_a_new_password_is_recorded_without_it(self, client, lead):
        by_password(client, lead.user.email)
        form = {"oldpassword": PASSWORD, "password1": self.NEW, "password2": self.NEW}
        client.post("/accounts/password/change/", form)
        lead.user.refresh_from_db()
        assert lead.user.check_password(self.NEW)
        row = AuditEntry.objects.get()
        assert (row.action, row.actor_office) == (Action.SET_PASSWORD, "企画政策課")
        assert self.NEW not in str(model_to_dict(row) | row.personal.values)

    def test_the_notice_of_a_new_password_does_not_expire(
        self, client, lead, mailbox, time_machine
    ):
        time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
        by_password(client, lead.user.email)
        form = {"oldpassword": PASSWORD, "password1": self.NEW, "password2": self.NEW}
        client.post("/accounts/password/change/", form)
        time_machine.move_to("2026-11-24 10:00+09:00", tick=False)
        (notice,) = mails(mailbox)
        assert "あなたのパスワードが変更されました。" in notice

    def test_a_forgotten_password_by_code(self, client, lead, mailbox):
        client.post("/accounts/password/reset/", {"email": lead.user.email})
        form = {"code": code_in(mails(mailbox)[0])}
        client.post("/accounts/password/reset/confirm/", form)
        form = {"password1": self.NEW, "password2": self.NEW}
        client.post("/accounts/password/reset/complete/", form)
        lead.user.refresh_from_db()
        assert lead.user.check_password(self.NEW)
        assert AuditEntry.objects.get().action == Action.SET_PASSWORD

    def test_a_new_address_is_the_login_once_its_code_is_typed(self, client, lead, mailbox):
        before = lead.user.email
        by_password(client, before)
        form = {"email": "atarashii@example.lg.jp", "action_add": ""}
        asked = client.post("/accounts/email/", form)
        assert asked.url.startswith("/accounts/reauthenticate/")
        client.post(asked.url, {"password": PASSWORD})
        client.post("/accounts/email/", form)
        lead.user.refresh_from_db()
        assert lead.user.email == before
        assert not AuditEntry.objects.exists()

        client.post("/accounts/confirm-email/", {"code": code_in(mails(mailbox)[0])})
        lead.user.refresh_from_db()
        assert lead.user.email == "atarashii@example.lg.jp"
        row = AuditEntry.objects.get()
        assert row.action == Action.CHANGE_LOGIN
        assert row.personal.values["email"] == [before, lead.user.email]
        assert lead.user.email not in str(model_to_dict(row))
        assert f"To: {before}" in mails(mailbox)[-1]

    def test_whoever_has_no_seat_is_recorded_too(self, client):
        user = UserFactory()
        by_password(client, user.email)
        form = {"oldpassword": PASSWORD, "password1": self.NEW, "password2": self.NEW}
        client.post("/accounts/password/change/", form)
        assert AuditEntry.objects.get().actor_organization == "利用者本人"


@pytest.mark.parametrize("page", ["/member/", "/offices/999/", "/account/name/", "/proposals/"])
def test_member_pages_ask_for_a_login_and_come_back(client, page):
    assertRedirects(client.get(page), f"{LOGIN}?next={page}")
