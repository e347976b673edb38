"""What members type."""

from members.forms.applications import (
    ApplicationCodeForm,
    ApplicationForm,
    MunicipalityChoiceForm,
    initial_of,
)
from members.forms.contacts import STALE, OfficeForm, PersonForm, SeatRadioField
from members.forms.people.logins import LoginReplaceForm
from members.forms.people.terms import TermsForm
from members.forms.profiles import ProfileForm
from members.forms.renames import OfficeRenameForm
from members.forms.seats.handovers import HandoverForm, HandoverTermsForm, terms_of
from members.forms.seats.seats import (
    AcceptanceForm,
    DeclineForm,
    InvitationForm,
    SeatEndForm,
    SeatForm,
    asks_for_name,
)

__all__ = [
    "STALE",
    "AcceptanceForm",
    "ApplicationCodeForm",
    "ApplicationForm",
    "DeclineForm",
    "HandoverForm",
    "HandoverTermsForm",
    "InvitationForm",
    "LoginReplaceForm",
    "MunicipalityChoiceForm",
    "OfficeForm",
    "OfficeRenameForm",
    "PersonForm",
    "ProfileForm",
    "SeatEndForm",
    "SeatForm",
    "SeatRadioField",
    "TermsForm",
    "asks_for_name",
    "initial_of",
    "terms_of",
]
