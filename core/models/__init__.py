"""The core's tables, and the abstract rows that every room builds on."""

from core.models.attachments import Attachment
from core.models.audit import AuditEntry, AuditPersonal, AuditSeal, SealedRow
from core.models.links import MailLink
from core.models.mail import OutboxMail, UndeliverableAddress
from core.models.once import Submission
from core.models.record import (
    Dated,
    Loaded,
    Recorded,
    Source,
    SourceQuerySet,
    public_sources,
)
from core.models.running import DailyRun, Heartbeat
from core.models.searches import MOST_SYNONYMS, MissedSearch, SynonymSet
from core.models.uploads import SheetUpload

__all__ = [
    "MOST_SYNONYMS",
    "Attachment",
    "AuditEntry",
    "AuditPersonal",
    "AuditSeal",
    "DailyRun",
    "Dated",
    "Heartbeat",
    "Loaded",
    "MailLink",
    "MissedSearch",
    "OutboxMail",
    "Recorded",
    "SealedRow",
    "SheetUpload",
    "Source",
    "SourceQuerySet",
    "Submission",
    "SynonymSet",
    "UndeliverableAddress",
    "public_sources",
]
