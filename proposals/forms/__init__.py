"""What members type on the board."""

from proposals.forms.actions import (
    AskForm,
    ButtonForm,
    CloseForm,
    DeleteForm,
    RenewForm,
    ReplyForm,
    ReportForm,
    UnrelateForm,
    WithdrawForm,
)
from proposals.forms.board import BoardFilterForm
from proposals.forms.grid import GridFilterForm
from proposals.forms.offers import AcceptForm, DeclineForm, MessageForm, OfferForm, StepDownForm
from proposals.forms.proposals import ProposalForm

__all__ = [
    "AcceptForm",
    "AskForm",
    "BoardFilterForm",
    "ButtonForm",
    "CloseForm",
    "DeclineForm",
    "DeleteForm",
    "GridFilterForm",
    "MessageForm",
    "OfferForm",
    "ProposalForm",
    "RenewForm",
    "ReplyForm",
    "ReportForm",
    "StepDownForm",
    "UnrelateForm",
    "WithdrawForm",
]
