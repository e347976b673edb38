"""A sealed log for tests, and what only the owner of the tables could do to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib import import_module

import time_machine
from django.db import connection
from django.db.models import Model, QuerySet

from core import audit
from core.audit import Change, System
from core.audit.seals import seal_until
from core.enums import Action
from core.models import AuditEntry
from tests.factories.core import SourceFactory

NOV_1, NOV_2, NOV_3, NOV_4 = (date(2026, 11, n) for n in (1, 2, 3, 4))
GUARD = import_module("core.migrations.0003_seals")


def noon(day: date) -> datetime:
    """Noon in Asia/Tokyo."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def written(day: date, **changes: Change) -> AuditEntry:
    """An audit row of ``day``."""
    with time_machine.travel(noon(day), tick=False):
        return audit.record(
            Action.EDIT, SourceFactory(), by=System("見本"), changes=changes, reason="見本"
        )


def behind(model: type[Model]) -> QuerySet:
    """The rows of ``model`` for whoever owns the tables: no class, no trigger guards them."""
    if connection.vendor == "postgresql":
        found = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'core_%_written_once'"
    else:
        found = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'core_%_written_once'"
    with connection.cursor() as cursor:
        cursor.execute(found)
        if cursor.fetchone()[0]:
            GUARD.allow_changes(None, connection.SchemaEditorClass(connection))
    return QuerySet(model)


def changed(entry: AuditEntry, **columns: object) -> None:
    behind(AuditEntry).filter(pk=entry.pk).update(**columns)


@contextmanager
def sealed_log() -> Iterator[list[AuditEntry]]:
    """Two rows of 1 November, none of the 2nd, one of the 3rd; sealed; now it is the 4th."""
    personal = Change("", "見本 太郎", personal=True)
    entries = [
        written(NOV_1, phone=Change("1", "2"), lead=personal),
        written(NOV_1),
        written(NOV_3, lead=personal),
    ]
    with time_machine.travel(noon(NOV_4), tick=False):
        seal_until(NOV_3)
        yield entries
