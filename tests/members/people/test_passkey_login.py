"""A passkey alone is a login only where it has asked who holds it; as a second step a touch does."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from members.models import Seat
from tests.members.people.factors import ASKED_AT_LOGIN, is_logged_in, logged_in
from tests.members.people.software_key import SoftwareKey, decoded, encoded

pytestmark = pytest.mark.django_db

PASSKEY_LOGIN = "/accounts/2fa/webauthn/login/"
REFUSED = "番号またはパスキーを確認できませんでした。もう一度お試しください"


@pytest.fixture
def key(lead: Seat) -> SoftwareKey:
    return SoftwareKey(lead.user)


def asked_at_login(client: Client) -> dict[str, Any]:
    """What the page for passkeys asks the key."""
    answer = client.get(PASSKEY_LOGIN, headers={"x-requested-with": "XMLHttpRequest"})
    return answer.json()["request_options"]


def asked_as_second_step(client: Client) -> dict[str, Any]:
    """What the page behind the password asks the key."""
    options = client.get(ASKED_AT_LOGIN).context["js_data"]["request_options"]
    return json.loads(json.dumps(options))


def leave_step(client: Client) -> None:
    """Opens the page with which allauth drops the step, but not what the key was asked."""
    client.get("/accounts/signup/")
    assert client.get(ASKED_AT_LOGIN).status_code == 302


def refused(client: Client, credential: str) -> None:
    """Asserts that the passkey login takes ``credential`` for nothing, and says so."""
    answer = client.post(PASSKEY_LOGIN, {"credential": credential})
    assertRedirects(answer, "/accounts/login/", fetch_redirect_response=False)
    assertContains(client.get(answer.url), REFUSED)
    assert not is_logged_in(client)
    assert client.get("/member/").status_code == 302


class TestLogin:
    def test_by_a_key_that_has_asked_who_holds_it(self, client, key):
        options = asked_at_login(client)
        assert options["publicKey"]["userVerification"] == "required"
        answer = client.post(PASSKEY_LOGIN, {"credential": key.answer(options, verified=True)})
        assertRedirects(answer, "/member/")
        assert client.get("/member/").context["user"] == key.user

    def test_counts_as_both_factors(self, client, staff, settings):
        settings.SECOND_FACTOR = True
        key = SoftwareKey(staff.user)
        credential = key.answer(asked_at_login(client), verified=True)
        client.post(PASSKEY_LOGIN, {"credential": credential})
        assert client.get("/admin/").status_code == 200

    def test_a_touch_is_not_enough(self, client, key):
        refused(client, key.answer(asked_at_login(client), verified=False))

    @pytest.mark.parametrize("verified", [True, False])
    def test_the_second_steps_challenge_is_none_of_this_page(self, key, verified):
        client = logged_in(key.user)
        options = asked_as_second_step(client)
        assert options["publicKey"]["userVerification"] == "preferred"
        credential = key.answer(options, verified=verified)
        # As long as the step is open, every login page leads back to it.
        assert client.post(PASSKEY_LOGIN, {"credential": credential}).url == ASKED_AT_LOGIN
        assert not is_logged_in(client)
        leave_step(client)
        refused(client, credential)

    def test_a_stolen_key_is_no_login_by_way_of_ones_own_second_step(self, key, other_lead):
        SoftwareKey(other_lead.user)
        thief = logged_in(other_lead.user)
        options = asked_as_second_step(thief)
        leave_step(thief)
        refused(thief, key.answer(options, verified=False))

    def test_a_verified_answer_cannot_be_made_of_a_touch(self, client, key):
        answer = json.loads(key.answer(asked_at_login(client), verified=False))
        data = bytearray(decoded(answer["response"]["authenticatorData"]))
        data[32] |= 0x04
        answer["response"]["authenticatorData"] = encoded(bytes(data))
        refused(client, json.dumps(answer))

    def test_an_answer_counts_once(self, client, key):
        credential = key.answer(asked_at_login(client), verified=True)
        client.post(PASSKEY_LOGIN, {"credential": credential})
        assert is_logged_in(client)
        client.post("/accounts/logout/")
        refused(client, credential)

    def test_nobody_asked(self, client, key):
        options = asked_at_login(Client())
        refused(client, key.answer(options, verified=True))

    @pytest.mark.parametrize("mangled", ["[1]", "1", '"x"', '{"response": {}}'])
    def test_what_no_key_has_written(self, client, key, mangled):
        asked_at_login(client)
        refused(client, mangled)

    def test_not_for_whoever_has_left(self, client, deputy):
        key = SoftwareKey(deputy.user)
        deputy.valid_until = deputy.valid_from
        deputy.save()
        credential = key.answer(asked_at_login(client), verified=True)
        answer = client.post(PASSKEY_LOGIN, {"credential": credential})
        assert answer.url == "/accounts/inactive/"
        assert not is_logged_in(client)


class TestSecondStep:
    @pytest.mark.parametrize("verified", [True, False])
    def test_a_touch_is_enough_after_the_password(self, key, verified):
        client = logged_in(key.user)
        assert not is_logged_in(client)
        options = asked_as_second_step(client)
        client.post(ASKED_AT_LOGIN, {"credential": key.answer(options, verified=verified)})
        assert is_logged_in(client)

    def test_so_it_opens_the_admin(self, staff, settings):
        settings.SECOND_FACTOR = True
        key = SoftwareKey(staff.user)
        client = logged_in(staff.user)
        options = asked_as_second_step(client)
        client.post(ASKED_AT_LOGIN, {"credential": key.answer(options, verified=False)})
        assert client.get("/admin/").status_code == 200

    def test_another_persons_key_is_not(self, key, other_lead):
        SoftwareKey(other_lead.user)
        client = logged_in(other_lead.user)
        options = asked_as_second_step(client)
        client.post(ASKED_AT_LOGIN, {"credential": key.answer(options, verified=True)})
        assert not is_logged_in(client)
