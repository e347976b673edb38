"""What a refusal must leave as it was."""

from contextlib import contextmanager

import pytest
from django.forms.models import model_to_dict

from core.models import AuditEntry, OutboxMail
from notices.models import Notice
from proposals.models import (
    Offer,
    OfferDraft,
    OfferStep,
    Proposal,
    ProposalStep,
    ProposalVersion,
    Reply,
    Report,
    TalkMessage,
)

OTHERS = (
    Reply,
    ProposalVersion,
    ProposalStep,
    Offer,
    OfferDraft,
    OfferStep,
    TalkMessage,
    Report,
    Proposal.projects.through,
)


def state_of_the_board() -> list:
    """Everything a refusal must leave as it was."""
    proposals = [
        (model_to_dict(row), row.status, row.version, row.changed_at, row.hidden_at)
        for row in Proposal.objects.order_by("pk")
    ]
    others = [list(model.objects.order_by("pk").values()) for model in OTHERS]
    told = Notice.objects.count(), OutboxMail.objects.count()
    return [proposals, others, AuditEntry.objects.count(), told]


@contextmanager
def nothing_changes():
    """Asserts that the board and the audit log stay as they are."""
    before = state_of_the_board()
    yield
    assert state_of_the_board() == before


@contextmanager
def refused(error: type[Exception], match: str | None = None):
    """Expects ``error``, and that nothing has changed."""
    with nothing_changes(), pytest.raises(error, match=match):
        yield


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("pk")
