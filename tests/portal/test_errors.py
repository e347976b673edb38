"""The pages for what goes wrong: calm, in the site's look, and able to be found in the log."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.logs import RequestIdFilter
from renkei.urls import handler500
from renkei.urls import urlpatterns as portal_urlpatterns
from tests.factories.members import OfficeFactory, SecretariatFactory


def failing(error: Exception):
    """A public view that raises ``error``."""

    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


# This module is also the URL configuration of its tests: the portal's, and four that fail.
urlpatterns = [
    *portal_urlpatterns,
    path("fails/", failing(ZeroDivisionError("ないしょの値"))),
    path("refused/", failing(PermissionDenied("担当の期間が終わっています。"))),
    path("suspicious/", failing(SuspiciousOperation("ないしょの値"))),
    path("locked/", failing(OperationalError("database is locked"))),
]
__all__ = ["handler500", "urlpatterns"]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.once]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def desk() -> None:
    OfficeFactory(
        organization=SecretariatFactory(),
        desk_heading="プロジェクトについて",
        phone="03-0000-0000",
    )


@pytest.mark.usefixtures("desk")
def test_an_unknown_address_says_whom_to_call(client: Client):
    response = client.get("/no-such-page/")
    assertContains(response, "<h1>ページが見つかりません</h1>", status_code=404)
    assertContains(response, "03-0000-0000", status_code=404)
    assertContains(response, reverse("events:event_list"), status_code=404)


def test_a_visitor_is_led_to_the_login_and_back(client: Client, client_of, lead):
    """A link in a mail opens here where its page is not for everybody."""
    link = f'href="{reverse("account_login")}?next=/no-such-page/%3Fpage%3D2"'
    assertContains(client.get("/no-such-page/?page=2"), link, status_code=404)
    login = reverse("account_login")
    assertNotContains(client_of(lead).get("/no-such-page/"), f"{login}?", status_code=404)


def test_a_refusal_gives_its_reason(client: Client, client_of, lead):
    for visitor in (client, client_of(lead)):
        response = visitor.get("/refused/")
        assertContains(response, "<h1>このページは開けません</h1>", status_code=403)
        assertContains(response, "担当の期間が終わっています。", status_code=403)


@pytest.mark.parametrize("address", ["/fails/", "/locked/"])
def test_a_fault_prints_the_number_that_the_answer_and_the_log_carry(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
):
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.ERROR, logger="django.request"):
        response = client.get(address)

    number = response["X-Request-ID"]
    assert re.fullmatch("[2-9A-HJKMNP-Z]{8}", number)
    assertContains(response, "<h1>ページを表示できませんでした</h1>", status_code=500)
    assertContains(
        response, f'お問い合わせ番号：<span class="num">{number}</span>', status_code=500
    )
    assert "ないしょ" not in response.content.decode()
    assert [record.request_id for record in caplog.records] == [number]


def test_each_request_has_a_number_of_its_own(client: Client):
    numbers = {client.get("/fails/")["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3


def test_a_request_that_cannot_be_read_is_answered_calmly(client: Client):
    response = client.get("/suspicious/")
    assertContains(response, "送信された内容を読み取れませんでした", status_code=400)
    assert "ないしょ" not in response.content.decode()


def test_a_form_without_its_key_is_refused_and_says_what_to_do():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("account_login"), {"login": "a@example.jp", "password": "x"})
    assertContains(response, "<h1>もう一度、送信してください</h1>", status_code=403)


@pytest.fixture
def door_sign(settings, tmp_path: Path) -> Path:
    """Where the file that closes the portal lies."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "maintenance"


def test_maintenance_closes_every_page_without_asking_the_database(
    client: Client, client_of, lead, door_sign: Path, django_assert_num_queries
):
    door_sign.touch()
    member = client_of(lead)
    for visitor, address in (
        (client, "/"),
        (client, "/no-such-page/"),
        (member, reverse("portal:member_home")),
        (client, reverse("admin:index")),
    ):
        with django_assert_num_queries(0):
            response = visitor.get(address)
        assertContains(response, "<h1>ただいまメンテナンス中です</h1>", status_code=503)
        assert response["Retry-After"] == "600"
        assert "Content-Security-Policy" in response


def test_maintenance_ends_when_the_file_goes(client: Client, door_sign: Path):
    door_sign.touch()
    assert client.get("/").status_code == 503
    door_sign.unlink()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/no-such-page/", "/fails/", "/refused/", "/suspicious/"])
def test_every_answer_has_the_strict_policy_and_no_script(client: Client, address: str):
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in response.content.decode()
    assert " style=" not in response.content.decode()


def test_the_middlewares_stand_in_the_order_that_they_need():
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order[0] == "RequestIdMiddleware"
    assert order.index("MaintenanceMiddleware") < order.index("SessionMiddleware")
