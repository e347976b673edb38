"""Tables that were exported, edited in Excel and read back: what is refused, and carrying it out."""

from members.services.edited.importing import EditedTable, import_edited
from members.services.edited.memberships import MEMBERSHIP_EDITS
from members.services.edited.offices import OFFICE_EDITS
from members.services.edited.organizations import ORGANIZATION_EDITS
from members.services.edited.seats import SEAT_EDITS, STAFF_SEAT

__all__ = [
    "MEMBERSHIP_EDITS",
    "OFFICE_EDITS",
    "ORGANIZATION_EDITS",
    "SEAT_EDITS",
    "STAFF_SEAT",
    "EditedTable",
    "import_edited",
]
