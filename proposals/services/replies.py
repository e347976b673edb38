"""Replies: said under a proposal, and mended."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError, require
from members.models import Seat
from proposals import rules
from proposals.enums import Action
from proposals.models import Proposal, Reply, ReplyVersion
from proposals.services.callers import Writer, seat_of, written_by
from proposals.services.offers import note_answer
from proposals.services.states import locked
from proposals.services.telling import tell_reply


@transaction.atomic
def add_reply(proposal: Proposal, *, by: Writer, body: str) -> Reply:
    """Says something under a live proposal, signed by the office of the seat or the caller.

    Raises ``NotAllowed``, and ``DomainError`` for an empty text or when the proposal takes
    no replies any more.
    """
    proposal = locked(proposal)
    require(rules.may_join(by, proposal))
    if not rules.may_reply(by, proposal):
        raise DomainError("この提案には、いまは返信できません")
    reply = Reply.objects.create(
        proposal=proposal,
        organization=by.organization,
        seat=seat_of(by),
        signature=by.signature,
        body=_said(body),
        **written_by(by),
    )
    note_answer(proposal, by)
    audit.record(Action.REPLY, reply, by=by, changes={"body": audit.Change("", body)})
    tell_reply(reply, by=by)
    return reply


@transaction.atomic
def edit_reply(reply: Reply, *, by: Seat, body: str) -> Reply:
    """Mends a reply of the seat's organization; after ``EDITING_TIME`` the former text is kept.

    Nothing is written when it says the same. Raises ``NotAllowed``, and ``DomainError`` for an
    empty text or when the proposal takes no replies any more.
    """
    proposal = locked(reply.proposal)
    reply = locked_reply(reply)
    reply.proposal = proposal
    require(rules.may_join(by, proposal) and rules.is_of_its_organization(by, reply))
    if not rules.may_edit_reply(by, reply) or reply.hidden_at:
        raise DomainError("この返信は、いまは修正できません")
    before, after, now = reply.body, _said(body), timezone.now()
    if before == after:
        return reply
    if not reply.is_fresh:
        since = reply.edited_at or reply.created_at
        ReplyVersion.objects.create(reply=reply, body=before, valid_from=since, valid_until=now)
        reply.edited_at = now
    reply.body = after
    reply.save(update_fields=["body", "edited_at"])
    audit.record(Action.EDIT_REPLY, reply, by=by, changes={"body": audit.Change(before, after)})
    return reply


def locked_reply(reply: Reply) -> Reply:
    """The reply as it stands now, held until the transaction ends."""
    return Reply.objects.select_for_update().get(pk=reply.pk)


def _said(body: str) -> str:
    if not body.strip():
        raise DomainError("返信を入力してください")
    return body
