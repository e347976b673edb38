"""The pages of the board."""

from proposals.views.actions import ProposalDelete, ProposalWithdraw, ReplyCreate
from proposals.views.board import ProposalExport, ProposalList
from proposals.views.editing import ProposalCreate, ProposalUpdate
from proposals.views.reading import ProposalDetail, ProposalHistory, ProposalPrint

__all__ = [
    "ProposalCreate",
    "ProposalDelete",
    "ProposalDetail",
    "ProposalExport",
    "ProposalHistory",
    "ProposalList",
    "ProposalPrint",
    "ProposalUpdate",
    "ProposalWithdraw",
    "ReplyCreate",
]
