"""Replies, hiding, and the audit row without which nothing is done."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from core.enums import Level
from core.errors import DomainError, NotAllowed
from proposals import services
from proposals.enums import Action
from tests.factories.proposals import (
    DraftFactory,
    ProposalFactory,
    ReplyFactory,
    WithdrawnFactory,
)
from tests.proposals.refusals import last_entry, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seat", ["lead", "deputy", "other_lead", "ward_lead"])
def test_who_writes_replies(request, lead, seat):
    by = request.getfixturevalue(seat)
    proposal = ProposalFactory(office=lead.office)
    reply = services.add_reply(proposal, by=by, body="詳しくお聞かせください。")
    assert (reply.organization, reply.seat) == (by.organization, by)
    assert reply.signature == by.office.signature
    assert last_entry().action == Action.REPLY


@pytest.mark.parametrize("seat", ["reader", "staff"])
def test_who_only_reads_does_not_reply(request, lead, seat):
    proposal = ProposalFactory(office=lead.office)
    with refused(NotAllowed):
        services.add_reply(proposal, by=request.getfixturevalue(seat), body="詳しく。")


def test_nobody_replies_to_what_is_not_addressed_to_them(lead, other_lead):
    proposal = ProposalFactory(office=lead.office, level=Level.WARDS)
    with refused(NotAllowed):
        services.add_reply(proposal, by=other_lead, body="詳しく。")


def test_a_withdrawn_proposal_takes_no_replies(other_lead):
    proposal = WithdrawnFactory()
    with refused(DomainError, match="返信できません"):
        services.add_reply(proposal, by=other_lead, body="詳しく。")


def test_an_empty_reply_is_refused(lead):
    proposal = ProposalFactory(office=lead.office)
    with refused(DomainError, match="返信を入力"):
        services.add_reply(proposal, by=lead, body="　\n")


def test_the_secretariat_hides_and_shows_a_proposal(staff):
    proposal = ProposalFactory()
    hidden = services.hide(proposal, by=staff, reason="個人の氏名が書かれているため。")
    assert hidden.hidden_reason == "個人の氏名が書かれているため。"
    assert hidden.hidden_at
    assert (last_entry().action, last_entry().reason) == (Action.HIDE, hidden.hidden_reason)
    shown = services.unhide(proposal, by=staff, reason="氏名が消されたため。")
    assert (shown.hidden_at, shown.hidden_reason) == (None, "")
    assert (last_entry().action, last_entry().reason) == (Action.UNHIDE, "氏名が消されたため。")


def test_the_secretariat_hides_and_shows_a_reply(staff):
    reply = ReplyFactory()
    hidden = services.hide_reply(reply, by=staff, reason="宣伝のため。")
    assert hidden.hidden_reason == "宣伝のため。"
    assert last_entry().action == Action.HIDE_REPLY
    assert services.unhide_reply(reply, by=staff, reason="誤りのため。").hidden_at is None
    assert last_entry().action == Action.UNHIDE_REPLY


def test_hiding_leaves_the_version_so_that_the_author_can_go_on(lead, staff):
    proposal = ProposalFactory(office=lead.office)
    services.hide(proposal, by=staff, reason="個人の氏名が書かれているため。")
    assert services.change(proposal, data={"title": "直した題名"}, by=lead, version=1)


HIDING = [services.hide, services.unhide, services.hide_reply, services.unhide_reply]


@pytest.mark.parametrize("seat", ["lead", "ward_lead"])
@pytest.mark.parametrize("act", HIDING)
def test_only_the_secretariat_hides(request, lead, act, seat):
    reply = ReplyFactory(proposal=ProposalFactory(office=lead.office))
    row = reply if act in (services.hide_reply, services.unhide_reply) else reply.proposal
    with refused(NotAllowed):
        act(row, by=request.getfixturevalue(seat), reason="宣伝のため。")


@pytest.mark.parametrize("act", HIDING)
def test_hiding_says_why(staff, act):
    hidden = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "宣伝のため。"}
    given = hidden if act in (services.unhide, services.unhide_reply) else {}
    is_reply = act in (services.hide_reply, services.unhide_reply)
    row = (ReplyFactory if is_reply else ProposalFactory)(**given)
    with refused(DomainError, match="理由"):
        act(row, by=staff, reason=" ")


def test_nothing_is_hidden_twice(staff):
    proposal = ProposalFactory()
    services.hide(proposal, by=staff, reason="宣伝のため。")
    with refused(DomainError, match="すでに非表示"):
        services.hide(proposal, by=staff, reason="宣伝のため。")


def test_nothing_is_shown_that_is_not_hidden(staff):
    proposal = ProposalFactory()
    with refused(DomainError, match="すでに表示"):
        services.unhide(proposal, by=staff, reason="誤りのため。")


def test_a_draft_is_not_hidden(staff):
    draft = DraftFactory()
    with refused(DomainError, match="下書き"):
        services.hide(draft, by=staff, reason="宣伝のため。")


# --- the audit log is part of the work -----------------------------------------------------


@contextmanager
def broken_audit_log():
    """Every write of an audit row fails in the database."""

    def fail(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "core_auditentry" in sql:
            raise DatabaseError("the audit log is broken")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


SERVICES = {
    "save_draft": lambda p, seats: services.save_draft(None, data={"title": "新"}, by=seats[0]),
    "delete_draft": lambda p, seats: services.delete_draft(p["draft"], by=seats[0], version=1),
    "publish": lambda p, seats: services.publish(p["draft"], by=seats[0], version=1),
    "change": lambda p, seats: services.change(
        p["open"], data={"title": "新"}, by=seats[0], version=1
    ),
    "withdraw": lambda p, seats: services.withdraw(p["open"], by=seats[0], reason="中止。"),
    "add_reply": lambda p, seats: services.add_reply(p["open"], by=seats[0], body="詳しく。"),
    "hide": lambda p, seats: services.hide(p["open"], by=seats[1], reason="宣伝。"),
    "unhide": lambda p, seats: services.unhide(p["hidden"], by=seats[1], reason="誤り。"),
    "hide_reply": lambda p, seats: services.hide_reply(p["reply"], by=seats[1], reason="宣伝。"),
}


@pytest.mark.parametrize("service", SERVICES)
def test_without_its_audit_row_nothing_is_done(lead, staff, service):
    hidden = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "宣伝のため。"}
    rows = {
        "draft": DraftFactory(office=lead.office),
        "open": ProposalFactory(office=lead.office),
        "hidden": ProposalFactory(office=lead.office, **hidden),
        "reply": ReplyFactory(),
    }
    with refused(DatabaseError), broken_audit_log():
        SERVICES[service](rows, (lead, staff))
    SERVICES[service](rows, (lead, staff))
