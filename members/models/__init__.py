"""The tables of the members' room."""

from members.models.offices import Membership, Office
from members.models.organizations import Coverage, CoverageException, Organization, Theme
from members.models.register import Municipality, MunicipalityChange, Prefecture
from members.models.users import Seat, User

__all__ = [
    "Coverage",
    "CoverageException",
    "Membership",
    "Municipality",
    "MunicipalityChange",
    "Office",
    "Organization",
    "Prefecture",
    "Seat",
    "Theme",
    "User",
]
