"""The admin of the members' room."""

from members.admin.applications import ApplicationAdmin
from members.admin.groups import GroupAdmin
from members.admin.handovers import HandoverAdmin
from members.admin.invitations import InvitationAdmin
from members.admin.logins import LoginChangeAdmin
from members.admin.offices import OfficeAdmin
from members.admin.organizations import MembershipAdmin, OrganizationAdmin, ThemeAdmin
from members.admin.people import SeatAdmin, UserAdmin
from members.admin.register import MunicipalityAdmin, MunicipalityChangeAdmin, PrefectureAdmin

__all__ = [
    "ApplicationAdmin",
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
