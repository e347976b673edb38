"""Logs: a line of JSON for each request, and nothing in any line that tells of a person."""

import json
import logging
import smtplib
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from core.logs import LineFormatter
from members.models import Seat
from renkei.urls import handler500
from renkei.urls import urlpatterns as portal_urlpatterns
from tests.factories.core import HeartbeatFactory
from tests.factories.members import PASSWORD
from tests.secretariat import secretary_client

NAME, ADDRESS, TYPED = "見本 花子", "hanako.mihon@example.lg.jp", "ないしょの値"


@login_not_required
def failing(request: HttpRequest) -> HttpResponse:
    """Fails over what was typed, as a form that nobody has tested does."""
    typed = request.POST["typed"]
    try:
        int(typed)
    except ValueError as error:
        raise IntegrityError(f"Key (name)=({typed}) already exists") from error
    return HttpResponse()


@login_not_required
def refusing(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"denied": PermissionDenied, "suspicious": SuspiciousOperation}[kind](NAME)


# This module is also the URL configuration of its tests: the portal's, and two that fail.
urlpatterns = [
    *portal_urlpatterns,
    path("fails/", failing, name="failing"),
    path("refuses/<str:kind>/", refusing, name="refusing"),
]
__all__ = ["handler500", "urlpatterns"]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.once]


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict]]]:
    """What the portal's own handler has written, line by line."""
    [handler] = [h for h in logging.getLogger().handlers if isinstance(h.formatter, LineFormatter)]
    before, written = handler.stream, StringIO()
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(before)


@pytest.fixture
def person(lead: Seat) -> Seat:
    lead.user.family_name, lead.user.given_name = NAME.split()
    lead.user.email = ADDRESS
    lead.user.save()
    return lead


def assert_nobody_is_named(lines: list[dict]) -> None:
    text = json.dumps(lines, ensure_ascii=False)
    for value in (NAME, *NAME.split(), ADDRESS, ADDRESS.split("@")[0], TYPED, PASSWORD, "q="):
        assert value not in text, value
        assert json.dumps(value)[1:-1] not in json.dumps(lines), value


def test_a_request_leaves_one_line_with_the_name_of_its_page(log, client: Client):
    response = client.get(reverse("portal:home"))
    [line] = log()
    assert line.keys() == {
        "time", "level", "logger", "request_id", "message",
        "method", "route", "user", "status", "duration_ms",
    }  # fmt: skip
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["level"], line["logger"]) == ("INFO", "core.requests")
    assert (line["method"], line["route"], line["status"]) == ("GET", "portal:home", 200)
    assert line["user"] is None
    assert line["duration_ms"] > 0
    assert line["time"].endswith("+09:00")


def test_who_is_logged_in_is_a_number(log, client_of, person: Seat):
    client_of(person).get(reverse("portal:member_home"))
    [line] = log()
    assert line["user"] == person.user.pk
    assert_nobody_is_named([line])


def test_stylesheets_and_probes_that_are_well_leave_no_line(log, client: Client, settings):
    HeartbeatFactory()
    for address in ("/static/css/tokens.css", "/healthz", "/readyz"):
        client.get(address)
    assert [line for line in log() if line["status"] < 400] == []


def test_a_search_for_a_person_names_nobody(log, client_of, person: Seat):
    client_of(person).get(reverse("proposals:proposal_list"), {"q": NAME})
    secretary_client("会員登録").get(reverse("admin:members_user_changelist"), {"q": ADDRESS})
    lines = log()
    assert [line["route"] for line in lines] == [
        "proposals:proposal_list",
        "admin:members_user_changelist",
    ]
    assert_nobody_is_named(lines)


def test_a_wrong_password_names_nobody_until_the_limit_and_beyond(log, client, person: Seat):
    for _ in range(31):  # allauth takes 30 in a minute from one address
        response = client.post(reverse("account_login"), {"login": ADDRESS, "password": TYPED})
    assert response.status_code == 429
    lines = log()
    assert {line["route"] for line in lines} == {"account_login"}
    assert lines[-1]["status"] == 429
    assert_nobody_is_named(lines)


def test_a_login_names_nobody(log, client, person: Seat):
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    client.post(reverse("account_request_login_code"), {"email": ADDRESS})
    assert_nobody_is_named(log())


def test_a_fault_tells_kinds_and_places_but_not_what_was_typed(log):
    client = Client(raise_request_exception=False)
    response = client.post("/fails/?q=1", {"typed": TYPED})
    fault, request = log()
    assert {fault["request_id"], request["request_id"]} == {response["X-Request-ID"]}
    assert (fault["level"], fault["logger"], fault["status"]) == ("ERROR", "django.request", 500)
    assert (fault["method"], fault["route"]) == ("POST", "failing")
    assert [error["type"] for error in fault["errors"]] == [
        "django.db.utils.IntegrityError",
        "ValueError",
    ]
    assert fault["errors"][1]["at"][-1].startswith("tests/core/test_logs.py:")
    assert fault["errors"][1]["at"][-1].endswith(" failing")
    assert_nobody_is_named([fault, request])


@pytest.mark.parametrize(
    "address",
    [
        f"/members/{NAME}/?q={NAME}",
        f"/no-such-page/{ADDRESS}",
        "/refuses/denied/",
        "/refuses/suspicious/",
        "/admin/members/user/hanako.mihon@example.lg.jp/change/",
    ],
)
def test_an_address_is_never_printed(log, address: str):
    Client(raise_request_exception=False).get(address)
    assert log()
    assert_nobody_is_named(log())


def test_a_forged_host_and_a_form_without_its_key_name_nobody(log):
    Client().get("/", headers={"host": "hanako.mihon.example.jp"})
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": ADDRESS})
    lines = log()
    assert [line["status"] for line in lines if line["logger"] == "core.requests"] == [400, 403]
    assert_nobody_is_named(lines)


def test_a_mail_server_that_names_the_addressee_is_not_quoted(log):
    error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, NAME.encode())})
    own = logging.getLogger("core.mail")
    try:
        raise error
    except smtplib.SMTPRecipientsRefused:
        own.exception("mail %d: %s", 12, error)
    own.warning("mail 12 to %s", ADDRESS)
    assert [line["message"] for line in log()] == [
        "mail 12: smtplib.SMTPRecipientsRefused",
        "mail 12 to …",
    ]
    assert_nobody_is_named(log())


def test_texts_are_printed_from_the_portals_own_loggers_only(log):
    for name in ("core.daily", "psycopg.pool", "gunicorn.error"):
        logging.getLogger(name).warning("job %s took %d of %s", "seal", 3, None)
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.info("Starting gunicorn %s", "27.0.1")
    gunicorn.warning(f"Invalid request line: GET /?q={NAME}")
    assert [line["message"] for line in log()] == [
        "job seal took 3 of None",
        "job … took 3 of None",
        "job … took 3 of None",
        "Starting gunicorn 27.0.1",
        "…",
    ]


@pytest.mark.parametrize(
    ("message", "arguments", "printed"),
    [
        ("%d rows", (NAME,), "%d rows"),
        ("%(name)s and %(count)d", ({"name": NAME, "count": 2},), "… and 2"),
        ("two\nlines", (), "two\nlines"),
        (ValueError(NAME), (), "…"),
        ("100 %", (), "100 %"),
        ("100 %", (1,), "100 %"),
    ],
)
def test_a_line_is_always_one_line_of_json(message, arguments, printed):
    record = logging.LogRecord("elsewhere", logging.WARNING, "", 0, message, arguments, None)
    [line] = LineFormatter().format(record).splitlines()
    assert json.loads(line)["message"] == printed


def test_a_circle_of_causes_has_an_end(log):
    first, second = ValueError(NAME), KeyError(NAME)
    first.__cause__, second.__cause__ = second, first
    logging.getLogger("core.worker").error("failed", exc_info=first)
    [line] = log()
    assert [error["type"] for error in line["errors"]] == ["ValueError", "KeyError"]
