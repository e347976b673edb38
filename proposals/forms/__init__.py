"""What members type on the board."""

from proposals.forms.actions import (
    AskForm,
    ButtonForm,
    CloseForm,
    DeleteForm,
    RenewForm,
    ReplyForm,
    ReportForm,
    WithdrawForm,
)
from proposals.forms.board import BoardFilterForm
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
    "MessageForm",
    "OfferForm",
    "ProposalForm",
    "RenewForm",
    "ReplyForm",
    "ReportForm",
    "StepDownForm",
    "WithdrawForm",
]
