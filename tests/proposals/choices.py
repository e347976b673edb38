"""What may be done to the board in a walk."""

from django.db.models import Model

from agreements.models import Collaboration, YearReport
from proposals.models import Offer, Proposal, Reply, Report

# What each action is done to, and how often it is chosen: what leads on more often, and what
# ends a walk early less often.
ACTIONS: dict[str, tuple[type[Model], int]] = {
    "publish": (Proposal, 2),
    "close": (Proposal, 1),
    "withdraw": (Proposal, 2),
    "renew": (Proposal, 4),
    "change": (Proposal, 1),
    "stop_offers": (Proposal, 1),
    "resume_offers": (Proposal, 2),
    "hide": (Proposal, 1),
    "unhide": (Proposal, 2),
    "add_reply": (Proposal, 1),
    "edit_reply": (Reply, 1),
    "report": (Proposal, 1),
    "raise_offer": (Proposal, 9),
    "start_talk": (Offer, 9),
    "accept": (Offer, 7),
    "decline": (Offer, 6),
    "step_down": (Offer, 6),
    "send_message": (Offer, 3),
    "ask_to_open": (Offer, 2),
    "open_talk": (Offer, 2),
    "settle_report": (Report, 3),
    "start_project": (Collaboration, 5),
    "end_project": (Collaboration, 6),
    "cancel_project": (Collaboration, 4),
    "write_report": (Collaboration, 4),
    "submit_report": (YearReport, 4),
    "accept_report": (YearReport, 1),
    "send_back_report": (YearReport, 2),
    "end_date_passes": (Proposal, 3),
    "daily": (Proposal, 1),
    # Only where a ward has registered a joint project of its own.
    "link_project": (Collaboration, 0),
    "unlink_project": (Collaboration, 0),
}
# By turns: what is not possible now gives way to the next.
NAMES = [name for turn in range(9) for name, (_, often) in ACTIONS.items() if often > turn]
LINKING = ["link_project", "unlink_project"]
