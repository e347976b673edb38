"""The admin of the board: proposals and replies, offers without their talks, and reports."""

from proposals.admin.offers import OfferAdmin
from proposals.admin.proposals import ProposalAdmin, ReplyAdmin
from proposals.admin.reports import ReportAdmin

__all__ = ["OfferAdmin", "ProposalAdmin", "ReplyAdmin", "ReportAdmin"]
