"""Tables of members and their people: what is imported, handed back, and who has come in."""

from members.sheets.edited import (
    MEMBERSHIP_SHEET,
    OFFICE_SHEET,
    ORGANIZATION_SHEET,
    SEAT_SHEET,
)
from members.sheets.joining import (
    FIELDS,
    LINE,
    NOT_READ,
    REASON,
    CodeField,
    Line,
    freshness_columns,
    lines_of,
    listed_seats,
    refused_sheet,
    starting_sheet,
    template_sheet,
)

__all__ = [
    "FIELDS",
    "LINE",
    "MEMBERSHIP_SHEET",
    "NOT_READ",
    "OFFICE_SHEET",
    "ORGANIZATION_SHEET",
    "REASON",
    "SEAT_SHEET",
    "CodeField",
    "Line",
    "freshness_columns",
    "lines_of",
    "listed_seats",
    "refused_sheet",
    "starting_sheet",
    "template_sheet",
]
