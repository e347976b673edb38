"""A campaign's first wave, sent for real, while the worker is killed in the middle of it."""

import os
import signal
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from core.enums import MailState
from core.mail import sending
from core.models import OutboxMail
from members import services
from members.enums import Role
from members.models import Membership, Municipality, Office, Organization, Prefecture, Seat, User
from tests import smtp_sink
from tests.factories.members import CampaignFactory, PrefectureFactory, code_of
from tests.members.campaign.asking import BY
from tests.processes import running, wait_for, worker_other_than

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = 200
JOINED = date(2020, 4, 1)


def join(prefecture: Prefecture) -> set[str]:
    """Makes members with a lead each; returns the leads' addresses."""
    codes = [code_of(f"32{number}") for number in range(700, 700 + MEMBERS)]
    towns = Municipality.objects.bulk_create(
        Municipality(
            code=code, name=f"見本{code}町", kana="ミホン", kind="町", prefecture=prefecture
        )
        for code in codes
    )
    bodies = Organization.objects.bulk_create(
        Organization(kind="municipality", name=row.name, municipality=row, prefecture=prefecture)
        for row in towns
    )
    Membership.objects.bulk_create(Membership(organization=row, joined=JOINED) for row in bodies)
    offices = Office.objects.bulk_create(
        Office(organization=row, name="企画課", is_main=True) for row in bodies
    )
    users = User.objects.bulk_create(
        User(email=f"tantou{number:03}@example.lg.jp") for number in range(MEMBERS)
    )
    Seat.objects.bulk_create(
        Seat(user=user, office=office, role=Role.LEAD, valid_from=JOINED)
        for user, office in zip(users, offices, strict=True)
    )
    return {user.email for user in users}


def test_nobody_is_mailed_twice_and_nobody_is_forgotten(tmp_path: Path):
    everybody = join(PrefectureFactory())
    with smtp_sink.running() as sink:
        variables = {"RENKEI_MAIL_HOST": "127.0.0.1", "RENKEI_MAIL_PORT": str(sink.port)}
        command = ("manage.py", "worker", "--parent", str(os.getpid()))
        with running(*command, log=tmp_path / "log", **variables) as supervisor:
            worker = worker_other_than(None)
            assert services.start_campaign(CampaignFactory(), by=BY) == MEMBERS
            wait_for(lambda: len(sink.recipients) >= MEMBERS // 2, "half of the wave")
            os.kill(worker, signal.SIGKILL)
            worker_other_than(worker)
            waiting = OutboxMail.objects.filter(state=MailState.NEW)
            wait_for(lambda: not waiting.exists(), "an empty queue")
            supervisor.terminate()
            assert supervisor.wait() == 0
        messages = sink.read()

    assert len(sink.recipients) == len(set(sink.recipients))
    # What the killed worker had in its hands is the secretariat's to judge: one mail at most.
    sending.settle_forgotten(stale_before=timezone.now())
    states = {row.to: row.state for row in OutboxMail.objects.all()}
    assert states.keys() == everybody
    uncertain = {to for to, state in states.items() if state == MailState.UNCERTAIN}
    assert set(states.values()) <= {MailState.SENT, MailState.UNCERTAIN}
    assert len(uncertain) <= 1
    assert everybody - uncertain <= set(sink.recipients) <= everybody
    # Each reads of its own office, and has a code of its own.
    codes = {line for message in messages for line in _codes(message.get_content())}
    assert len(codes) == len(messages)
    for message in messages:
        office = Office.objects.get(seats__user__email=message["to"])
        assert office.organization.full_name in message.get_content()


def _codes(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.startswith("番号：")]
