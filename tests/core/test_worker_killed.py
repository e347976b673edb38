"""1,800 mails, a mail server with every bad habit, and a worker that is killed ten times."""

import os
import random
import signal
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import mail
from core.enums import MailState
from core.mail import sending
from core.models import Heartbeat, OutboxMail
from tests import smtp_sink
from tests.processes import running, wait_for, worker_other_than
from tests.smtp_sink import ACCEPTED, DEFERRED, HANGS_UP, REFUSED, Sink

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 1800
KILLS = 10


def address(number: int) -> str:
    return f"tantou{number:04}@example.lg.jp"


def number_of(address: str) -> int:
    return int(address[6:10])


def is_refused(address: str) -> bool:
    """One in a hundred has left."""
    return number_of(address) % 100 == 7


def answer(address: str, attempt: int) -> str:
    """One in ten is put off at first; a few times the connection breaks."""
    if is_refused(address):
        return REFUSED
    if attempt == 1 and number_of(address) % 10 == 3:
        return DEFERRED
    return HANGS_UP if attempt == 1 and number_of(address) % 600 == 5 else ACCEPTED


def is_done(last_kill: datetime) -> bool:
    """Whether nothing waits and nothing is under way; what was put off need not wait."""
    waiting = OutboxMail.objects.filter(state=MailState.NEW)
    waiting.filter(next_try_at__gt=timezone.now()).update(next_try_at=F("created_at"))
    under_way = OutboxMail.objects.filter(state=MailState.SENDING, claimed_at__gt=last_kill)
    return not (waiting | under_way).exists()


def addresses(state: MailState) -> set[str]:
    return set(OutboxMail.objects.filter(state=state).values_list("to", flat=True))


def kill_when(sink: Sink, accepted: int, pid: int | None) -> int:
    """Kills the worker in the middle of its work, once the server has so many mails."""
    worker = worker_other_than(pid)
    wait_for(lambda: len(sink.recipients) >= accepted, f"{accepted} mails")
    os.kill(worker, signal.SIGKILL)
    return worker


def be_away(sink: Sink) -> None:
    """The server is down for a while, long enough for the worker to notice."""
    sink.stop()
    wait_for(lambda: Heartbeat.objects.exclude(trouble="").exists(), "the worker's trouble")
    sink.start()


def test_nobody_gets_a_mail_twice_and_nobody_is_forgotten(tmp_path: Path):
    with transaction.atomic():
        for number in range(MAILS):
            to = address(number)
            mail.queue(f"test:{number}", to=to, subject="年度確認のお願い", body="本文です。" * 40)
    dice = random.Random(20261122)  # noqa: S311 - a test's dice
    moments = sorted(dice.sample(range(50, MAILS - 300), KILLS))
    with smtp_sink.running() as sink:
        sink.to_recipient = answer
        variables = {"RENKEI_MAIL_HOST": "127.0.0.1", "RENKEI_MAIL_PORT": str(sink.port)}
        command = ("manage.py", "worker", "--parent", str(os.getpid()))
        with running(*command, log=tmp_path / "log", **variables) as supervisor:
            worker = None
            for place, moment in enumerate(moments):
                worker = kill_when(sink, moment, worker)
                if place == KILLS // 2:
                    worker_other_than(worker)
                    be_away(sink)
            last_kill = timezone.now()
            wait_for(lambda: is_done(last_kill), "an empty queue")
            supervisor.terminate()
            assert supervisor.wait() == 0

        # Nobody twice, and nobody who was refused.
        assert len(sink.recipients) == len(set(sink.recipients))
        assert not any(map(is_refused, sink.recipients))

    # Whoever is not among the sent or the refused is listed for a person to judge.
    sending.settle_forgotten(stale_before=timezone.now())
    refused, sent = addresses(MailState.FAILED), addresses(MailState.SENT)
    uncertain = addresses(MailState.UNCERTAIN)
    everybody = {address(number) for number in range(MAILS)}
    assert refused | sent | uncertain == everybody
    assert refused <= set(filter(is_refused, everybody)) <= refused | uncertain
    assert sent <= set(sink.recipients) <= sent | uncertain
    assert len(uncertain) <= KILLS
