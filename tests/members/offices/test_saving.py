"""An office's contact details leave the portal by a button, and are written down."""

from http import HTTPStatus

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from core.audit import history_of
from core.errors import NotAllowed
from core.models import AuditEntry
from members import services
from members.cards import office_card
from members.enums import Action, ContactUse
from tests.core.test_vcards import unfolded
from tests.factories.members import SeatFactory, UserFactory
from tests.members.pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.mark.parametrize("how", ContactUse)
def test_it_is_written_down_by_whom_and_how(office, lead, other_lead, how):
    services.save_contact(office, by=other_lead, how=how)
    (entry,) = history_of(office)
    assert (entry.action, entry.reason) == (Action.SAVE_CONTACT, how.label)
    assert entry.actor_organization == "岩手県北上市"


def test_a_seat_that_has_ended_takes_nothing(office, clock):
    ended = SeatFactory(valid_until="2026-11-21")
    ended.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.save_contact(office, by=ended, how=ContactUse.SAVED)
    assert not AuditEntry.objects.exists()


def test_office_vcard_holds_what_an_address_book_asks_for(client_of, office, lead, other_lead):
    office.extension, office.fax = "2311", "0776-50-3099"
    office.save()
    response = client_of(other_lead).post(url("office_vcard", office))
    lines = unfolded(response.content)
    for line in (
        "FN;CHARSET=UTF-8:福井県坂井市 企画政策課",
        "N;CHARSET=UTF-8:福井県坂井市 企画政策課;;;;",
        "ORG;CHARSET=UTF-8:福井県坂井市;企画政策課",
        "SORT-STRING;CHARSET=UTF-8:サカイシ",
        "X-PHONETIC-ORG;CHARSET=UTF-8:サカイシ",
        "TEL;TYPE=WORK,VOICE,PREF:0776-50-3010",
        "TEL;TYPE=WORK,FAX:0776-50-3099",
        f"EMAIL;TYPE=INTERNET,PREF:{office.email}",
        "ADR;TYPE=WORK;CHARSET=UTF-8:;;見本町1-1;;;919-0592;",
    ):
        assert line in lines
    (note,) = (line for line in lines if line.startswith("NOTE"))
    assert rf"内線2311\n主担当：{lead.user.polite_name}\n" in note
    assert lead.user.email not in response.content.decode()
    assert AuditEntry.objects.get().action == Action.SAVE_CONTACT


def test_office_vcard_holds_only_what_the_reader_may_read(office):
    card = office_card(office, [], UserFactory()).decode()
    for text in (office.phone, office.email, office.address, office.name):
        assert text not in card
    assert "福井県坂井市" in card


def test_office_print_holds_the_same(client_of, office, lead, other_lead):
    response = client_of(other_lead).post(url("office_print", office))
    for text in ("0776-50-3010", "919-0592", office.email, lead.user.polite_name, "印刷日："):
        assertContains(response, text)
    assert AuditEntry.objects.get().reason == ContactUse.PRINTED.label


@pytest.mark.parametrize("name", ["office_vcard", "office_print"])
class TestWithoutAButton:
    def test_an_address_gives_nothing_away(self, client_of, office, other_lead, name):
        client = client_of(other_lead)
        for answer in (client.get(url(name, office)), client.head(url(name, office))):
            assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            assertNotContains(answer, office.phone, status_code=HTTPStatus.METHOD_NOT_ALLOWED)
        assert not AuditEntry.objects.exists()

    def test_the_public_logs_in(self, client, office, name):
        response = client.post(url(name, office))
        assert response.status_code == HTTPStatus.FOUND
        assert "/accounts/login/" in response["Location"]
        assert not AuditEntry.objects.exists()

    def test_the_offices_page_has_the_button(self, client_of, office, reader, name):
        assertContains(client_of(reader).get(url("office_detail", office)), url(name, office))
