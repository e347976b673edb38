"""Tables between their preview and their last button (``core.models.SheetUpload``)."""

from typing import Any

from django.utils import timezone

from core.models import SheetUpload
from core.sheets.cells import Table, as_json, from_json


def keep(table: Table, kind: str, *, user: Any) -> SheetUpload:
    """Keeps ``table`` for ``user`` and for the import ``kind`` (``<app>.<thing>``)."""
    return SheetUpload.objects.create(
        kind=kind, name=table.name[:500], rows=as_json(table), uploader_id=user.pk
    )


def find_kept(kind: str, pk: int, *, user: Any) -> SheetUpload | None:
    """The table that ``user`` has uploaded and not yet imported; nobody else's."""
    waiting = SheetUpload.objects.filter(kind=kind, uploader_id=user.pk, applied_at=None)
    return waiting.filter(pk=pk).first()


def table_of(upload: SheetUpload) -> Table:
    return from_json(upload.name, upload.rows)


def note_applied(upload: SheetUpload) -> None:
    """The table has been imported: it cannot be again. Call it in the same transaction."""
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])


def forget(upload: SheetUpload) -> None:
    """The table is not wanted any more."""
    upload.delete()
