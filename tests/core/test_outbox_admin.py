"""The secretariat's outbox in the admin: what it shows, and what may be done from it."""

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from core.enums import Action, MailKind, MailState
from core.models import AuditEntry, OutboxMail, UndeliverableAddress
from tests.factories.core import OutboxMailFactory, UndeliverableAddressFactory
from tests.secretariat import csv_of, exported, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

MAIL = "core.outboxmail"
# The address of each action, and what it makes of a held mail of a mailing.
ON_HELD = {
    "release": "new",
    "release-mailing": "new",
    "cancel": "cancelled",
    "cancel-mailing": "cancelled",
    "undeliverable": "unsent",
}
ASKS_WHY = ("cancel", "cancel-mailing", "undeliverable")
BUTTONS = {
    "release": "この1通を送信する",
    "release-mailing": "この一斉送信をすべて送信する",
    "cancel": "この1通を取り消す",
    "cancel-mailing": "この一斉送信をすべて取り消す",
    "resend": "送り直す",
    "undeliverable": "宛先の不達を記録する",
}


@pytest.fixture
def held(db) -> OutboxMail:
    OutboxMailFactory(kind=MailKind.BULK, state=MailState.HELD, mailing="お知らせ7")
    return OutboxMailFactory(kind=MailKind.BULK, state=MailState.HELD, mailing="お知らせ7")


def act(client: Client, row: OutboxMail, name: str, **answers: str):
    """Opens an action's page and sends its form."""
    address = url(MAIL, name, row.pk)
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, typed(page, **answers), follow=True)


def buttons(client: Client, row: OutboxMail) -> set[str]:
    html = client.get(url(MAIL, "change", row.pk)).content.decode()
    return {name for name in BUTTONS if f"/{name}/" in html}


class TestPage:
    def test_it_shows_what_became_of_a_mail(self):
        row = OutboxMailFactory(
            state=MailState.FAILED, attempts=2, last_error="550 5.1.1 No such user here"
        )
        page = secretary_client("閲覧").get(url(MAIL, "change", row.pk))
        for text in (row.to, row.subject, row.body, "送信失敗", "550 5.1.1 No such user here"):
            assertContains(page, text)

    def test_the_list_names_mails_without_the_name_of_the_project(self):
        OutboxMailFactory(subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}見本の用件")
        client = secretary_client("閲覧")
        for order in ({}, {"o": "1"}):
            page = client.get(url(MAIL, "changelist"), order)
            assertContains(page, '">見本の用件</a>')

    def test_it_never_shows_a_code(self):
        row = OutboxMailFactory(kind=MailKind.SECRET, body="番号は 1234-5678 です。")
        client = secretary_client()
        page = client.get(url(MAIL, "change", row.pk))
        assertContains(page, "本文は表示しません")
        for address in (url(MAIL, "changelist"), url(MAIL, "history", row.pk)):
            assertNotContains(client.get(address), "1234-5678")
        assertNotContains(page, "1234-5678")
        assert "1234-5678" not in str(csv_of(exported(client, url(MAIL, "export"))))

    def test_a_code_is_not_found_by_searching_for_it(self):
        row = OutboxMailFactory(kind=MailKind.SECRET, body="番号は 1234-5678 です。")
        client, address = secretary_client(), url(MAIL, "changelist")
        assertNotContains(client.get(address, {"q": "1234-5678"}), row.to)
        assert client.get(address, {"body__contains": "1234-5678"}).status_code == 400

    @pytest.mark.parametrize(
        ("state", "kind", "offered"),
        [
            (MailState.NEW, MailKind.NORMAL, {"cancel", "undeliverable"}),
            (MailState.SENDING, MailKind.NORMAL, {"undeliverable"}),
            (MailState.SENT, MailKind.NORMAL, {"undeliverable"}),
            (MailState.FAILED, MailKind.NORMAL, {"resend", "undeliverable"}),
            (MailState.UNCERTAIN, MailKind.BULK, {"resend", "undeliverable"}),
            (MailState.EXPIRED, MailKind.SECRET, {"undeliverable"}),
        ],
    )
    def test_it_offers_what_the_state_allows(self, state, kind, offered):
        body = "" if kind == MailKind.SECRET else "本文"
        row = OutboxMailFactory(state=state, kind=kind, body=body)
        assert buttons(secretary_client(), row) == offered

    def test_a_held_mail_of_a_mailing_offers_both(self, held):
        assert buttons(secretary_client(), held) == set(ON_HELD)

    def test_readers_are_offered_nothing_and_may_do_nothing(self, held):
        client = secretary_client("閲覧")
        assert buttons(client, held) == set()
        for name in BUTTONS:
            assert client.get(url(MAIL, name, held.pk)).status_code == 403
            assert client.post(url(MAIL, name, held.pk), {"reason": "x"}).status_code == 403
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.HELD}
        assert not UndeliverableAddress.objects.exists()


class TestActions:
    @pytest.mark.parametrize("name", ON_HELD)
    def test_on_a_held_mail(self, held, name, mailoutbox):
        answers = {"reason": "宛先の誤り"} if name in ASKS_WHY else {}
        page = act(secretary_client(), held, name, **answers)
        assert len(sentences(page)) == 1
        held.refresh_from_db()
        assert held.state == ON_HELD[name]
        others = OutboxMail.objects.exclude(pk=held.pk).get()
        assert others.state == (ON_HELD[name] if name.endswith("mailing") else MailState.HELD)
        assert AuditEntry.objects.count() == 1
        assert mailoutbox == []

    @pytest.mark.parametrize("name", ASKS_WHY)
    def test_without_a_reason_nothing_happens(self, held, name):
        client = secretary_client()
        address = url(MAIL, name, held.pk)
        assert client.post(address, {"reason": " "}).status_code == 422
        held.refresh_from_db()
        assert held.state == MailState.HELD
        assert not AuditEntry.objects.exists()

    def test_before_a_mailing_goes_its_number_is_named(self, held):
        page = secretary_client().get(url(MAIL, "release-mailing", held.pk))
        assertContains(page, "確認待ちの2通を送信します。送信したメールは取り消せません。")

    def test_resending_what_failed(self):
        row = OutboxMailFactory(state=MailState.FAILED, attempts=13)
        page = act(secretary_client(), row, "resend")
        assert sentences(page) == ["メールを送信待ちにしました。まもなく送信します"]
        row.refresh_from_db()
        assert (row.state, row.attempts) == (MailState.NEW, 0)
        assert AuditEntry.objects.get().action == Action.RESEND_MAIL

    def test_what_the_worker_was_faster_with_is_refused(self, held):
        client = secretary_client()
        page = client.get(url(MAIL, "cancel", held.pk))
        OutboxMail.objects.filter(pk=held.pk).update(state=MailState.SENT)
        sent = typed(page, reason="誤り")
        answer = client.post(url(MAIL, "cancel", held.pk), sent)
        assertContains(
            answer, "このメールは「送信済み」のため、取り消すことはできません", status_code=422
        )
        assert not AuditEntry.objects.exists()

    def test_clearing_an_address(self):
        row = UndeliverableAddressFactory()
        client = secretary_client()
        address = url("core.undeliverableaddress", "clear", row.pk)
        page = client.post(address, typed(client.get(address), reason="届いた"), follow=True)
        assert sentences(page) == ["不達を解除しました"]
        assert not UndeliverableAddress.objects.exists()
        assert AuditEntry.objects.get().action == Action.CLEAR_UNDELIVERABLE
