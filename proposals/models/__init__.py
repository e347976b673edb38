"""The tables of the board."""

from proposals.models.offers import (
    MESSAGE_LENGTH,
    Offer,
    OfferDraft,
    OfferStep,
    TalkMessage,
    TalkOpening,
)
from proposals.models.proposals import (
    BODY_LENGTH,
    CONDITIONS_LENGTH,
    LEVELS,
    REASON_LENGTH,
    TITLE_LENGTH,
    Proposal,
    ProposalStep,
    ProposalVersion,
)
from proposals.models.replies import EDITING_TIME, REPLY_LENGTH, Reply, ReplyVersion
from proposals.models.reports import REPORT_LENGTH, Report

__all__ = [
    "BODY_LENGTH",
    "CONDITIONS_LENGTH",
    "EDITING_TIME",
    "LEVELS",
    "MESSAGE_LENGTH",
    "REASON_LENGTH",
    "REPLY_LENGTH",
    "REPORT_LENGTH",
    "TITLE_LENGTH",
    "Offer",
    "OfferDraft",
    "OfferStep",
    "Proposal",
    "ProposalStep",
    "ProposalVersion",
    "Reply",
    "ReplyVersion",
    "Report",
    "TalkMessage",
    "TalkOpening",
]
