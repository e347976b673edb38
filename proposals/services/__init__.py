"""Everything that changes the board.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by the tables of ``enums`` (``states``), and writes its audit row in the same transaction. A
refusal changes nothing.
"""

from proposals.services.ending import close, renew, resume_offers, stop_offers, withdraw
from proposals.services.hiding import hide, hide_reply, unhide, unhide_reply
from proposals.services.offers import (
    accept,
    decline,
    joinable,
    raise_offer,
    settle,
    start_talk,
    step_down,
)
from proposals.services.proposals import (
    CONTENT_FIELDS,
    change,
    delete_draft,
    end_bounds,
    publish,
    save_draft,
)
from proposals.services.relating import relate, unrelate
from proposals.services.replies import add_reply, edit_reply
from proposals.services.reports import ask_to_open, report, settle_report
from proposals.services.states import follow, follow_project
from proposals.services.talks import open_talk, send_message

__all__ = [
    "CONTENT_FIELDS",
    "accept",
    "add_reply",
    "ask_to_open",
    "change",
    "close",
    "decline",
    "delete_draft",
    "edit_reply",
    "end_bounds",
    "follow",
    "follow_project",
    "hide",
    "hide_reply",
    "joinable",
    "open_talk",
    "publish",
    "raise_offer",
    "relate",
    "renew",
    "report",
    "resume_offers",
    "save_draft",
    "send_message",
    "settle",
    "settle_report",
    "start_talk",
    "step_down",
    "stop_offers",
    "unhide",
    "unhide_reply",
    "unrelate",
    "withdraw",
]
