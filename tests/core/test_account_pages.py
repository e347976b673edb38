"""The login pages: in our words, by password or by mailed code."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from core.mail import sending
from members.enums import UserKind
from tests.factories.members import PASSWORD, OfficeFactory, SecretariatFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PUBLIC = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_signup",
    "account_inactive",
]
OWN = ["account_change_password", "account_email", "account_logout", "account_reauthenticate"]
CODE_LINE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)


@pytest.fixture
def user():
    return UserFactory(
        email="hanako@example.lg.jp", family_name="見本", given_name="花子", password=PASSWORD
    )


def in_full_width(code: str) -> str:
    """What somebody types whose keyboard stands at Japanese."""
    return code.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}).replace("-", "ー")


def mails() -> list[EmailMessage]:
    """What the worker would have sent by now, oldest first."""
    while sending.drain():
        pass
    return mail.outbox


def mailed_code() -> str:
    body = mails()[-1].body
    found = CODE_LINE.search(body)
    assert found, body
    return found[0]


def check_look(html: str) -> None:
    assert html.count("<h1") == 1
    assert re.search("<title>[^<]+｜特別区全国連携プロジェクト</title>", html)
    main = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    # No sentence of allauth's is left untranslated.
    assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", main), main


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_before_login_are_ours(name):
    response = Client().get(reverse(name))
    assert response.status_code == 200
    check_look(response.content.decode())


@pytest.mark.parametrize("name", OWN)
def test_pages_of_the_account_are_ours(name, lead, client_of):
    response = client_of(lead).get(reverse(name))
    assert response.status_code == 200
    check_look(response.content.decode())


def test_login_page_offers_both_ways_and_the_telephone(user):
    html = Client().get("/accounts/login/").content.decode()
    assert "ログインする</button>" in html
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html
    assert reverse("account_request_login_code") in html
    assert reverse("account_reset_password") in html
    # The labels of its fields stay; only the header's search has a word in its field.
    assert "placeholder" not in html[html.index("<main") :]


@pytest.mark.parametrize("name", PUBLIC[:4])
def test_who_cannot_log_in_is_led_on_before_the_telephone(name):
    OfficeFactory(organization=SecretariatFactory(), desk_heading="会員登録について")
    html = Client().get(reverse(name)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    places = [main.index(f'href="{way}') for way in ("/join/", "/c/", "tel:")]
    assert places == sorted(places)


def test_login_takes_an_address_in_full_width(user):
    answers = {"login": " ｈａｎａｋｏ＠example.lg.jp", "password": PASSWORD, "next": "/about/"}
    response = Client().post("/accounts/login/", answers)
    assert response.status_code == 302
    assert response["Location"] == "/about/"


def test_a_wrong_password_is_told_without_saying_which(user):
    client = Client()
    for address in ("hanako@example.lg.jp", "nobody@example.lg.jp"):
        html = client.post(
            "/accounts/login/", {"login": address, "password": "違う"}
        ).content.decode()
        assert "<title>エラー：会員ログイン" in html
        assert '<a href="#id_login">メールアドレスまたはパスワードが違います</a>' in html
        assert f'value="{address}"' in html
    assert "_auth_user_id" not in client.session


def test_login_by_a_mailed_code(user):
    client = Client()
    response = client.post(
        "/accounts/login/code/", {"email": user.email, "next": "/about/"}, follow=True
    )
    check_look(response.content.decode())
    assert mails()[0].subject == "［特別区全国連携プロジェクト］ログイン用の番号のお知らせ"
    assert mails()[0].body.startswith("見本 花子 様\n")
    response = client.post(
        "/accounts/login/code/confirm/", {"code": in_full_width(mailed_code()), "next": "/about/"}
    )
    assert response["Location"] == "/about/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_code_is_refused(user):
    client = Client()
    client.post("/accounts/login/code/", {"email": user.email})
    html = client.post("/accounts/login/code/confirm/", {"code": "12"}).content.decode()
    assert "番号が違います。メールで届いた番号を入力してください" in html
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_sees_the_same_page_and_gets_no_code(user):
    pages = []
    for address in (user.email, "nobody@example.lg.jp"):
        response = Client().post("/accounts/login/code/", {"email": address}, follow=True)
        html = response.content.decode().replace(address, "")
        pages.append(re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", html))
    assert pages[0] == pages[1]
    assert not CODE_LINE.search(mails()[1].body)
    assert "登録されていない" in mails()[1].body


def test_a_forgotten_password_is_replaced_by_a_mailed_code(user):
    client = Client()
    response = client.post("/accounts/password/reset/", {"email": user.email}, follow=True)
    check_look(response.content.decode())
    response = client.post(
        "/accounts/password/reset/confirm/", {"code": mailed_code()}, follow=True
    )
    check_look(response.content.decode())
    new = "あたらしい合い言葉 2027"
    response = client.post(
        "/accounts/password/reset/complete/", {"password1": new, "password2": new + "?"}
    )
    assert "同じ" in response.content.decode()
    client.post("/accounts/password/reset/complete/", {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert mails()[-1].body.startswith("見本 花子 様\n")
    assert "あなたのパスワードが再設定されました。" in mails()[-1].body


def test_the_minutes_that_pages_and_mails_promise_are_those_of_the_settings():
    for name in ("LOGIN_BY_CODE", "PASSWORD_RESET_BY_CODE", "EMAIL_VERIFICATION_BY_CODE"):
        assert getattr(settings, f"ACCOUNT_{name}_TIMEOUT") == 15 * 60


def test_mails_name_no_host(user):
    Client().post("/accounts/login/code/", {"email": user.email})
    assert "testserver" not in mails()[0].subject + mails()[0].body
    assert "example.com" not in mails()[0].body


def test_the_hint_for_a_new_password_agrees_with_the_validators(lead, client_of):
    rules = {rule["NAME"].rpartition(".")[2]: rule for rule in settings.AUTH_PASSWORD_VALIDATORS}
    least = rules["MinimumLengthValidator"]["OPTIONS"]["min_length"]
    html = client_of(lead).get(reverse("account_change_password")).content.decode()
    assert f"{least}文字以上で決めてください" in html


def test_a_shared_account_is_not_sent_to_a_page_about_a_persons_name(lead, client_of):
    address = reverse("account_email")
    name = reverse("members:person_update")
    assert name in client_of(lead).get(address).content.decode()
    lead.user.kind = UserKind.OFFICE
    lead.user.save()
    assert name not in client_of(lead).get(address).content.decode()
