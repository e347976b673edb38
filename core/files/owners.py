"""Who may read a file: whoever sees its record, and belongs to the file's own level.

The core knows no record. A room registers its models, whose ``visible_to`` is then asked, and
members says which levels a reader has; as long as nobody has said so, everything is closed.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from core.enums import Level
from core.models import Attachment

type LevelsOf = Callable[[Any], Sequence[Level | str]]

_models: set[type[models.Model]] = set()


def _closed(user: Any) -> list[Level]:
    """The answer until members has given one."""
    return []


_levels_of: LevelsOf = _closed


def register(model: type[models.Model]) -> None:
    """Lets the rows of ``model`` have files. Its manager must answer ``visible_to(user)``.

    Raises ``TypeError`` when it does not.
    """
    if not hasattr(model._default_manager, "visible_to"):
        raise TypeError(f"{model._meta.label} has no visible_to to ask for its files")
    _models.add(model)


def ask_levels(levels_of: LevelsOf) -> None:
    """Makes ``levels_of(user)`` the answer to which levels a reader has."""
    global _levels_of
    _levels_of = levels_of


def readable(key: UUID, user: Any) -> Attachment | None:
    """The file, if ``user`` may read it; a loose one is read by its uploader alone."""
    row = Attachment.objects.filter(key=key).select_related("owner_type").first()
    if row is None:
        return None
    if row.loose_since is not None:
        return row if user.is_authenticated and row.uploader_id == user.pk else None
    model = row.owner_type.model_class() if row.owner_type else None
    if model is None or model not in _models or row.level not in _levels_of(user):
        return None
    rows: Any = model._default_manager
    return row if rows.visible_to(user).filter(pk=row.owner_id).exists() else None


def attachments_of(record: models.Model, user: Any) -> list[Attachment]:
    """The files of ``record`` that are at the levels of ``user``, who sees the record."""
    return list(Attachment.objects.of(record).at(_levels_of(user)))
