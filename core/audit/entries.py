"""The history of every change: who did what to which object, when and why.

A row holds labels, not foreign keys, so that it outlives its subjects. Personal values
(names, addresses, telephone numbers) never stand in it: they lie in a side row that can be
erased, and the audit row keeps their keyed digest (architecture.md 11).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.dates import start_of, today
from core.enums import Channel
from core.models import AuditEntry, AuditPersonal


@dataclass(frozen=True)
class Told:
    """How the news of a change reached the office: by whom, by which channel, and when.

    ``day`` is the day of the call, where it was not today; ``office`` is how the office signs
    that the caller speaks for, where it acts by another one's hand.
    """

    channel: Channel = Channel.WEB
    caller: str = ""
    day: date | None = None
    office: str = ""

    @property
    def at(self) -> datetime:
        """The moment of the news: now, or the beginning of its day."""
        is_earlier = self.day is not None and self.day != today()
        return start_of(self.day) if self.day and is_earlier else timezone.now()


@dataclass(frozen=True)
class Identity:
    """Who acts, as the audit row prints it. ``person`` is a personal value.

    ``told`` is how they heard of everything that they write down for somebody else.
    """

    organization: str
    office: str
    role: str
    person: str = ""
    seat_id: int | None = None
    told: Told = Told()


class Actor(Protocol):
    """Whoever may stand in ``by=``: a seat, or a command of the system."""

    def audit_identity(self) -> Identity: ...


@dataclass(frozen=True)
class System:
    """A command that acts by itself, such as a loader."""

    command: str

    def audit_identity(self) -> Identity:
        return Identity(organization="システム", office=self.command, role="")


@dataclass(frozen=True)
class Change:
    """One field's value before and after; ``personal`` ones go to the side row."""

    before: Any
    after: Any
    personal: bool = False


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], personal: frozenset[str] = frozenset()
) -> dict[str, Change]:
    """The fields of ``after`` whose value differs from ``before``, as ``Change`` by name."""
    return {
        name: Change(before.get(name), value, personal=name in personal)
        for name, value in after.items()
        if before.get(name) != value
    }


def record(
    action: str,
    obj: models.Model,
    *,
    by: Actor,
    changes: Mapping[str, Change] | None = None,
    reason: str = "",
    told: Told | None = None,
) -> AuditEntry:
    """Writes the audit row of ``action`` on ``obj``, in the caller's transaction.

    ``action`` is ``<app>.<verb>_<object>``; its Japanese label is registered with
    ``register_actions``. Personal changes, the actor's name and the caller's name go to the
    side row; an object whose name may not stand in the log says in ``audit_label`` what does.
    """
    label = getattr(obj, "audit_label", str(obj))
    told = told or by.audit_identity().told
    noted = dict(changes or {})
    if told.day and told.day != today():
        noted["told_on"] = Change(None, told.day)
    if told.office:
        noted["told_office"] = Change(None, told.office)
    return _write(action, _name(obj, label), by, noted, reason=reason, told=told)


def record_list(
    action: str,
    model: type[models.Model],
    label: str,
    *,
    by: Actor,
    changes: Mapping[str, Change] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Writes the one audit row of ``action`` on a list of rows of ``model``, called ``label``.

    It points at none of them. Personal changes and the actor's name go to the side row.
    """
    return _write(action, _name(model, label), by, changes or {}, reason=reason, told=Told())


def _name(obj: models.Model | type[models.Model], label: str) -> dict[str, str]:
    """What the audit row calls ``obj``: a row by its key, a model without one."""
    key = "" if isinstance(obj, type) else str(obj.pk)
    return {
        "object_type": obj._meta.label_lower,
        "object_id": key,
        "object_label": label[:200],
    }


def _write(
    action: str,
    names: Mapping[str, str],
    by: Actor,
    changes: Mapping[str, Change],
    *,
    reason: str,
    told: Told,
) -> AuditEntry:
    identity = by.audit_identity()
    personal = _personal_values(identity, told, changes)
    salt = secrets.token_hex(16)
    entry = AuditEntry.objects.create(
        action=action,
        **names,
        actor_organization=identity.organization,
        actor_office=identity.office,
        actor_role=identity.role,
        actor_seat_id=identity.seat_id,
        channel=told.channel,
        reason=reason,
        changes={
            name: _printable(change) for name, change in changes.items() if not change.personal
        },
        personal_digests={name: digest(value, salt) for name, value in personal.items()},
    )
    if personal:
        AuditPersonal.objects.create(entry=entry, salt=salt, values=personal)
    return entry


def record_run(action: str, *, by: Actor, counts: Mapping[str, str]) -> AuditEntry:
    """Writes the one audit row of a command that changed many objects.

    The row points at no object; ``counts`` says what became of the rows of each table.
    """
    identity = by.audit_identity()
    return AuditEntry.objects.create(
        action=action,
        object_label=action_label(action)[:200],
        actor_organization=identity.organization,
        actor_office=identity.office,
        actor_role=identity.role,
        actor_seat_id=identity.seat_id,
        changes={table: [None, text] for table, text in counts.items()},
    )


def digest(value: Any, salt: str) -> str:
    """The keyed digest of a personal value (HMAC-SHA-256 under ``settings.AUDIT_KEY``)."""
    message = salt + json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hmac.new(settings.AUDIT_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def _personal_values(
    identity: Identity, told: Told, changes: Mapping[str, Change]
) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: _printable(change) for name, change in changes.items() if change.personal
    }
    if identity.person:
        values["actor"] = identity.person
    if told.caller:
        values["caller"] = told.caller
    return values


def _printable(change: Change) -> list:
    """The values before and after, as JSON keeps them."""
    return [_plain(change.before), _plain(change.after)]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)


_labels: dict[str, str] = {}


def register_actions(actions: type[models.TextChoices]) -> None:
    """Makes the labels of an app's actions known; called in ``AppConfig.ready``."""
    _labels.update(actions.choices)


def action_label(action: str) -> str:
    """The Japanese label of ``action``, or the action itself when it is not registered."""
    return str(_labels.get(action, action))


def history_of(obj: models.Model) -> models.QuerySet[AuditEntry]:
    """The audit rows of ``obj``, newest first."""
    return AuditEntry.objects.filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk)
    ).select_related("personal")
