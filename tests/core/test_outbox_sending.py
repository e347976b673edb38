"""Sending from the outbox to a real mail server that refuses, defers and hangs up."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core import mail
from core.enums import MailKind, MailState
from core.mail import sending
from core.mail.backends import SmtpBackend
from core.models import OutboxMail
from tests import smtp_sink
from tests.smtp_sink import ACCEPTED, CLOSING, DEFERRED, HANGS_UP, REFUSED, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    with smtp_sink.running() as sink:
        settings.MAILERS = {"default": sink.mailer}
        yield sink


@pytest.fixture
def clock(time_machine):
    """A clock that stands still until the test moves it."""
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    return time_machine


def queued(name: str, kind: MailKind = MailKind.NORMAL, **values) -> OutboxMail:
    """A mail to ``name``@example.lg.jp that waits to be sent."""
    row = mail.queue(
        f"test:{name}",
        to=f"{name}@example.lg.jp",
        subject="お知らせ",
        body="番号は 1234-5678 です。",
        kind=kind,
        **values,
    )
    if kind == MailKind.BULK:
        OutboxMail.objects.filter(pk=row.pk).update(state=MailState.NEW)
    return row


def now(row: OutboxMail) -> OutboxMail:
    row.refresh_from_db()
    return row


def time_passes() -> None:
    """What was put off may be tried again."""
    OutboxMail.objects.filter(state=MailState.NEW).update(next_try_at=timezone.now())


def answering(**answers: str) -> smtp_sink.Answer:
    """Answers as given by the name before the @; accepts everybody else."""
    return lambda address, attempt: answers.get(address.partition("@")[0], ACCEPTED)


class TestOrder:
    def test_codes_go_first_then_normal_mails_then_bulk(self, sink):
        queued("bulk1", MailKind.BULK)
        queued("normal1")
        queued("secret1", MailKind.SECRET)
        queued("bulk2", MailKind.BULK)
        queued("normal2")
        queued("secret2", MailKind.SECRET)
        assert sending.drain() == 6
        names = [address.partition("@")[0] for address in sink.recipients]
        assert names == ["secret1", "secret2", "normal1", "normal2", "bulk1", "bulk2"]

    def test_a_code_overtakes_a_mailing_that_is_under_way(self, sink):
        for number in range(5):
            queued(f"bulk{number}", MailKind.BULK)

        def asked_for_a_code() -> bool:
            if len(sink.recipients) == 2:
                queued("secret", MailKind.SECRET)
            return True

        sending.drain(asked_for_a_code)
        assert sink.recipients[2] == "secret@example.lg.jp"
        assert len(sink.recipients) == 6

    def test_one_connection_takes_a_hundred(self, sink):
        for number in range(101):
            queued(f"n{number}")
        assert [sending.drain(), sending.drain(), sending.drain()] == [100, 1, 0]
        assert sink.connections == 2
        assert len(set(sink.recipients)) == 101

    def test_it_stops_between_two_mails_when_told(self, sink):
        rows = [queued(f"n{number}") for number in range(3)]
        sending.drain(lambda: len(sink.recipients) < 2)
        assert [now(row).state for row in rows] == ["sent", "sent", "new"]

    def test_a_limit_a_minute_holds_all_but_codes_back(self, sink, settings, clock):
        settings.MAIL_PER_MINUTE = 3
        for number in range(5):
            queued(f"n{number}")
        assert [sending.drain(), sending.drain()] == [3, 0]
        assert sink.connections == 1
        queued("secret", MailKind.SECRET)
        assert sending.drain() == 1
        clock.shift(timedelta(seconds=61))
        assert sending.drain() == 2


class TestAnswers:
    def test_sent(self, sink):
        row = queued("lead")
        sending.drain()
        assert now(row).state == MailState.SENT
        assert row.sent_at is not None
        assert row.attempts == 1
        assert row.body
        [message] = sink.read()
        assert message["To"] == "lead@example.lg.jp"

    @pytest.mark.parametrize("step", ["to_recipient", "to_message"])
    def test_refused_for_good_while_the_others_go_on(self, sink, step):
        setattr(sink, step, answering(gone=REFUSED))
        gone, other = queued("gone"), queued("other")
        assert sending.drain() == 2
        assert now(gone).state == MailState.FAILED
        assert gone.last_error == "550 5.1.1 No such user here"
        assert now(other).state == MailState.SENT
        assert sink.recipients == ["other@example.lg.jp"]
        assert sink.connections == 1

    @pytest.mark.parametrize("step", ["to_recipient", "to_message"])
    def test_deferred_and_sent_later(self, sink, clock, step):
        setattr(sink, step, lambda address, attempt: DEFERRED if attempt == 1 else ACCEPTED)
        row = queued("lead")
        assert [sending.drain(), sending.drain()] == [1, 0]
        assert (now(row).state, row.last_error[:3]) == (MailState.NEW, "451")
        clock.shift(timedelta(seconds=61))
        assert sending.drain() == 1
        assert (now(row).state, row.attempts, row.last_error) == (MailState.SENT, 2, "")

    def test_deferred_for_four_days_is_given_up_and_shown(self, sink):
        sink.to_recipient = lambda address, attempt: DEFERRED
        row = queued("lead")
        waits = []
        while sending.drain():
            if now(row).state == MailState.NEW:
                waits.append(row.next_try_at - row.claimed_at)
            time_passes()
        assert row.state == MailState.FAILED
        assert row.attempts == len(sending.RETRY_AFTER) + 1
        assert row.last_error.startswith("13回試みましたが、送信できませんでした")
        assert timedelta(days=4) < sum(waits, timedelta()) < timedelta(days=5)

    def test_a_code_is_tried_again_within_seconds_until_it_expires(self, sink, clock):
        sink.to_recipient = lambda address, attempt: DEFERRED
        expires_at = timezone.now() + timedelta(minutes=15)
        row = queued("lead", MailKind.SECRET, expires_at=expires_at)
        sending.drain()
        clock.shift(timedelta(seconds=6))
        assert sending.drain() == 1
        while sending.drain() or timezone.now() < expires_at:
            clock.shift(timedelta(seconds=61))
        assert sending.settle_forgotten() == 1
        assert (now(row).state, row.body) == (MailState.EXPIRED, "")
        assert row.attempts > 10

    def test_no_answer_to_the_whole_message_is_uncertain(self, sink):
        sink.to_message = answering(lead=HANGS_UP)
        row, other = queued("lead"), queued("other")
        with pytest.raises(sending.ServerTrouble):
            sending.drain()
        assert (now(row).state, row.last_error) == (MailState.UNCERTAIN, sending.UNANSWERED)
        time_passes()
        assert sending.drain() == 1
        assert now(other).state == MailState.SENT
        assert sink.recipients == ["lead@example.lg.jp", "other@example.lg.jp"]

    @pytest.mark.parametrize("answer", [HANGS_UP, CLOSING])
    def test_a_connection_that_ends_before_the_message_costs_a_later_try(self, sink, answer):
        sink.to_recipient = lambda address, attempt: (
            answer if (address[:4], attempt) == ("lead", 1) else ACCEPTED
        )
        row, other = queued("lead"), queued("other")
        with pytest.raises(sending.ServerTrouble) as trouble:
            sending.drain()
        assert trouble.value.tried == 0
        assert now(row).state == MailState.NEW
        assert row.next_try_at > timezone.now()
        assert sending.drain() == 1
        assert now(other).state == MailState.SENT
        time_passes()
        assert sending.drain() == 1
        assert now(row).state == MailState.SENT

    def test_a_server_that_refuses_the_sender_costs_nobody_a_mail(self, sink):
        sink.to_sender = lambda address, attempt: "530 5.7.0 Authentication required"
        rows = [queued("lead"), queued("other")]
        with pytest.raises(sending.ServerTrouble, match=r"^530 5\.7\.0 Authentication required$"):
            sending.drain()
        assert [now(row).state for row in rows] == ["new", "new"]
        assert [row.attempts for row in rows] == [1, 0]

    def test_a_server_that_is_away_costs_not_even_a_try(self, sink):
        sink.stop()
        row = queued("lead")
        with pytest.raises(sending.ServerTrouble, match="ConnectionRefusedError"):
            sending.drain()
        assert (now(row).state, row.attempts) == (MailState.NEW, 0)
        with pytest.raises(sending.ServerTrouble):
            sending.try_server()
        sink.start()
        sending.try_server()
        assert sending.drain() == 1

    def test_a_row_that_no_mail_can_be_made_of(self, sink):
        row = queued("lead")
        OutboxMail.objects.filter(pk=row.pk).update(to="見本@example.lg.jp")
        other = queued("other")
        sending.drain()
        assert now(row).state == MailState.FAILED
        assert now(other).state == MailState.SENT


class TestSecret:
    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            (ACCEPTED, MailState.SENT),
            (REFUSED, MailState.FAILED),
            (HANGS_UP, MailState.UNCERTAIN),
        ],
    )
    def test_the_body_is_erased_with_the_outcome(self, sink, answer, state):
        sink.to_message = lambda address, attempt: answer
        row = queued("lead", MailKind.SECRET)
        try:
            sending.drain()
        except sending.ServerTrouble:
            assert answer == HANGS_UP
        assert (now(row).state, row.body) == (state, "")

    def test_an_expired_one_is_never_sent(self, sink, clock):
        expires_at = timezone.now() + timedelta(minutes=15)
        row = queued("lead", MailKind.SECRET, expires_at=expires_at)
        clock.move_to(expires_at)
        assert sending.drain() == 0
        assert sending.settle_forgotten() == 1
        assert (now(row).state, row.body) == (MailState.EXPIRED, "")
        assert sink.recipients == []


class TestForgotten:
    def test_what_a_dead_sender_left_is_for_a_person_to_judge(self, sink):
        rows = [queued("lead"), queued("secret", MailKind.SECRET)]
        claimed_at = timezone.now() - sending.STALE_AFTER - timedelta(seconds=1)
        OutboxMail.objects.update(state=MailState.SENDING, claimed_at=claimed_at)
        fresh = queued("fresh")
        OutboxMail.objects.filter(pk=fresh.pk).update(
            state=MailState.SENDING, claimed_at=timezone.now()
        )
        assert sending.settle_forgotten() == 2
        assert [now(row).state for row in rows] == ["uncertain", "uncertain"]
        assert [bool(row.body) for row in rows] == [True, False]
        assert now(fresh).state == MailState.SENDING
        assert sending.drain() == 0
        assert sink.recipients == []


class HeldUp(SmtpBackend):
    """A sender that is held up with its mail claimed, while others do ``meanwhile``."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def send_messages(self, email_messages):
        self.meanwhile()
        return super().send_messages(email_messages)


class TestHeldUp:
    """A sender that wakes after its mail has been taken from it changes nothing any more."""

    @pytest.fixture
    def held_up(self, sink, settings, monkeypatch):
        """Makes every sender sleep while ``meanwhile`` is done."""
        settings.MAILERS = {"default": {**sink.mailer, "BACKEND": f"{__name__}.HeldUp"}}
        return lambda meanwhile: monkeypatch.setattr(HeldUp, "meanwhile", staticmethod(meanwhile))

    @pytest.mark.parametrize("kind", [MailKind.NORMAL, MailKind.SECRET])
    @pytest.mark.parametrize("answer", [ACCEPTED, REFUSED, DEFERRED, HANGS_UP])
    def test_what_the_sweep_has_given_up_stays_so(self, sink, held_up, clock, caplog, kind, answer):
        def swept() -> None:
            clock.shift(sending.STALE_AFTER + timedelta(seconds=1))
            assert sending.settle_forgotten() == 1

        held_up(swept)
        sink.to_message = lambda address, attempt: answer
        row = queued("lead", kind)
        with suppress(sending.ServerTrouble):
            sending.drain()
        assert sink.recipients == ["lead@example.lg.jp"] * (answer in (ACCEPTED, HANGS_UP))
        assert (now(row).state, row.last_error) == (MailState.UNCERTAIN, sending.STOPPED)
        assert (row.sent_at, bool(row.body)) == (None, kind == MailKind.NORMAL)
        [line] = [record for record in caplog.records if record.name == "core.mail.sending"]
        assert "taken from its sender" in line.message
        assert "@" not in line.message

    def test_nor_what_another_sender_has_claimed_since(self, sink, held_up, clock, staff):
        row = queued("lead")

        def sent_again() -> None:
            held_up(lambda: None)
            clock.shift(sending.STALE_AFTER + timedelta(seconds=1))
            assert sending.settle_forgotten() == 1
            mail.resend(now(row), by=staff)
            OutboxMail.objects.filter(pk=row.pk).update(
                state=MailState.SENDING, claimed_at=timezone.now()
            )

        held_up(sent_again)
        sending.drain()
        assert (now(row).state, row.sent_at) == (MailState.SENDING, None)

    def test_in_time_it_is_settled(self, sink, held_up, clock):
        held_up(lambda: clock.shift(sending.STALE_AFTER - timedelta(seconds=1)))
        row = queued("lead")
        sending.settle_forgotten()
        sending.drain()
        assert now(row).state == MailState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_every_mail_once(sink):
    for number in range(60):
        queued(f"n{number}")

    def send(_: int) -> int:
        try:
            return sending.drain()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(send, range(2)))
    assert sum(counts) == len(sink.recipients) == len(set(sink.recipients)) == 60
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}
