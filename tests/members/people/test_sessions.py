"""One's own logins: listed by browser, and ended from another one."""

from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from core import tidying
from core.templatetags.browsers import browser_name
from tests.factories.members import PASSWORD

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)
CHROME = EDGE.replace(" Edg/142.0.0.0", "")
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
ENDS_THE_OTHERS = "ほかのすべてのログインを終了する"


def browser(user, agent: str) -> Client:
    """A browser of that kind in which ``user`` has logged in."""
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (EDGE, "Edge（Windows）"),
        (CHROME, "Chrome（Windows）"),
        (IPHONE, "Safari（iPhone）"),
        (FIREFOX, "Firefox（Linux）"),
        ("curl/8.5.0", "curl"),
        ("", "不明なブラウザー"),
    ],
)
def test_browsers_are_named(agent, name):
    assert browser_name(agent) == name


def test_each_is_listed_and_this_one_is_marked(lead, time_machine):
    time_machine.move_to("2026-11-22 09:05+09:00", tick=False)
    browser(lead.user, IPHONE)
    time_machine.move_to("2026-11-22 10:30+09:00", tick=False)
    page = browser(lead.user, EDGE).get(SESSIONS)
    html = page.content.decode()
    assertContains(page, "2026年（令和8年）11月22日 9時05分")
    assertContains(page, "2026年（令和8年）11月22日 10時30分")
    phone, office = html.index("Safari（iPhone）"), html.index("Edge（Windows）")
    assert phone < office < html.index("このブラウザー")
    assert html.count("このブラウザー") == 1


def test_another_persons_are_not(lead, reader):
    browser(reader.user, IPHONE)
    page = browser(lead.user, EDGE).get(SESSIONS)
    assertNotContains(page, "iPhone")
    assertNotContains(page, ENDS_THE_OTHERS)


def test_all_others_are_ended_and_nobody_elses(lead, reader):
    phone, other = browser(lead.user, IPHONE), browser(reader.user, FIREFOX)
    here = browser(lead.user, EDGE)
    assertContains(here.get(SESSIONS), ENDS_THE_OTHERS)
    done = here.post(SESSIONS, follow=True)
    assertContains(done, "ほかのすべてのログインを終了しました。")
    assertNotContains(done, "iPhone")
    assert phone.get("/member/").status_code == 302
    assert here.get("/member/").status_code == 200
    assert other.get("/member/").status_code == 200


def test_a_new_password_ends_the_others(lead):
    phone, here = browser(lead.user, IPHONE), browser(lead.user, EDGE)
    new = "あたらしい合い言葉 2026"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/accounts/password/change/", form)
    assert phone.get("/member/").status_code == 302
    page = here.get(SESSIONS)
    assertNotContains(page, "iPhone")
    assertContains(page, "このブラウザー", count=1)


def test_the_day_after_nothing_is_left_of_an_ended_one(lead, time_machine):
    time_machine.move_to("2026-11-21 09:00+09:00", tick=False)
    browser(lead.user, IPHONE)
    time_machine.move_to("2026-11-22 00:30+09:00", tick=False)
    browser(lead.user, EDGE)
    tidying.clear_sessions(date(2026, 11, 22))
    [left] = UserSession.objects.all()
    assert left.user_agent == EDGE
