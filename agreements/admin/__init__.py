"""The admin of the agreements' room."""

from agreements.admin.agreements import AgreementAdmin
from agreements.admin.collaborations import CollaborationAdmin

__all__ = ["AgreementAdmin", "CollaborationAdmin"]
