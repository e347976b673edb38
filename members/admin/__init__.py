"""The admin of the members' room."""

from members.admin.groups import GroupAdmin
from members.admin.offices import OfficeAdmin
from members.admin.organizations import MembershipAdmin, OrganizationAdmin, ThemeAdmin
from members.admin.people import SeatAdmin, UserAdmin
from members.admin.register import MunicipalityAdmin, MunicipalityChangeAdmin, PrefectureAdmin

__all__ = [
    "GroupAdmin",
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
