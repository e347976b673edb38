"""What is written: drafts, publishing, and changes to what stands on the board."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from core import audit
from core.dates import add_months, day_text, today
from core.enums import Level
from core.errors import DomainError, StaleVersion, require
from core.files import FileChange, apply_change
from members.models import Organization, Seat, Theme
from proposals import rules
from proposals.enums import DEFAULT_MONTHS_OPEN, LONGEST_MONTHS_OPEN, Action, Move
from proposals.models import Proposal, ProposalStep, ProposalVersion
from proposals.services.relating import link
from proposals.services.states import (
    locked,
    note_step,
    state_forbids,
    target_of,
    with_status,
)
from proposals.services.telling import tell_addressed, tell_step

# What ``data`` of the services below may hold, beside ``themes`` and ``wards``.
CONTENT_FIELDS = (
    "kind",
    "title",
    "body",
    "wished_from",
    "wished_until",
    "place",
    "scale",
    "budget",
    "conditions",
    "ends_on",
    "level",
)
NEEDED_ON_BOARD = {
    "kind": "種別",
    "title": "提案の題名",
    "body": "提案の内容",
    "wished_from": "希望時期（開始）",
}


@transaction.atomic
def save_draft(
    proposal: Proposal | None,
    *,
    data: Mapping[str, Any],
    by: Seat,
    files: FileChange | None = None,
    version: int | None = None,
) -> Proposal:
    """Keeps ``data`` as a draft, however incomplete, for every seat of the organization.

    Without ``proposal`` a draft begins; otherwise that one is continued as it stood at
    ``version``. Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it is a
    draft no longer.
    """
    proposal = _opened(proposal, by, version) if proposal else _begun(by)
    if not proposal.is_draft:
        raise DomainError("この提案は公開されています。下書きには戻せません")
    before = proposal.content(*_chosen(proposal))
    chosen = _write(proposal, data)
    _save(proposal, timezone.now(), chosen, files)
    _record(Action.SAVE_DRAFT, proposal, by, before, proposal.content(*chosen))
    return proposal


@transaction.atomic
def delete_draft(proposal: Proposal, *, by: Seat, version: int) -> None:
    """Deletes a draft; nothing else can be deleted.

    Raises ``NotAllowed``, ``StaleVersion`` when a colleague has gone on writing, and
    ``DomainError`` when it has been published.
    """
    proposal = _opened(proposal, by, version)
    if not proposal.is_draft:
        raise DomainError("公開した提案は削除できません。取り下げることはできます")
    empty = Proposal().content([], [], [])
    _record(Action.DELETE_DRAFT, proposal, by, proposal.content(*_chosen(proposal)), empty)
    proposal.delete()


@transaction.atomic
def publish(
    proposal: Proposal | None,
    *,
    by: Seat,
    data: Mapping[str, Any] | None = None,
    files: FileChange | None = None,
    related: Collection[Proposal] = (),
    version: int | None = None,
) -> Proposal:
    """Puts on the board a new proposal from ``data``, or a draft as it stood at ``version``.

    Without an end date it stays open for ``DEFAULT_MONTHS_OPEN`` months; it is linked with
    those of ``related``. Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when
    something is missing, the end date is out of bounds, it is no draft, or one of ``related``
    has ended or is not the seat's to read.
    """
    proposal = _opened(proposal, by, version) if proposal else _begun(by)
    # Not what the draft said: the secretariat reads this row, and never a draft.
    before = {**with_status(proposal, Proposal().content([], [], [])), "related": []}
    chosen = _write(proposal, data or {})
    _complete(proposal, chosen.themes)
    step = _put_up(proposal, chosen, files, by)
    after = with_status(proposal, proposal.content(*chosen))
    after["related"] = link(proposal, related, by=by)
    _record(Action.PUBLISH, proposal, by, before, after)
    tell_step(step, by=by)
    return proposal


@transaction.atomic
def change(
    proposal: Proposal,
    *,
    data: Mapping[str, Any],
    by: Seat,
    version: int,
    files: FileChange | None = None,
) -> Proposal:
    """Changes a published proposal; the former text stays readable as a version.

    Nothing is written when nothing differs. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` as ``publish`` does; only an end date that has passed may stay as it is.
    """
    proposal = _opened(proposal, by, version)
    if not proposal.is_live:
        raise DomainError(state_forbids(proposal))
    former, former_end = _chosen(proposal), proposal.ends_on
    before, meant_all = proposal.content(*former), proposal.means_all_wards
    chosen = _write(proposal, data)
    _keep_level(proposal, before)
    _complete(proposal, chosen.themes, former_end)
    has_new_files = files is not None and bool(files.added or files.removed)
    if proposal.content(*chosen) != before or has_new_files:
        _put_instead(proposal, before, chosen, files, by)
        tell_addressed(proposal, former.wards, meant_all=meant_all, by=by)
    return proposal


def end_bounds() -> tuple[date, date]:
    """The first and the last day that an end date may be set to: tomorrow, two years ahead."""
    return today() + timedelta(days=1), add_months(today(), LONGEST_MONTHS_OPEN)


def _opened(proposal: Proposal, by: Seat, version: int | None) -> Proposal:
    """The locked proposal, for a seat that writes it and has read its present version."""
    proposal = locked(proposal)
    require(rules.writes_it(by, proposal))
    if proposal.version != version:
        raise StaleVersion
    return proposal


def _begun(by: Seat) -> Proposal:
    """A new draft of the seat's office, not saved yet. What a sample account begins is one."""
    require(rules.may_add(by))
    return Proposal(
        organization=by.organization,
        office=by.office,
        signature=by.office.signature,
        is_sample=by.user.is_sample,
    )


class Chosen(NamedTuple):
    """The rows that a proposal points to, each kind in its order."""

    themes: list[Theme]
    wards: list[Organization]


def _write(proposal: Proposal, data: Mapping[str, Any]) -> Chosen:
    """Sets the fields of ``data`` on the proposal; returns what it will point to.

    Raises ``DomainError`` when the wished period ends before it begins, or it is addressed to
    somebody who is no ward.
    """
    for field in CONTENT_FIELDS:
        if field in data:
            setattr(proposal, field, data[field])
    start, end = proposal.wished_from, proposal.wished_until
    if start and end and end < start:
        raise DomainError("希望時期（終了）は、開始以降の年月にしてください")
    chosen = _chosen(proposal)
    themes, wards = data.get("themes", chosen.themes), data.get("wards", chosen.wards)
    if not all(ward.is_ward for ward in wards):
        raise DomainError("宛先は、特別区から選んでください")
    return Chosen(
        sorted(themes, key=lambda theme: (theme.order, theme.pk)),
        sorted(wards, key=lambda ward: ward.code or ""),
    )


def _chosen(proposal: Proposal) -> Chosen:
    """What the proposal points to now."""
    if not proposal.pk:
        return Chosen([], [])
    wards = proposal.wards.select_related("municipality", "prefecture")
    return Chosen(list(proposal.themes.all()), list(wards))


def _complete(proposal: Proposal, themes: Sequence[Theme], former_end: date | None = None) -> None:
    """Fills the end date, and refuses what may not stand on the board."""
    missing = [label for field, label in NEEDED_ON_BOARD.items() if not getattr(proposal, field)]
    if missing or not themes:
        labels = "、".join(missing + ([] if themes else ["分野"]))
        raise DomainError(f"公開するには、次の項目を入力してください：{labels}")
    proposal.ends_on = proposal.ends_on or add_months(today(), DEFAULT_MONTHS_OPEN)
    first, last = end_bounds()
    if proposal.ends_on != former_end and not first <= proposal.ends_on <= last:
        raise DomainError(
            f"募集期限は、{day_text(first)}から{day_text(last)}までの日付にしてください"
        )


def _put_up(proposal: Proposal, chosen: Chosen, files: FileChange | None, by: Seat) -> ProposalStep:
    """Saves it as published by the seat, and notes the step."""
    target, now = target_of(proposal, Move.PUBLISH), timezone.now()
    proposal.signature = _signature(proposal, by)
    proposal.status, proposal.published_at = target, now
    # Its row first: the step belongs to it.
    _save(proposal, now, chosen, files)
    return note_step(proposal, Move.PUBLISH, by=by, at=now)


def _put_instead(
    proposal: Proposal,
    before: Mapping[str, Any],
    chosen: Chosen,
    files: FileChange | None,
    by: Seat,
) -> None:
    """Saves what it says now, keeps what it has said ``before``, and records the change."""
    now = timezone.now()
    _keep_version(proposal, before, now)
    proposal.signature = _signature(proposal, by)
    _save(proposal, now, chosen, files)
    _record(Action.CHANGE, proposal, by, before, proposal.content(*chosen))


def _keep_level(proposal: Proposal, before: Mapping[str, Any]) -> None:
    """Refuses to show all members what wards have replied among themselves; and to keep from
    members what they have offered on: the page of their offer goes on telling of it."""
    was_for_wards = before["level"] == Level.WARDS
    if was_for_wards and not proposal.is_for_wards and proposal.replies.exists():
        raise DomainError(
            "特別区だけに向けた返信があるため、会員には広げられません。新しい提案として登録してください"
        )
    if proposal.is_among_wards and not was_for_wards and proposal.offers.exists():
        raise DomainError(
            "会員からの申し出があるため、特別区だけには狭められません。新しい提案として登録してください"
        )


def _save(proposal: Proposal, at: datetime, chosen: Chosen, files: FileChange | None) -> None:
    """Saves a change of the text, and of the files with it."""
    proposal.changed_at = proposal.active_at = at
    if proposal.pk:
        proposal.version += 1
    proposal.save()
    proposal.themes.set(chosen.themes)
    proposal.wards.set(chosen.wards)
    if files:
        apply_change(proposal, files)


def _keep_version(proposal: Proposal, content: Mapping[str, Any], until: datetime) -> None:
    """Keeps what the proposal has said from its last change until now."""
    ProposalVersion.objects.create(
        proposal=proposal,
        number=proposal.versions.count() + 1,
        fields=content,
        level=content["level"],
        signature=proposal.signature,
        valid_from=proposal.changed_at,
        valid_until=until,
    )


def _signature(proposal: Proposal, by: Seat) -> str:
    """The office's present signature; it stays with the text when the office is renamed."""
    return by.signature if proposal.office_id == by.office_id else proposal.office.signature


def _record(
    action: Action,
    proposal: Proposal,
    by: Seat,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    audit.record(action, proposal, by=by, changes=audit.differences(before, after))
