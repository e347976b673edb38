"""Addresses of this room."""

from django.urls import path

from members.views import applications, offices, profiles, renames, saving
from members.views.people import logins, own_data, people, terms
from members.views.seats import (
    accepting,
    handover_sheets,
    handovers,
    invitations,
    succeeding,
    team,
)

app_name = "members"
urlpatterns = [
    path("join/", applications.ApplicationGuide.as_view(), name="application_guide"),
    path("join/<int:pk>/", applications.ApplicationCreate.as_view(), name="application_create"),
    path("join/done/<str:mark>/", applications.ApplicationDone.as_view(), name="application_done"),
    path("offices/<int:pk>/", offices.OfficeDetail.as_view(), name="office_detail"),
    path("offices/<int:pk>/update/", offices.OfficeUpdate.as_view(), name="office_update"),
    path("offices/<int:pk>/confirm/", offices.OfficeConfirm.as_view(), name="office_confirm"),
    path("offices/<int:pk>/rename/", renames.OfficeRename.as_view(), name="office_rename"),
    path(
        "offices/<int:pk>/rename/cancel/",
        renames.OfficeRenameCancel.as_view(),
        name="office_rename_cancel",
    ),
    path("offices/<int:pk>/contact.vcf", saving.OfficeVcard.as_view(), name="office_vcard"),
    path("offices/<int:pk>/contact/", saving.OfficePrint.as_view(), name="office_print"),
    path(
        "organizations/<int:pk>/profile/",
        profiles.ProfileUpdate.as_view(),
        name="profile_update",
    ),
    path("offices/<int:pk>/seats/", team.SeatList.as_view(), name="seat_list"),
    path(
        "offices/<int:pk>/invite/",
        invitations.InvitationCreate.as_view(),
        name="invitation_create",
    ),
    path("seats/<int:pk>/update/", team.SeatUpdate.as_view(), name="seat_update"),
    path("seats/<int:pk>/end/", team.SeatEnd.as_view(), name="seat_end"),
    path(
        "invitations/<int:pk>/resend/",
        invitations.InvitationResend.as_view(),
        name="invitation_resend",
    ),
    path(
        "invitations/<int:pk>/cancel/",
        invitations.InvitationCancel.as_view(),
        name="invitation_cancel",
    ),
    path(
        "invitations/<int:pk>/accept/",
        accepting.InvitationAccept.as_view(),
        name="invitation_accept",
    ),
    path(
        "invitations/<int:pk>/decline/",
        accepting.InvitationDecline.as_view(),
        name="invitation_decline",
    ),
    path("seats/<int:pk>/login/", logins.LoginReplace.as_view(), name="login_replace"),
    path("account/objected/", logins.LoginObjected.as_view(), name="login_objected"),
    path("account/disputed/", logins.LoginDisputed.as_view(), name="login_disputed"),
    path("account/terms/", terms.TermsAccept.as_view(), name="terms_accept"),
    path("account/terms/decline/", terms.TermsDecline.as_view(), name="terms_decline"),
    path("seats/<int:pk>/handover/", handovers.HandoverCreate.as_view(), name="handover_create"),
    path("handovers/<int:pk>/", handovers.HandoverDetail.as_view(), name="handover_detail"),
    path("handovers/<int:pk>/update/", handovers.HandoverUpdate.as_view(), name="handover_update"),
    path("handovers/<int:pk>/resend/", handovers.HandoverResend.as_view(), name="handover_resend"),
    path("handovers/<int:pk>/cancel/", handovers.HandoverCancel.as_view(), name="handover_cancel"),
    path("handovers/<int:pk>/accept/", succeeding.HandoverAccept.as_view(), name="handover_accept"),
    path(
        "handovers/<int:pk>/decline/",
        succeeding.HandoverDecline.as_view(),
        name="handover_decline",
    ),
    path(
        "handovers/<int:pk>/sheet/",
        handover_sheets.HandoverSheet.as_view(),
        name="handover_sheet",
    ),
    path("offices/<int:pk>/sheet/", handover_sheets.OfficeSheet.as_view(), name="office_sheet"),
    path("account/passkey/", people.PasskeyLogin.as_view(), name="passkey_login"),
    path("account/name/", people.PersonUpdate.as_view(), name="person_update"),
    path("account/data/", own_data.OwnData.as_view(), name="own_data"),
    path(
        "account/data/export.<str:ending>",
        own_data.OwnDataExport.as_view(),
        name="own_data_export",
    ),
]
