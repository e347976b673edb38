"""The audit log: what was done (``entries``), and how anybody can tell that it still stands.

``seals`` closes each day with one digest, ``verification`` checks the rows against the seals,
``erasure`` removes personal values whose time is over. Writers need this module alone.
"""

from core.audit.entries import (
    Actor,
    Change,
    Identity,
    System,
    Told,
    action_label,
    differences,
    digest,
    history_of,
    record,
    record_list,
    record_run,
    register_actions,
)

__all__ = [
    "Actor",
    "Change",
    "Identity",
    "System",
    "Told",
    "action_label",
    "differences",
    "digest",
    "history_of",
    "record",
    "record_list",
    "record_run",
    "register_actions",
]
