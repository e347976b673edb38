"""The same button pressed twice at the same moment: both pages show what the first one did."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import once
from members.models import Seat
from proposals.models import Proposal, Reply
from tests.factories.members import ThemeFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.proposals.answers import complete

pytestmark = pytest.mark.django_db(transaction=True)


def pressed_twice(client_of, seat: Seat, url: str, sent: dict) -> list[HttpResponse]:
    """The answers to the same form sent by two tabs of one person at once."""
    clients = [client_of(seat), client_of(seat)]
    start, sent = threading.Barrier(2), sent | {"token": once.new_token()}

    def press(client: Client) -> HttpResponse:
        try:
            start.wait(timeout=10)
            return client.post(url, sent)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(press, clients))


def assert_both_show(answers: list[HttpResponse], url: str) -> None:
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [
        (302, url),
        (302, url),
    ]


@pytest.mark.parametrize("name", ["proposal_withdraw", "proposal_update", "reply_create"])
def test_an_open_proposal(client_of, lead, name):
    proposal = ProposalFactory(office=lead.office)
    sent = {
        "proposal_withdraw": {"reason": "予算が付かなかったため。"},
        "proposal_update": {**complete(ThemeFactory(), title="夜市"), "step": "done", "version": 1},
        "reply_create": {"body": "詳しく。"},
    }[name]
    url = reverse(f"proposals:{name}", args=[proposal.pk])
    answers = pressed_twice(client_of, lead, url, sent)
    assert_both_show(answers, proposal.get_absolute_url())
    proposal.refresh_from_db()
    assert proposal.version == (1 if name == "reply_create" else 2)
    assert Reply.objects.count() == (name == "reply_create")


def test_a_new_proposal(client_of, lead):
    sent = {**complete(ThemeFactory()), "step": "done"}
    answers = pressed_twice(client_of, lead, reverse("proposals:proposal_create"), sent)
    assert_both_show(answers, Proposal.objects.get().get_absolute_url())


def test_a_draft_that_is_deleted(client_of, lead):
    draft = DraftFactory(office=lead.office)
    url = reverse("proposals:proposal_delete", args=[draft.pk])
    answers = pressed_twice(client_of, lead, url, {"version": "1"})
    assert_both_show(answers, reverse("proposals:proposal_list"))
    assert not Proposal.objects.exists()
