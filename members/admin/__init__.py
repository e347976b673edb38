"""The admin of the members' room."""

from members.admin.campaign.campaigns import CampaignAdmin
from members.admin.joining.applications import ApplicationAdmin
from members.admin.offices import OfficeAdmin
from members.admin.people.groups import GroupAdmin
from members.admin.people.logins import LoginChangeAdmin
from members.admin.people.people import SeatAdmin, UserAdmin
from members.admin.register.organizations import MembershipAdmin, OrganizationAdmin, ThemeAdmin
from members.admin.register.register import (
    MunicipalityAdmin,
    MunicipalityChangeAdmin,
    PrefectureAdmin,
)
from members.admin.seats.handovers import HandoverAdmin
from members.admin.seats.invitations import InvitationAdmin

__all__ = [
    "ApplicationAdmin",
    "CampaignAdmin",
    "GroupAdmin",
    "HandoverAdmin",
    "InvitationAdmin",
    "LoginChangeAdmin",
    "MembershipAdmin",
    "MunicipalityAdmin",
    "MunicipalityChangeAdmin",
    "OfficeAdmin",
    "OrganizationAdmin",
    "PrefectureAdmin",
    "SeatAdmin",
    "ThemeAdmin",
    "UserAdmin",
]
