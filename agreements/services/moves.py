"""Joint projects: they become public, begin, end or are called off."""

from django.db import transaction
from django.utils import timezone

from agreements.enums import Action, CollaborationStatus
from agreements.models import Collaboration
from agreements.services.projects import check_period, opened, save, set_point
from core.dates import RecordDate
from core.errors import DomainError, given, require
from members.models import Seat
from members.rules import is_secretariat


@transaction.atomic
def publish(collaboration: Collaboration, *, by: Seat, version: int) -> Collaboration:
    """Shows a joint project to everybody, whatever its state.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it is public already.
    """
    collaboration, before = opened(collaboration, by, version)
    if collaboration.is_published:
        raise DomainError("この連携事業は、すでに公開しています")
    collaboration.published_at = timezone.now()
    return save(collaboration, Action.PUBLISH_COLLABORATION, before, by=by)


@transaction.atomic
def unpublish(
    collaboration: Collaboration, *, reason: str, by: Seat, version: int
) -> Collaboration:
    """Takes a joint project back from the public; the secretariat's alone.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` without a reason or when it is
    not public.
    """
    require(is_secretariat(by))
    collaboration, before = opened(collaboration, by, version)
    if not collaboration.is_published:
        raise DomainError("この連携事業は、公開していません")
    collaboration.published_at = None
    action = Action.UNPUBLISH_COLLABORATION
    return save(collaboration, action, before, by=by, reason=given(reason))


@transaction.atomic
def start(
    collaboration: Collaboration, *, by: Seat, version: int, when: RecordDate | None = None
) -> Collaboration:
    """Says that a planned joint project has begun, ``when`` or at the time already entered.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` in another state, without a
    known start, or for one that lies ahead.
    """
    collaboration, before = opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.UNDER_WAY)
    if when:
        set_point(collaboration, "start", when)
    if collaboration.start.earliest is None:
        raise DomainError("開始した時期を入力してください")
    check_period(collaboration)
    return save(collaboration, Action.START_COLLABORATION, before, by=by)


@transaction.atomic
def end(
    collaboration: Collaboration, *, by: Seat, version: int, when: RecordDate | None = None
) -> Collaboration:
    """Says that a joint project is over since ``when``, or since the time already entered.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` in another state, without a
    known end, for one that lies ahead, or before the start.
    """
    collaboration, before = opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.ENDED)
    if when:
        set_point(collaboration, "end", when)
    check_period(collaboration)
    return save(collaboration, Action.END_COLLABORATION, before, by=by)


@transaction.atomic
def cancel(collaboration: Collaboration, *, reason: str, by: Seat, version: int) -> Collaboration:
    """Calls a joint project off; it stays in the record, with the reason.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` without a reason or in another
    state.
    """
    collaboration, before = opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.CANCELLED)
    collaboration.status_reason = given(reason)
    action = Action.CANCEL_COLLABORATION
    return save(collaboration, action, before, by=by, reason=collaboration.status_reason)


def _move(collaboration: Collaboration, target: CollaborationStatus) -> None:
    """Takes the joint project to ``target``. Raises ``DomainError``."""
    if not collaboration.may_become(target):
        state = collaboration.get_status_display()
        raise DomainError(f"この連携事業は「{state}」になっています。この操作はできません")
    collaboration.status = target
