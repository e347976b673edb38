"""The tables of the members' room."""

from members.models.applications import Application, ApplicationPerson
from members.models.campaigns import Campaign, Confirmation
from members.models.invitations import Handover, Invitation
from members.models.offices import Membership, Office, OfficeRename
from members.models.organizations import (
    Coverage,
    CoverageException,
    Organization,
    ProfileLink,
    Theme,
)
from members.models.register import Municipality, MunicipalityChange, Prefecture
from members.models.successions import Succession
from members.models.users import LoginChange, Seat, TermsAcceptance, User

__all__ = [
    "Application",
    "ApplicationPerson",
    "Campaign",
    "Confirmation",
    "Coverage",
    "CoverageException",
    "Handover",
    "Invitation",
    "LoginChange",
    "Membership",
    "Municipality",
    "MunicipalityChange",
    "Office",
    "OfficeRename",
    "Organization",
    "Prefecture",
    "ProfileLink",
    "Seat",
    "Succession",
    "TermsAcceptance",
    "Theme",
    "User",
]
