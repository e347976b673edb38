"""A proposal is taken off the board by its own organization, with a reason, and once."""

import threading

import pytest
from django.db import connections

from core.errors import DomainError, NotAllowed
from core.models import AuditEntry
from members.models import Seat
from proposals import services
from proposals.enums import Action, ProposalStatus
from proposals.models import Proposal
from tests.factories.proposals import (
    ProposalFactory,
)
from tests.proposals.refusals import last_entry, refused

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_withdrawn_proposal_says_why(lead):
    proposal = ProposalFactory(office=lead.office)
    withdrawn = services.withdraw(proposal, by=lead, reason="　予算が付かなかったため。\n")
    assert withdrawn.status == ProposalStatus.WITHDRAWN
    assert withdrawn.ending_reason == "予算が付かなかったため。"
    assert withdrawn.ended_at == withdrawn.active_at
    entry = last_entry()
    assert (entry.action, entry.reason) == (Action.WITHDRAW, "予算が付かなかったため。")
    assert entry.changes["status"] == ["open", "withdrawn"]
    assert entry.actor_organization == "福井県坂井市"


@pytest.mark.parametrize("reason", ["", " 　\n"])
def test_nothing_is_withdrawn_without_a_reason(lead, reason):
    proposal = ProposalFactory(office=lead.office)
    with refused(DomainError, match="理由"):
        services.withdraw(proposal, by=lead, reason=reason)


@pytest.mark.parametrize("seat", ["reader", "other_lead", "staff", "ward_lead"])
def test_only_who_writes_for_the_organization_withdraws(request, lead, seat):
    proposal = ProposalFactory(office=lead.office)
    with refused(NotAllowed):
        services.withdraw(proposal, by=request.getfixturevalue(seat), reason="中止のため。")


def test_of_two_who_withdraw_one_after_the_other_the_second_is_told(lead, deputy):
    proposal = ProposalFactory(office=lead.office)
    first, second = (Proposal.objects.get(pk=proposal.pk) for _time in range(2))
    services.withdraw(first, by=lead, reason="予算が付かなかったため。")
    with refused(DomainError, match="取下げ"):
        services.withdraw(second, by=deputy, reason="別の相手が決まったため。")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_at_once_one_is_told(lead, deputy):
    proposal = ProposalFactory(office=lead.office)
    seats = [Seat.objects.with_office().with_user().get(pk=seat.pk) for seat in (lead, deputy)]
    start, outcomes = threading.Barrier(2), []

    def withdraw(seat: Seat) -> None:
        start.wait()
        try:
            services.withdraw(proposal, by=seat, reason=f"{seat.get_role_display()}の理由。")
            outcomes.append("withdrawn")
        except DomainError as refusal:
            outcomes.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=withdraw, args=[seat]) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = "この提案は「取下げ」になっています。この操作はできません"
    assert sorted(outcomes) == ["withdrawn", told]
    proposal.refresh_from_db()
    entry = AuditEntry.objects.get(action=Action.WITHDRAW)
    assert proposal.ending_reason == entry.reason
