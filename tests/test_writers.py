"""Eight people write at once while the worker sends: nobody is refused, nothing is lost."""

from pathlib import Path

import pytest

from benchmarks.writers import Outcome, write
from core import mail
from core.enums import MailState
from core.models import OutboxMail
from members.enums import Role
from proposals.models import Reply
from tests.factories.members import SeatFactory
from tests.factories.proposals import ProposalFactory
from tests.postgres import free_port
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
SECONDS = 5
MAILS = 200


def written(client_of, server: str) -> Outcome:
    proposal = ProposalFactory()
    seats = [SeatFactory(role=Role.LEAD) for _ in range(WRITERS)]
    sessions = [client_of(seat).cookies["sessionid"].value for seat in seats]
    return write(f"{server}/proposals/{proposal.pk}/", sessions, SECONDS)


def test_eight_writers_and_the_worker(client_of, settings, tmp_path: Path):
    for number in range(MAILS):
        to = f"tantou{number}@example.lg.jp"
        mail.queue(f"test:{number}", to=to, subject="お知らせ", body="本文です。")
    address, log = f"127.0.0.1:{free_port()}", tmp_path / "log"
    program = ["-m", "gunicorn", "--config", "python:renkei.gunicorn", "--bind", address]
    # One program that forks: eight that start by themselves would take longer than the test.
    program += ["--workers", str(WRITERS), "--preload"]
    # Mail is kept in the test's directory; the sessions are signed with the test's key.
    own = {"RENKEI_DATA_DIR": str(tmp_path), "RENKEI_SECRET_KEY": settings.SECRET_KEY}
    with running(*program, log=log, **own) as server:
        wait_for(lambda: log.read_bytes().count(b"Booting worker") == WRITERS, "the web server")
        outcome = written(client_of, f"http://{address}")
        waiting = OutboxMail.objects.exclude(state=MailState.SENT)
        wait_for(lambda: not waiting.exists(), "the mails")
        server.terminate()
        assert server.wait() == 0
    assert outcome.refused == 0, f"{outcome}\n{log.read_text()}"
    assert Reply.objects.count() == len(outcome.seconds) >= WRITERS
    assert b"locked" not in log.read_bytes()
