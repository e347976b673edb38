"""The way out of mails without a login: its page, its button, a mail server's own message."""

import re

import pytest
from django.core.signing import Signer
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.dates import today
from core.models import AuditEntry
from notices.emails import unsubscribe_address
from notices.models import Preference
from tests.factories.members import SeatFactory
from tests.factories.notices import PreferenceFactory

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def strict() -> Client:
    """A browser whose forms must carry their token."""
    return Client(enforce_csrf_checks=True)


def path(seat, kind: str) -> str:
    return re.sub("^https?://[^/]+", "", unsubscribe_address(seat, kind))


def paces(seat) -> list[str]:
    row = Preference.objects.filter(seat=seat).first() or Preference()
    return [row.own, row.watched, row.new]


def test_unsubscribe_shows_what_would_stop_and_nothing_personal(client, lead):
    response = client.get(path(lead, "own"))
    assertContains(response, "次のメールを止めますか")
    assertContains(response, lead.office.signature)
    assertContains(response, "所属する団体のこと（すぐに）")
    for personal in (lead.user.email, lead.user.family_name, lead.user.given_name):
        assertNotContains(response, personal)
    assert response["Cache-Control"] == "private, no-store"
    assert not Preference.objects.exists()


def test_unsubscribe_stops_one_kind_for_one_seat(strict, lead):
    other, address = SeatFactory(user=lead.user), path(lead, "watched")
    token = re.search('csrfmiddlewaretoken" value="([^"]+)', strict.get(address).text)[1]
    response = strict.post(address, {"csrfmiddlewaretoken": token})
    assertRedirects(response, address)
    assertContains(strict.get(address), "この種類のメールは止まっています")
    assert (paces(lead), paces(other)) == (["now", "none", "weekly"], ["now", "now", "weekly"])
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == ("notices.unsubscribe", {"watched": ["now", "none"]})


def test_unsubscribe_from_the_weekly_mail_stops_all_that_comes_weekly(client, lead):
    other = PreferenceFactory(seat=SeatFactory(user=lead.user), own="weekly", new="now").seat
    stranger = SeatFactory()
    response = client.get(path(lead, "weekly"))
    assertContains(response, "（週に1度まとめて）", count=2)
    client.post(path(lead, "weekly"))
    assert paces(lead) == ["now", "now", "none"]
    assert paces(other) == ["none", "now", "now"]
    assert paces(stranger) == ["now", "now", "weekly"]


def test_unsubscribe_by_one_click_of_a_mail_server(strict, lead):
    assert strict.post(path(lead, "own"), ONE_CLICK).status_code == 200
    assert paces(lead) == ["none", "now", "weekly"]
    strict.post(path(lead, "own"), ONE_CLICK)  # twice is once
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "body", [{}, {"List-Unsubscribe": "x"}, {**ONE_CLICK, "more": "1"}], ids=str
)
def test_unsubscribe_takes_nothing_else_from_another_site(body, strict, lead):
    assert strict.post(path(lead, "own"), body).status_code == 403
    assert not Preference.objects.exists()


@pytest.mark.parametrize("kind", ["own", "weekly"])
def test_unsubscribe_of_a_seat_that_has_ended_reaches_no_other_of_the_person(client, lead, kind):
    """An old mail may lie where the person works no more."""
    SeatFactory(user=lead.user)
    lead.valid_until = lead.valid_from
    assert lead.valid_until < today()
    lead.save()
    for body in (ONE_CLICK, {}):
        client.post(path(lead, kind), body)
    assert not Preference.objects.exists()
    response = client.get(path(lead, kind))
    assertContains(response, f"{lead.office.signature}の担当としてのメールは、もう届きません。")
    assertNotContains(response, "メールを止め")


def test_unsubscribe_explains_a_bad_link(strict, lead):
    good = path(lead, "own")
    forged = Signer(salt="notices.unsubscribe").sign("0:own")
    for address in (f"{good[:-5]}/", "/unsubscribe/x/", f"/unsubscribe/{forged}/"):
        response = strict.get(address)
        assertContains(response, "このリンクは使えません", status_code=404)
        assert strict.post(address, ONE_CLICK).status_code == 404
    assert not Preference.objects.exists()
