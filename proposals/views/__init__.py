"""The pages of the board."""

from proposals.views.actions import (
    ProposalClose,
    ProposalDelete,
    ProposalRenew,
    ProposalReport,
    ProposalResumeOffers,
    ProposalStopOffers,
    ProposalUnrelate,
    ProposalWithdraw,
)
from proposals.views.board import ProposalExport, ProposalList
from proposals.views.editing import ProposalCreate, ProposalUpdate
from proposals.views.grid import AddressedExport, AddressedList, ProposalGrid, ProposalGridExport
from proposals.views.offer_drafts import OfferDraftDelete, OfferDraftDetail
from proposals.views.offer_moves import (
    OfferAccept,
    OfferAsk,
    OfferDecline,
    OfferStart,
    OfferStepDown,
)
from proposals.views.offers import MessageCreate, OfferCreate, OfferDetail, OfferPrint
from proposals.views.reading import ProposalDetail, ProposalHistory, ProposalPrint
from proposals.views.replies import ReplyCreate, ReplyReport, ReplyUpdate

__all__ = [
    "AddressedExport",
    "AddressedList",
    "MessageCreate",
    "OfferAccept",
    "OfferAsk",
    "OfferCreate",
    "OfferDecline",
    "OfferDetail",
    "OfferDraftDelete",
    "OfferDraftDetail",
    "OfferPrint",
    "OfferStart",
    "OfferStepDown",
    "ProposalClose",
    "ProposalCreate",
    "ProposalDelete",
    "ProposalDetail",
    "ProposalExport",
    "ProposalGrid",
    "ProposalGridExport",
    "ProposalHistory",
    "ProposalList",
    "ProposalPrint",
    "ProposalRenew",
    "ProposalReport",
    "ProposalResumeOffers",
    "ProposalStopOffers",
    "ProposalUnrelate",
    "ProposalUpdate",
    "ProposalWithdraw",
    "ReplyCreate",
    "ReplyReport",
    "ReplyUpdate",
]
