"""Everything that changes the board.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by the tables of ``enums`` (``states``), and writes its audit row in the same transaction. A
refusal changes nothing.
"""

from proposals.services.callers import Caller, caller, told_day_refusal
from proposals.services.ending import close, renew, resume_offers, stop_offers, withdraw
from proposals.services.hiding import hide, hide_reply, unhide, unhide_reply
from proposals.services.leaving import end_offers, end_proposals
from proposals.services.offer_drafts import (
    clear_offer_drafts,
    delete_offer_draft,
    save_offer_draft,
)
from proposals.services.offers import (
    accept,
    decline,
    joinable,
    raise_offer,
    settle,
    start_talk,
    step_down,
)
from proposals.services.projects import choose_origin
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
    "Caller",
    "accept",
    "add_reply",
    "ask_to_open",
    "caller",
    "change",
    "choose_origin",
    "clear_offer_drafts",
    "close",
    "decline",
    "delete_draft",
    "delete_offer_draft",
    "edit_reply",
    "end_bounds",
    "end_offers",
    "end_proposals",
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
    "save_offer_draft",
    "send_message",
    "settle",
    "settle_report",
    "start_talk",
    "step_down",
    "stop_offers",
    "told_day_refusal",
    "unhide",
    "unhide_reply",
    "unrelate",
    "withdraw",
]
