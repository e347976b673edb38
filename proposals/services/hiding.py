"""The secretariat hides what should not have been written, and shows it again."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError, given, require
from members.models import Seat
from members.rules import is_secretariat
from proposals.enums import Action
from proposals.models import Proposal, Reply
from proposals.rules import is_answering
from proposals.services.replies import locked_reply
from proposals.services.states import locked
from proposals.services.telling import tell_hiding


@transaction.atomic
def hide(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Hides a proposal from all but its organization and the secretariat.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, for a draft, or when it is
    hidden already.
    """
    require(is_secretariat(by))
    proposal = locked(proposal)
    if proposal.is_draft:
        raise DomainError("下書きは提案元の団体だけが読めるため、非表示にできません")
    return _hide(proposal, Action.HIDE, by, reason)


@transaction.atomic
def unhide(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Shows a hidden proposal again.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not hidden.
    """
    require(is_secretariat(by))
    return _unhide(locked(proposal), Action.UNHIDE, by, reason)


@transaction.atomic
def hide_reply(reply: Reply, *, by: Seat, reason: str) -> Reply:
    """Hides a reply from all but its organization and the secretariat; refuses as ``hide``.

    It is no answer any more: a proposal that has no other one waits again.
    """
    require(is_secretariat(by))
    proposal = locked(reply.proposal)
    reply = _hide(locked_reply(reply), Action.HIDE_REPLY, by, reason)
    _note_first_answer(proposal)
    return reply


@transaction.atomic
def unhide_reply(reply: Reply, *, by: Seat, reason: str) -> Reply:
    """Shows a hidden reply again, which may be the answer again; refuses as ``unhide``."""
    require(is_secretariat(by))
    proposal = locked(reply.proposal)
    reply = _unhide(locked_reply(reply), Action.UNHIDE_REPLY, by, reason)
    _note_first_answer(proposal)
    return reply


def _note_first_answer(proposal: Proposal) -> None:
    """Ends or takes up the waiting of a locked proposal, by what its author can read now."""
    replies = proposal.replies.filter(hidden_at=None).select_related("organization__municipality")
    answers = [reply.created_at for reply in replies if is_answering(reply.organization, proposal)]
    answers += proposal.offers.values_list("raised_at", flat=True)
    proposal.answered_at = min(answers, default=None)
    proposal.save(update_fields=["answered_at"])


def _hide[T: (Proposal, Reply)](row: T, action: Action, by: Seat, reason: str) -> T:
    if row.hidden_at:
        raise DomainError("すでに非表示になっています")
    row.hidden_at, row.hidden_reason = timezone.now(), given(reason)
    row.save(update_fields=["hidden_at", "hidden_reason"])
    entry = audit.record(action, row, by=by, reason=row.hidden_reason)
    tell_hiding(row, entry.pk, by=by, reason=row.hidden_reason)
    return row


def _unhide[T: (Proposal, Reply)](row: T, action: Action, by: Seat, reason: str) -> T:
    if not row.hidden_at:
        raise DomainError("すでに表示されています")
    said = given(reason)
    row.hidden_at, row.hidden_reason = None, ""
    row.save(update_fields=["hidden_at", "hidden_reason"])
    entry = audit.record(action, row, by=by, reason=said)
    tell_hiding(row, entry.pk, by=by, reason=said)
    return row
