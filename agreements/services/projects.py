"""A joint project as it is opened for a change, what the history keeps of it, and its saving."""

from collections.abc import Collection, Mapping
from typing import Any

from agreements import following, rules
from agreements.enums import Action, CollaborationStatus
from agreements.models import Agreement, Collaboration
from agreements.queries import linkable_agreements
from agreements.services.telling import tell_move
from core import audit
from core.dates import Precision, RecordDate, today
from core.errors import DomainError, StaleVersion, require
from members.models import Organization, Seat

# What ``data`` of ``create`` and ``update`` may hold, beside ``start``, ``end``, ``themes``,
# ``wards``, ``partners``, ``agreements``, and ``proposal``: the key of what it came from.
TEXT_FIELDS = (
    "title",
    "partner_text",
    "origin",
    "origin_date",
    "origin_text",
    "summary",
    "funding",
)
ONLY_OF_BOARD = "もとになった提案は、きっかけが「掲示板」のときだけ選べます"
UNKNOWN = RecordDate(None, None, Precision.DAY)
_PARTS = ("earliest", "latest", "precision")
_STATE_FIELDS = (
    *(f"{point}_{part}" for point in ("start", "end") for part in _PARTS),
    "status",
    "published_at",
)


def open_project(collaboration: Collaboration, *, by: Seat, version: int) -> Collaboration:
    """The row as it stands, held until the transaction ends, for who has read this version.

    Raises ``NotAllowed`` and ``StaleVersion``.
    """
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    require(rules.acts_on(by, collaboration))
    if collaboration.version != version:
        raise StaleVersion
    return collaboration


def opened(
    collaboration: Collaboration, by: Seat, version: int
) -> tuple[Collaboration, dict[str, Any]]:
    """The row as ``open_project`` gives it, with what it says, for the audit row."""
    collaboration = open_project(collaboration, by=by, version=version)
    return collaboration, content(collaboration)


def content(collaboration: Collaboration) -> dict[str, Any]:
    """What the history keeps of a joint project."""
    own = {field: getattr(collaboration, field) for field in (*TEXT_FIELDS, *_STATE_FIELDS)}
    parties = collaboration.parties.select_related(
        "organization__municipality", "organization__prefecture"
    )
    return own | {
        "themes": [theme.name for theme in collaboration.themes.all()],
        "parties": [str(party) for party in parties],
        "agreements": [agreement.title for agreement in collaboration.agreements.all()],
        "proposals": [title for _, title in following.chosen_origins(collaboration)],
    }


def set_point(collaboration: Collaboration, point: str, when: RecordDate) -> None:
    setattr(collaboration, f"{point}_earliest", when.earliest)
    setattr(collaboration, f"{point}_latest", when.latest)
    setattr(collaboration, f"{point}_precision", when.precision)


def check_period(collaboration: Collaboration) -> None:
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


def check_agreements(
    chosen: Collection[Agreement],
    bodies: Collection[Organization],
    *,
    start: RecordDate,
    project: Collaboration | None = None,
) -> None:
    """Refuses an agreement that reaches none of ``bodies`` when they begin, or by today."""
    day = min(start.latest or today(), today())
    allowed = set(linkable_agreements(bodies, day, project))
    if foreign := [agreement for agreement in chosen if agreement not in allowed]:
        raise DomainError(
            f"協定「{foreign[0]}」は、この連携事業の団体に及びません。団体か協定を選び直してください"
        )


def save(
    collaboration: Collaboration,
    action: Action,
    before: Mapping[str, Any],
    *,
    by: Seat,
    reason: str = "",
) -> Collaboration:
    """Saves the next version, tells of it, and writes what differs from ``before`` to the log."""
    collaboration.version += 1
    collaboration.save()
    key = tell_move(collaboration, action, by=by)
    following.tell(collaboration, by=by, told=key)
    changes = audit.differences(before, content(collaboration))
    audit.record(action, collaboration, by=by, changes=changes, reason=reason)
    return collaboration
