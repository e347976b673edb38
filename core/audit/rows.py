"""How an audit row is written for a digest: the same bytes on every database, for ever.

A row becomes one line of JSON in UTF-8: its columns by name, in alphabetical order, without
spaces; moments in UTC with microseconds. Personal values take no part, their digests do.
"""

import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from core.dates import start_of
from core.models import AuditEntry

# The columns that take part, by form. A seal names its form; an old form is never changed.
FORMS: dict[int, tuple[str, ...]] = {
    1: (
        "id",
        "at",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "actor_organization",
        "actor_office",
        "actor_role",
        "actor_seat_id",
        "channel",
        "reason",
        "changes",
        "personal_digests",
    ),
}
FORM = max(FORMS)
# Rows that are in memory at once.
CHUNK = 1000


def line(values: dict[str, Any]) -> bytes:
    """``values`` as the digests take them."""
    text = json.dumps(
        values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )
    return text.encode()


def _plain(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat()


def mark(row_line: bytes) -> str:
    """The keyed digest of a row, which nobody can make who has only the database."""
    return hmac.digest(settings.AUDIT_KEY.encode(), row_line, "sha256").hex()


def rows_of(day: date) -> QuerySet[AuditEntry]:
    """The audit rows of a day in Asia/Tokyo, as they are numbered."""
    start, end = (start_of(date.fromordinal(day.toordinal() + n)) for n in (0, 1))
    return AuditEntry.objects.filter(at__gte=start, at__lt=end).order_by("pk")


def values_of(
    rows: QuerySet[AuditEntry], form: int, *others: str
) -> Iterator[tuple[dict[str, Any], Sequence[Any]]]:
    """The columns of ``form`` of each row, and the columns ``others``; in chunks."""
    columns = FORMS[form]
    found = rows.values_list(*columns, *others)
    for values in found.iterator(chunk_size=CHUNK):
        yield dict(zip(columns, values, strict=False)), values[len(columns) :]
