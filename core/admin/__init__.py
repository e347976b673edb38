"""The admin of the secretariat: what every room's ``admin.py`` builds on.

The classes are in the modules of this package; ``RecordAdmin`` is the base of them all. This
module, which Django reads to find admins, registers the core's own.
"""

from core.admin.outbox import OutboxMailAdmin, UndeliverableAddressAdmin
from core.admin.own import (
    AuditEntryAdmin,
    AuditSealAdmin,
    MissedSearchAdmin,
    SourceAdmin,
    SynonymSetAdmin,
)

__all__ = [
    "AuditEntryAdmin",
    "AuditSealAdmin",
    "MissedSearchAdmin",
    "OutboxMailAdmin",
    "SourceAdmin",
    "SynonymSetAdmin",
    "UndeliverableAddressAdmin",
]
