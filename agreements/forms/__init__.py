"""What is typed of joint projects and their year reports, one module per subject."""

from agreements.forms.collaboration_filter import CollaborationFilterForm
from agreements.forms.collaborations import (
    CancelForm,
    CollaborationForm,
    EndForm,
    PublishForm,
    StartForm,
    answers_of,
)
from agreements.forms.reports import ReportButtonForm, YearReportForm

__all__ = [
    "CancelForm",
    "CollaborationFilterForm",
    "CollaborationForm",
    "EndForm",
    "PublishForm",
    "ReportButtonForm",
    "StartForm",
    "YearReportForm",
    "answers_of",
]
