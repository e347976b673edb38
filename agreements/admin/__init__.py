"""The admin of the agreements' room."""

from agreements.admin.agreements import AgreementAdmin
from agreements.admin.collaborations import CollaborationAdmin
from agreements.admin.reports import YearReportAdmin

__all__ = ["AgreementAdmin", "CollaborationAdmin", "YearReportAdmin"]
