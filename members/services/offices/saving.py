"""What is noted when somebody takes an office's contact details out of the portal."""

from django.db import transaction

from core import audit
from core.errors import require
from members import rules
from members.enums import Action, ContactUse
from members.models import Office, Seat


@transaction.atomic
def save_contact(office: Office, *, by: Seat, how: ContactUse) -> Office:
    """Notes that ``by`` has saved or printed the contact details of ``office``.

    Raises ``NotAllowed`` for a seat that is not held today.
    """
    require(rules.is_current(by, office))
    audit.record(Action.SAVE_CONTACT, office, by=by, reason=how.label)
    return office
