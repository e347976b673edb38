"""The audit rows in words: what happened, who did it, and what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.audit import action_label
from core.dates import day_text
from core.enums import Channel
from core.models import AuditEntry
from core.sheets import as_text

NOTHING = "（なし）"
ERASED = "（保存期間が過ぎたため消去しました）"
PRIVATE = "（下書きの内容は、書いた団体だけが見られます）"
_ISO_LENGTH = len("2026-11-22")
# Values of the side row that tell of the entry, not of a column.
_OF_ENTRY = ("actor", "caller")


@dataclass(frozen=True)
class ChangeLine:
    """One column's value before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """One audit row as the page prints it."""

    at: datetime
    action: str
    organization: str
    office: str
    role: str
    person: str
    told: str
    reason: str
    changes: list[ChangeLine]


_private_actions: set[str] = set()


def keep_private(*actions: str) -> None:
    """What was done in ``actions`` belongs to the organization alone: its text is not shown."""
    _private_actions.update(actions)


def is_private(entry: AuditEntry) -> bool:
    """Whether the admin shows only that the entry's action took place."""
    return entry.action in _private_actions


def object_label(entry: AuditEntry) -> str:
    """What the entry calls its object."""
    return PRIVATE if is_private(entry) else entry.object_label


def history_line(entry: AuditEntry, model: type[models.Model] | None) -> HistoryLine:
    """``entry`` in words; columns are named as ``model`` names them.

    Personal values stand there while they are kept, and are said to be erased afterwards.
    """
    kept = personal_values(entry)
    private = is_private(entry)
    return HistoryLine(
        at=entry.at,
        action=action_label(entry.action),
        organization=entry.actor_organization,
        office=entry.actor_office,
        role=entry.actor_role,
        person=_personal(entry, kept, "actor"),
        told=_told(entry, kept),
        reason=PRIVATE if private else entry.reason,
        changes=[] if private else list(_changes(entry, kept, model)),
    )


def personal_values(entry: AuditEntry) -> Mapping[str, Any]:
    """The personal values of ``entry`` that have not been erased."""
    side = getattr(entry, "personal", None)
    return side.values if side else {}


def _personal(entry: AuditEntry, kept: Mapping[str, Any], name: str) -> str:
    """A personal value of the entry itself; empty when it never had one."""
    return str(kept[name]) if name in kept else ERASED if name in entry.personal_digests else ""


def _told(entry: AuditEntry, kept: Mapping[str, Any]) -> str:
    if entry.channel == Channel.WEB:
        return ""
    caller = _personal(entry, kept, "caller")
    shown = caller if caller in ("", ERASED) else f"（{caller}）"
    return f"{entry.get_channel_display()}{shown}"


def _changes(
    entry: AuditEntry, kept: Mapping[str, Any], model: type[models.Model] | None
) -> Iterator[ChangeLine]:
    for name, (before, after) in entry.changes.items():
        line = _line(name, before, after, model)
        if line.before != line.after:
            yield line
    for name in entry.personal_digests:
        if name in _OF_ENTRY:
            continue
        if name in kept:
            yield _line(name, *kept[name], model)
        else:
            yield ChangeLine(column_label(name, model), ERASED, ERASED)


def _line(name: str, before: Any, after: Any, model: type[models.Model] | None) -> ChangeLine:
    return ChangeLine(
        column_label(name, model), _in_words(name, before, model), _in_words(name, after, model)
    )


# What services write beside a model's own columns.
_OTHER_LABELS = {
    "lead": "主担当",
    "when": "日付",
    "told_on": "連絡があった日",
    "told_office": "連絡があった部署",
    "offices": "たずねた部署",
    "silent": "回答がない部署",
    "mails": "メール",
}


def column_label(name: str, model: type[models.Model] | None) -> str:
    """The column's name on the site; a relation by the name of its rows."""
    field = _field(name, model)
    if field is None:
        return _OTHER_LABELS.get(name, name)
    if field.auto_created:
        return str(field.related_model._meta.verbose_name_plural)
    return str(field.verbose_name)


def _in_words(name: str, value: Any, model: type[models.Model] | None) -> str:
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    choices = {key: str(label) for key, label in getattr(_field(name, model), "flatchoices", ())}
    if not isinstance(value, str):
        return as_text(value)
    return choices.get(value) or _day_in_words(value) or value


def _day_in_words(value: str) -> str | None:
    """A day that was kept as 2026-11-22, in both eras."""
    if len(value) != _ISO_LENGTH:
        return None
    try:
        return day_text(date.fromisoformat(value))
    except ValueError:
        return None


def _field(name: str, model: type[models.Model] | None):
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
