"""How the portal is: each check by its name, and the figures behind it.

The checks of ``/readyz`` cost three queries: the migrations, the worker's sign of life, the
outbox. The state page of the secretariat reads the same figures.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core.enums import MailKind, MailState
from core.models import Heartbeat, OutboxMail

# The worker shows life every five seconds; one mail to a slow server may take minutes.
SILENT_AFTER = timedelta(minutes=3)
# Mail that is due leaves within seconds. A mailing may wait for the rate limit for hours.
STUCK_AFTER = timedelta(minutes=15)
# Room for a few days of attachments, of 50 MB a record.
LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    passes: bool


def checks() -> list[Check]:
    """Every check. What cannot be found out, because the database is away, fails."""
    found = dict.fromkeys(("database", "migrations", "worker", "outbox"), False)
    try:
        missing = missing_migrations()
        found |= {"database": True, "migrations": not missing}
        heartbeat = worker_heartbeat()
        found |= {"worker": is_alive(heartbeat), "outbox": mail_leaves(heartbeat, oldest_due())}
    except Error:
        pass  # what has not been found out by now stays failing
    found["disk"] = free_bytes() >= LEAST_FREE_BYTES
    return [Check(name, passes) for name, passes in found.items()]


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that the code comes with; read once, for they do not change by themselves."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def missing_migrations() -> list[tuple[str, str]]:
    """The migrations (app, name) that the database has not had yet."""
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    return sorted(_known_migrations() - set(applied))


def worker_heartbeat() -> Heartbeat | None:
    """The worker's last sign of life: nothing else shows one."""
    return Heartbeat.objects.order_by("-seen_at").first()


def is_alive(heartbeat: Heartbeat | None) -> bool:
    """Whether the worker has shown life lately."""
    return heartbeat is not None and heartbeat.seen_at > timezone.now() - SILENT_AFTER


def mail_leaves(heartbeat: Heartbeat | None, oldest: datetime | None) -> bool:
    """Whether neither the mail server nor the ``oldest`` mail that is due is stuck for long."""
    since = (heartbeat.trouble_since if heartbeat else None, oldest)
    return all(moment is None or moment > timezone.now() - STUCK_AFTER for moment in since)


def oldest_due() -> datetime | None:
    """Since when the mail waits that should have left first; mailings are left out."""
    due = OutboxMail.objects.filter(
        state=MailState.NEW, kind__lt=MailKind.BULK, next_try_at__lte=timezone.now()
    )
    return due.order_by("next_try_at").values_list("next_try_at", flat=True).first()


def free_bytes() -> int:
    """What the disk of the data directory has left; nothing where there is no such directory."""
    try:
        return shutil.disk_usage(settings.DATA_DIR).free
    except FileNotFoundError:
        return 0


def used_bytes(directory: Path) -> int:
    """What the files in ``directory`` and below hold. Files that go meanwhile count nothing."""
    total = 0
    for parent, _, files in directory.walk():
        for name in files:
            try:
                total += (parent / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total
