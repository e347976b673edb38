"""What belongs to nobody is cleared away once a day; what is missing is told.

An upload whose form was never sent, and a file that a record has given up, stay for a day. A
file without a row (its transaction was rolled back) stays as long, because its row may only
be on its way.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from core import daily
from core.files import storage
from core.models import Attachment

logger = logging.getLogger(__name__)

LOOSE_FOR = timedelta(hours=24)
# More strays than the database knows files, and it is rather the wrong database.
FEW_STRAYS = 20


def register() -> None:
    daily.register("core.files", sweep)


def sweep(day: date) -> str:
    """Deletes loose uploads and stray files of more than a day; counts missing files."""
    before = timezone.now() - LOOSE_FOR
    loose = delete_loose(before)
    known = _known_names()
    strays = delete_strays(known, before)
    missing = report_missing(known)
    return f"{loose} loose uploads and {strays} stray files deleted, {missing} files missing"


def delete_loose(before: datetime) -> int:
    """Deletes the uploads that no record has had since ``before``; returns how many.

    Each row is held and asked again first, so that a form sent at this moment either has its
    file or is told that it is gone. The files go when the rows are gone for good.
    """
    with transaction.atomic():
        rows = list(Attachment.objects.select_for_update().filter(loose_since__lt=before))
        Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
        names = [name for row in rows for name in (row.stored_name, row.thumbnail_name) if name]
        transaction.on_commit(partial(_delete_files, names))
    return len(rows)


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        storage.delete(name)


def delete_strays(known: set[str], before: datetime) -> int:
    """Deletes the files from before ``before`` that are not in ``known``; returns how many."""
    strays = [name for name, at in storage.kept_names() if at < before and name not in known]
    if len(strays) > max(FEW_STRAYS, len(known)):
        logger.error(
            "%s files without a row were left alone: is it the right database?", len(strays)
        )
        return 0
    _delete_files(strays)
    return len(strays)


def report_missing(known: set[str]) -> int:
    """Logs which files the database knows and the disk does not have; returns how many."""
    kept = {name for name, _ in storage.kept_names()}
    # Asked again: a file may have been deleted with its row since ``known`` was read.
    missing = sorted((known - kept) & _known_names())
    if missing:
        logger.error("%s attachments are not on the disk: %s", len(missing), ", ".join(missing))
    return len(missing)


def _known_names() -> set[str]:
    rows = Attachment.objects.values_list("stored_name", "thumbnail_name")
    return {name for names in rows.iterator() for name in names if name}
