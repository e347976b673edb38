"""Everything that changes an agreement's standing, or a joint project.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by ``enums.COLLABORATION_MOVES``, and writes its audit row in the same transaction. A refusal
changes nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements import rules
from agreements.enums import Action, CollaborationSide, CollaborationStatus
from agreements.models import Agreement, Collaboration, CollaborationParty
from core import audit
from core.dates import Precision, RecordDate, day_text, today
from core.errors import DomainError, StaleVersion, given, require
from members.models import Organization, Seat
from members.rules import is_secretariat

# What ``data`` of ``create`` and ``update`` may hold, beside ``start``, ``end``, ``themes``,
# ``wards`` and ``partners``.
TEXT_FIELDS = (
    "title",
    "partner_text",
    "origin",
    "origin_date",
    "origin_text",
    "summary",
    "funding",
)
_PARTS = ("earliest", "latest", "precision")
_STATE_FIELDS = (
    *(f"{point}_{part}" for point in ("start", "end") for part in _PARTS),
    "status",
    "published_at",
)
_UNKNOWN = RecordDate(None, None, Precision.DAY)


@transaction.atomic
def terminate(agreement: Agreement, *, on: date, reason: str, by: Seat) -> Agreement:
    """Notes that the agreement no longer holds from the day ``on``; it stays in the record.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, when it is terminated already,
    or for a day that is not after its signing.
    """
    require(is_secretariat(by))
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.terminated_on:
        raise DomainError(f"この協定は、{day_text(agreement.terminated_on)}に終了しています")
    if agreement.latest is not None and on <= agreement.latest:
        raise DomainError(
            f"終了日は、締結の日（{day_text(agreement.latest)}）より後の日付にしてください"
        )
    agreement.terminated_on = on
    agreement.termination_reason = given(reason)
    agreement.version += 1
    agreement.save(update_fields=["terminated_on", "termination_reason", "version"])
    changes = {"terminated_on": audit.Change(None, on)}
    audit.record(Action.TERMINATE, agreement, by=by, changes=changes, reason=given(reason))
    return agreement


@transaction.atomic
def create(*, data: Mapping[str, Any], status: CollaborationStatus, by: Seat) -> Collaboration:
    """Registers a joint project of the seat's ward; only its organizations see it yet.

    ``status`` is how it stands: a ward also records what has begun, or is over. What a sample
    account registers is a sample. Raises ``NotAllowed``, and ``DomainError`` when the parties
    or the period cannot be so.
    """
    require(rules.may_add(by))
    if status == CollaborationStatus.CANCELLED:
        raise DomainError("中止した連携事業は、登録してから中止にしてください")
    collaboration = Collaboration(status=status, is_sample=by.user.is_sample)
    _write(collaboration, data)
    collaboration.save()
    _join(collaboration, data, by)
    changes = audit.differences({}, _content(collaboration))
    filled = {name: change for name, change in changes.items() if change.after}
    audit.record(Action.CREATE_COLLABORATION, collaboration, by=by, changes=filled)
    return collaboration


@transaction.atomic
def update(
    collaboration: Collaboration, *, data: Mapping[str, Any], by: Seat, version: int
) -> Collaboration:
    """Corrects a joint project as it stood at ``version``, in any state.

    Nothing is written when nothing differs. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` as ``create`` does.
    """
    collaboration, before = _opened(collaboration, by, version)
    _write(collaboration, data)
    _join(collaboration, data, by)
    if _content(collaboration) == before:
        return collaboration
    return _save(collaboration, Action.UPDATE_COLLABORATION, before, by=by)


@transaction.atomic
def publish(collaboration: Collaboration, *, by: Seat, version: int) -> Collaboration:
    """Shows a joint project to everybody, whatever its state.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it is public already.
    """
    collaboration, before = _opened(collaboration, by, version)
    if collaboration.is_published:
        raise DomainError("この連携事業は、すでに公開しています")
    collaboration.published_at = timezone.now()
    return _save(collaboration, Action.PUBLISH_COLLABORATION, before, by=by)


@transaction.atomic
def unpublish(
    collaboration: Collaboration, *, reason: str, by: Seat, version: int
) -> Collaboration:
    """Takes a joint project back from the public; the secretariat's alone.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` without a reason or when it is
    not public.
    """
    require(is_secretariat(by))
    collaboration, before = _opened(collaboration, by, version)
    if not collaboration.is_published:
        raise DomainError("この連携事業は、公開していません")
    collaboration.published_at = None
    action = Action.UNPUBLISH_COLLABORATION
    return _save(collaboration, action, before, by=by, reason=given(reason))


@transaction.atomic
def start(
    collaboration: Collaboration, *, by: Seat, version: int, when: RecordDate | None = None
) -> Collaboration:
    """Says that a planned joint project has begun, ``when`` or at the time already entered.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` in another state, without a
    known start, or for one that lies ahead.
    """
    collaboration, before = _opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.UNDER_WAY)
    if when:
        _set_point(collaboration, "start", when)
    if collaboration.start.earliest is None:
        raise DomainError("開始した時期を入力してください")
    _check_period(collaboration)
    return _save(collaboration, Action.START_COLLABORATION, before, by=by)


@transaction.atomic
def end(
    collaboration: Collaboration, *, by: Seat, version: int, when: RecordDate | None = None
) -> Collaboration:
    """Says that a joint project is over since ``when``, or since the time already entered.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` in another state, without a
    known end, for one that lies ahead, or before the start.
    """
    collaboration, before = _opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.ENDED)
    if when:
        _set_point(collaboration, "end", when)
    _check_period(collaboration)
    return _save(collaboration, Action.END_COLLABORATION, before, by=by)


@transaction.atomic
def cancel(collaboration: Collaboration, *, reason: str, by: Seat, version: int) -> Collaboration:
    """Calls a joint project off; it stays in the record, with the reason.

    Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` without a reason or in another
    state.
    """
    collaboration, before = _opened(collaboration, by, version)
    _move(collaboration, CollaborationStatus.CANCELLED)
    collaboration.status_reason = given(reason)
    action = Action.CANCEL_COLLABORATION
    return _save(collaboration, action, before, by=by, reason=collaboration.status_reason)


def _opened(
    collaboration: Collaboration, by: Seat, version: int
) -> tuple[Collaboration, dict[str, Any]]:
    """The row as it stands, held until the transaction ends, for who has read this version.

    With what it says, for the audit row.
    """
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    require(rules.acts_on(by, collaboration))
    if collaboration.version != version:
        raise StaleVersion
    return collaboration, _content(collaboration)


def _content(collaboration: Collaboration) -> dict[str, Any]:
    """What the history keeps of a joint project."""
    own = {field: getattr(collaboration, field) for field in (*TEXT_FIELDS, *_STATE_FIELDS)}
    parties = collaboration.parties.select_related(
        "organization__municipality", "organization__prefecture"
    )
    return own | {
        "themes": [theme.name for theme in collaboration.themes.all()],
        "parties": [str(party) for party in parties],
    }


def _write(collaboration: Collaboration, data: Mapping[str, Any]) -> None:
    """Sets what ``data`` holds of the row itself. Raises ``DomainError``."""
    for field in TEXT_FIELDS:
        if field in data:
            setattr(collaboration, field, data[field])
    for point in ("start", "end"):
        if point in data:
            _set_point(collaboration, point, data[point] or _UNKNOWN)
    _check_period(collaboration)


def _set_point(collaboration: Collaboration, point: str, when: RecordDate) -> None:
    setattr(collaboration, f"{point}_earliest", when.earliest)
    setattr(collaboration, f"{point}_latest", when.latest)
    setattr(collaboration, f"{point}_precision", when.precision)


def _check_period(collaboration: Collaboration) -> None:
    """Refuses a period that runs backwards, and one that lies ahead of its state."""
    start, end, status = collaboration.start, collaboration.end, collaboration.status
    if start.earliest and end.latest and end.latest < start.earliest:
        raise DomainError(f"終了の時期は、開始の時期（{start}）以降にしてください")
    has_begun = status in (CollaborationStatus.UNDER_WAY, CollaborationStatus.ENDED)
    if has_begun and start.earliest and start.earliest > today():
        raise DomainError("始まっている連携事業の開始の時期は、今日までにしてください")
    if status == CollaborationStatus.ENDED and end.earliest is None:
        raise DomainError("終わっている連携事業には、終了の時期を入力してください")
    if status == CollaborationStatus.ENDED and end.earliest and end.earliest > today():
        raise DomainError("終わっている連携事業の終了の時期は、今日までにしてください")


def _join(collaboration: Collaboration, data: Mapping[str, Any], by: Seat) -> None:
    """Gives the row the themes and parties of ``data``. Raises ``DomainError``."""
    if "themes" in data:
        collaboration.themes.set(data["themes"])
    former_wards = [party.organization for party in collaboration.wards]
    former_partners = [party.organization for party in collaboration.partners]
    chosen = list(data.get("wards", former_wards))
    partners = list(data.get("partners", former_partners))
    _check_parties(collaboration, chosen, partners, by)
    # A form gives the wards in the order of their codes; those that stay keep their places.
    wards = [body for body in former_wards if body in chosen]
    wards += [body for body in chosen if body not in wards]
    if (wards, partners) != (former_wards, former_partners):
        _write_parties(collaboration, wards, partners)


def _write_parties(
    collaboration: Collaboration, wards: list[Organization], partners: list[Organization]
) -> None:
    collaboration.parties.all().delete()
    pairs = [(CollaborationSide.WARD, body) for body in wards]
    pairs += [(CollaborationSide.PARTNER, body) for body in partners]
    CollaborationParty.objects.bulk_create(
        CollaborationParty(collaboration=collaboration, side=side, organization=body, order=order)
        for order, (side, body) in enumerate(pairs, start=1)
    )


def _check_parties(
    collaboration: Collaboration, wards: list[Organization], partners: list[Organization], by: Seat
) -> None:
    """Somebody on either side, the own ward among the wards, and no ward among the partners."""
    if not is_secretariat(by) and by.organization not in wards:
        raise DomainError(f"特別区には、{by.organization.name}を含めてください")
    if not wards or not all(body.is_ward for body in wards):
        raise DomainError("特別区を選んでください")
    if any(body.is_ward for body in partners):
        raise DomainError("連携先に特別区を入力しないでください。特別区の欄で選んでください")
    if not partners and not collaboration.partner_text:
        raise DomainError("連携先の団体を入力してください")


def _move(collaboration: Collaboration, target: CollaborationStatus) -> None:
    """Takes the joint project to ``target``. Raises ``DomainError``."""
    if not collaboration.may_become(target):
        state = collaboration.get_status_display()
        raise DomainError(f"この連携事業は「{state}」になっています。この操作はできません")
    collaboration.status = target


def _save(
    collaboration: Collaboration,
    action: Action,
    before: Mapping[str, Any],
    *,
    by: Seat,
    reason: str = "",
) -> Collaboration:
    """Saves the next version, and writes what differs from ``before`` to the audit row."""
    collaboration.version += 1
    collaboration.save()
    changes = audit.differences(before, _content(collaboration))
    audit.record(action, collaboration, by=by, changes=changes, reason=reason)
    return collaboration
