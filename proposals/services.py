"""Everything that changes the board.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by ``enums.MOVES``, and writes its audit row in the same transaction. A refusal changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.dates import add_months, day_text, today
from core.enums import Level
from core.errors import DomainError, StaleVersion, given, require
from members.enums import UserKind
from members.models import Seat, Theme
from members.rules import is_secretariat
from proposals import rules
from proposals.enums import (
    DEFAULT_MONTHS_OPEN,
    LONGEST_MONTHS_OPEN,
    MOVES,
    Action,
    Move,
    ProposalStatus,
)
from proposals.models import Proposal, ProposalVersion, Reply

# What ``data`` of the services below may hold, beside ``themes``.
CONTENT_FIELDS = ("kind", "title", "body", "wished_from", "wished_until", "ends_on", "level")
NEEDED_ON_BOARD = {
    "kind": "種別",
    "title": "提案の題名",
    "body": "提案の内容",
    "wished_from": "希望時期（開始）",
}


@transaction.atomic
def save_draft(
    proposal: Proposal | None, *, data: Mapping[str, Any], by: Seat, version: int | None = None
) -> Proposal:
    """Keeps ``data`` as a draft, however incomplete, for every seat of the organization.

    Without ``proposal`` a draft begins; otherwise that one is continued as it stood at
    ``version``. Raises ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when it is a
    draft no longer.
    """
    proposal = _opened(proposal, by, version) if proposal else _begun(by)
    if not proposal.is_draft:
        raise DomainError("この提案は公開されています。下書きには戻せません")
    before = proposal.content(_themes_of(proposal))
    themes = _write(proposal, data)
    _save(proposal, timezone.now(), themes)
    _record(Action.SAVE_DRAFT, proposal, by, before, proposal.content(themes))
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
    empty = Proposal().content([])
    _record(Action.DELETE_DRAFT, proposal, by, proposal.content(_themes_of(proposal)), empty)
    proposal.delete()


@transaction.atomic
def publish(
    proposal: Proposal | None,
    *,
    by: Seat,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Proposal:
    """Puts on the board a new proposal from ``data``, or a draft as it stood at ``version``.

    Without an end date it stays open for ``DEFAULT_MONTHS_OPEN`` months. Raises
    ``NotAllowed``, ``StaleVersion``, and ``DomainError`` when something is missing, the end
    date is out of bounds, or it is no draft.
    """
    proposal = _opened(proposal, by, version) if proposal else _begun(by)
    # Not what the draft said: the secretariat reads this row, and never a draft.
    before = _with_status(proposal, Proposal().content([]))
    _move(proposal, Move.PUBLISH)
    themes = _write(proposal, data or {})
    _complete(proposal, themes)
    proposal.signature = _signature(proposal, by)
    proposal.published_at = timezone.now()
    _save(proposal, proposal.published_at, themes)
    _record(Action.PUBLISH, proposal, by, before, _with_status(proposal, proposal.content(themes)))
    return proposal


@transaction.atomic
def change(proposal: Proposal, *, data: Mapping[str, Any], by: Seat, version: int) -> Proposal:
    """Changes a published proposal; the former text stays readable as a version.

    Nothing is written when nothing differs. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` as ``publish`` does; only an end date that has passed may stay as it is.
    """
    proposal = _opened(proposal, by, version)
    if proposal.status != ProposalStatus.OPEN:
        raise DomainError(_state_forbids(proposal))
    before, former_end = proposal.content(_themes_of(proposal)), proposal.ends_on
    themes = _write(proposal, data)
    _keep_replies_in_bounds(proposal, before)
    _complete(proposal, themes, former_end)
    after = proposal.content(themes)
    if after == before:
        return proposal
    now = timezone.now()
    _keep_version(proposal, before, now)
    proposal.signature = _signature(proposal, by)
    _save(proposal, now, themes)
    _record(Action.CHANGE, proposal, by, before, after)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Takes a proposal off the board; it stays readable, with the reason.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not open.
    """
    proposal = _locked(proposal)
    require(rules.writes_it(by, proposal))
    before = _with_status(proposal)
    _move(proposal, Move.WITHDRAW)
    proposal.withdrawal_reason = given(reason)
    proposal.withdrawn_at = timezone.now()
    _save(proposal, proposal.withdrawn_at)
    changes = audit.differences(before, _with_status(proposal))
    audit.record(Action.WITHDRAW, proposal, by=by, changes=changes, reason=reason.strip())
    return proposal


@transaction.atomic
def add_reply(proposal: Proposal, *, by: Seat, body: str) -> Reply:
    """Says something under an open proposal, signed by the seat's office.

    Raises ``NotAllowed``, and ``DomainError`` for an empty text or when the proposal takes
    no replies any more.
    """
    proposal = _locked(proposal)
    require(rules.may_join(by, proposal))
    if not rules.may_reply(by, proposal):
        raise DomainError("この提案には、いまは返信できません")
    if not body.strip():
        raise DomainError("返信を入力してください")
    reply = Reply.objects.create(
        proposal=proposal,
        organization=by.organization,
        seat=by,
        signature=_shared(by.office.signature, by),
        body=body,
    )
    audit.record(Action.REPLY, reply, by=by, changes={"body": audit.Change("", body)})
    return reply


@transaction.atomic
def hide(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Hides a proposal from all but its organization and the secretariat.

    Raises ``NotAllowed``, and ``DomainError`` without a reason, for a draft, or when it is
    hidden already.
    """
    require(is_secretariat(by))
    proposal = _locked(proposal)
    if proposal.is_draft:
        raise DomainError("下書きは提案元の団体だけが読めるため、非表示にできません")
    return _hide(proposal, Action.HIDE, by, reason)


@transaction.atomic
def unhide(proposal: Proposal, *, by: Seat, reason: str) -> Proposal:
    """Shows a hidden proposal again.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not hidden.
    """
    require(is_secretariat(by))
    return _unhide(_locked(proposal), Action.UNHIDE, by, reason)


@transaction.atomic
def hide_reply(reply: Reply, *, by: Seat, reason: str) -> Reply:
    """Hides a reply from all but its organization and the secretariat; refuses as ``hide``."""
    require(is_secretariat(by))
    return _hide(_locked_reply(reply), Action.HIDE_REPLY, by, reason)


@transaction.atomic
def unhide_reply(reply: Reply, *, by: Seat, reason: str) -> Reply:
    """Shows a hidden reply again; refuses as ``unhide``."""
    require(is_secretariat(by))
    return _unhide(_locked_reply(reply), Action.UNHIDE_REPLY, by, reason)


def end_bounds() -> tuple[date, date]:
    """The first and the last day that an end date may be set to: tomorrow, two years ahead."""
    return today() + timedelta(days=1), add_months(today(), LONGEST_MONTHS_OPEN)


def _locked(proposal: Proposal) -> Proposal:
    """The proposal as it stands now, held until the transaction ends."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "organization", "office__organization__prefecture"
    )
    try:
        return rows.get(pk=proposal.pk)
    except Proposal.DoesNotExist:
        raise DomainError("この下書きは、すでに削除されています") from None


def _locked_reply(reply: Reply) -> Reply:
    return Reply.objects.select_for_update().get(pk=reply.pk)


def _opened(proposal: Proposal, by: Seat, version: int | None) -> Proposal:
    """The locked proposal, for a seat that writes it and has read its present version."""
    proposal = _locked(proposal)
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


def _write(proposal: Proposal, data: Mapping[str, Any]) -> list[Theme]:
    """Sets the fields of ``data`` on the proposal; returns its themes in their order.

    Raises ``DomainError`` when the wished period ends before it begins.
    """
    for field in CONTENT_FIELDS:
        if field in data:
            setattr(proposal, field, data[field])
    start, end = proposal.wished_from, proposal.wished_until
    if start and end and end < start:
        raise DomainError("希望時期（終了）は、開始以降の年月にしてください")
    if "themes" not in data:
        return _themes_of(proposal)
    return sorted(data["themes"], key=lambda theme: (theme.order, theme.pk))


def _themes_of(proposal: Proposal) -> list[Theme]:
    return list(proposal.themes.all()) if proposal.pk else []


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


def _keep_replies_in_bounds(proposal: Proposal, before: Mapping[str, Any]) -> None:
    """Refuses to show all members what wards have replied among themselves."""
    widened = before["level"] == Level.WARDS and proposal.level != Level.WARDS
    if widened and proposal.replies.exists():
        raise DomainError(
            "特別区だけに向けた返信があるため、会員には広げられません。新しい提案として登録してください"
        )


def _move(proposal: Proposal, move: Move) -> None:
    """Takes the proposal to the state that ``move`` leads to. Raises ``DomainError``."""
    target = MOVES.get((ProposalStatus(proposal.status), move))
    if target is None:
        raise DomainError(_state_forbids(proposal))
    proposal.status = target


def _state_forbids(proposal: Proposal) -> str:
    return f"この提案は「{proposal.shown_status_label}」になっています。この操作はできません"


def _save(proposal: Proposal, at: datetime, themes: Sequence[Theme] | None = None) -> None:
    """Saves a change that readers can see."""
    proposal.changed_at = at
    if proposal.pk:
        proposal.version += 1
    proposal.save()
    if themes is not None:
        proposal.themes.set(themes)


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
    signature = proposal.office.signature
    return _shared(signature, by) if proposal.office_id == by.office_id else signature


def _shared(signature: str, by: Seat) -> str:
    """The signature, marked where an office account acts."""
    return f"{signature}（{UserKind.OFFICE.label}）" if by.user.is_shared else signature


def _with_status(proposal: Proposal, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {**(content or {}), "status": proposal.status}


def _record(
    action: Action,
    proposal: Proposal,
    by: Seat,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    audit.record(action, proposal, by=by, changes=audit.differences(before, after))


def _hide[T: (Proposal, Reply)](row: T, action: Action, by: Seat, reason: str) -> T:
    if row.hidden_at:
        raise DomainError("すでに非表示になっています")
    row.hidden_at, row.hidden_reason = timezone.now(), given(reason)
    row.save(update_fields=["hidden_at", "hidden_reason"])
    audit.record(action, row, by=by, reason=row.hidden_reason)
    return row


def _unhide[T: (Proposal, Reply)](row: T, action: Action, by: Seat, reason: str) -> T:
    if not row.hidden_at:
        raise DomainError("すでに表示されています")
    said = given(reason)
    row.hidden_at, row.hidden_reason = None, ""
    row.save(update_fields=["hidden_at", "hidden_reason"])
    audit.record(action, row, by=by, reason=said)
    return row
