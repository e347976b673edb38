"""The private talk of an offer, and how the secretariat may look into it.

Nothing of what is said stands in the audit log, in a mail, or in the admin.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError, given, require
from core.files import FileChange, apply_change
from members.models import Seat
from members.rules import is_secretariat
from proposals import rules
from proposals.enums import Action, OpeningGround
from proposals.models import Offer, TalkMessage, TalkOpening
from proposals.services.callers import Writer, seat_of, written_by
from proposals.services.states import locked_offer
from proposals.services.telling import tell_message, tell_opening

# How long the secretariat's look into a talk lasts.
OPENING_TIME = timedelta(days=3)


@transaction.atomic
def send_message(
    offer: Offer, *, by: Seat, body: str, files: FileChange | None = None
) -> TalkMessage:
    """Says something to the other side, with or without files.

    Raises ``NotAllowed``, and ``DomainError`` without a text or when the talk has not begun
    or has ended in a no.
    """
    offer = locked_offer(offer)
    require(rules.writes_for_a_side(by, offer))
    if not rules.may_talk(by, offer):
        state = offer.get_status_display()
        raise DomainError(f"この申し出は「{state}」のため、メッセージを送れません")
    message = write_message(offer, by=by, body=body, files=files)
    audit.record(Action.SEND_MESSAGE, message, by=by)
    tell_message(message, by=by)
    return message


def write_message(
    offer: Offer, *, by: Writer, body: str, files: FileChange | None = None
) -> TalkMessage:
    """Adds a message to the talk of a locked offer. Raises ``DomainError`` without a text."""
    if not body.strip():
        raise DomainError("メッセージを入力してください")
    message = TalkMessage.objects.create(
        offer=offer,
        organization=by.organization,
        seat=seat_of(by),
        signature=by.signature,
        body=body,
        sent_at=timezone.now(),
        **written_by(by),
    )
    if files:
        apply_change(message, files)
    return message


@transaction.atomic
def open_talk(offer: Offer, *, by: Seat, ground: OpeningGround, reason: str) -> TalkOpening:
    """Lets a seat of the secretariat read a talk for ``OPENING_TIME``; both sides are told.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, or while no side has asked for
    it and nobody has reported it.
    """
    require(is_secretariat(by))
    offer = locked_offer(offer)
    if not offer.reports.open().filter(ground=ground).exists():
        raise DomainError("協議は、当事者からの依頼か通報があるときだけ確認できます")
    now = timezone.now()
    opening = TalkOpening.objects.create(
        offer=offer,
        ground=ground,
        reason=given(reason),
        seat=by,
        signature=by.signature,
        opened_at=now,
        until=now + OPENING_TIME,
    )
    changes = {"ground": audit.Change("", ground)}
    audit.record(Action.OPEN_TALK, offer, by=by, changes=changes, reason=opening.reason)
    tell_opening(opening, by=by)
    return opening
