"""Mail: every one is a row first, written with what it tells of, and sent by the worker.

A room's ``emails.py`` writes with ``queue``; ``core.worker`` sends with ``sending.drain``; the
secretariat sees every row in the admin and releases, cancels or resends it.
"""

from core.mail.outbox import (
    Letter,
    cancel,
    cancel_mailing,
    clear_undeliverable,
    mark_undeliverable,
    queue,
    queue_all,
    release,
    release_mailing,
    resend,
    unreached,
)

__all__ = [
    "Letter",
    "cancel",
    "cancel_mailing",
    "clear_undeliverable",
    "mark_undeliverable",
    "queue",
    "queue_all",
    "release",
    "release_mailing",
    "resend",
    "unreached",
]
