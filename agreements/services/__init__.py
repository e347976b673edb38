"""Everything that changes an agreement's standing, or a joint project.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by the tables in ``enums``, and writes its audit row in the same transaction. A refusal changes
nothing.
"""

from agreements.services.agreements import terminate
from agreements.services.editing import create, join, plan, update
from agreements.services.moves import cancel, end, publish, start, unpublish
from agreements.services.projects import open_project
from agreements.services.report_telling import tell_added_reports
from agreements.services.reports import (
    REPORT_FIELDS,
    accept_report,
    delete_report,
    send_back_report,
    submit_report,
    write_report,
)
from agreements.services.telling import linked_text, tell_agreements, tell_followers

__all__ = [
    "REPORT_FIELDS",
    "accept_report",
    "cancel",
    "create",
    "delete_report",
    "end",
    "join",
    "linked_text",
    "open_project",
    "plan",
    "publish",
    "send_back_report",
    "start",
    "submit_report",
    "tell_added_reports",
    "tell_agreements",
    "tell_followers",
    "terminate",
    "unpublish",
    "update",
    "write_report",
]
