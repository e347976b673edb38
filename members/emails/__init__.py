"""The mails of this room, one function each."""

from members.emails.campaign import (
    Asking,
    confirmation_letter,
    send_renewed_confirmation,
    send_trial_confirmation,
)
from members.emails.joining.applications import (
    CORRECTION,
    ask_correction,
    tell_application_code,
    tell_applied,
    tell_approved,
    tell_cancelled,
    tell_rejected,
)
from members.emails.joining.welcomes import send_welcome
from members.emails.offices import tell_moved_office
from members.emails.people.accounts import tell_reset_factors, tell_reset_shared
from members.emails.people.logins import (
    tell_changed_login,
    tell_new_login,
    tell_objection,
    tell_settled_login,
)
from members.emails.seats.handovers import (
    send_handover,
    tell_accepted_handover,
    tell_declined_handover,
    tell_expired_handover,
    tell_new_person,
    tell_started_handover,
)
from members.emails.seats.invitations import (
    send_invitation,
    tell_accepted_invitation,
    tell_declined_invitation,
)
from members.emails.seats.seats import tell_changed_seat, tell_ended_seat, tell_taken_over_seat

__all__ = [
    "CORRECTION",
    "Asking",
    "ask_correction",
    "confirmation_letter",
    "send_handover",
    "send_invitation",
    "send_renewed_confirmation",
    "send_trial_confirmation",
    "send_welcome",
    "tell_accepted_handover",
    "tell_accepted_invitation",
    "tell_application_code",
    "tell_applied",
    "tell_approved",
    "tell_cancelled",
    "tell_changed_login",
    "tell_changed_seat",
    "tell_declined_handover",
    "tell_declined_invitation",
    "tell_ended_seat",
    "tell_expired_handover",
    "tell_moved_office",
    "tell_new_login",
    "tell_new_person",
    "tell_objection",
    "tell_rejected",
    "tell_reset_factors",
    "tell_reset_shared",
    "tell_settled_login",
    "tell_started_handover",
    "tell_taken_over_seat",
]
