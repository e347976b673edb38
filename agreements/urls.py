"""Addresses of the agreements and the joint projects."""

from django.urls import path

from agreements.views import (
    agreements,
    collaboration_forms,
    collaboration_moves,
    collaborations,
    report_forms,
    reports,
)

app_name = "agreements"
urlpatterns = [
    path("agreements/", agreements.AgreementList.as_view(), name="agreement_list"),
    path(
        "agreements/export.<str:ending>",
        agreements.AgreementExport.as_view(),
        name="agreement_export",
    ),
    path("agreements/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement_detail"),
    path("collaborations/", collaborations.CollaborationList.as_view(), name="collaboration_list"),
    path(
        "collaborations/export.<str:ending>",
        collaborations.CollaborationExport.as_view(),
        name="collaboration_export",
    ),
    path(
        "collaborations/new/",
        collaboration_forms.CollaborationCreate.as_view(),
        name="collaboration_create",
    ),
    path(
        "collaborations/<int:pk>/",
        collaborations.CollaborationDetail.as_view(),
        name="collaboration_detail",
    ),
    path(
        "collaborations/<int:pk>/update/",
        collaboration_forms.CollaborationUpdate.as_view(),
        name="collaboration_update",
    ),
    path(
        "collaborations/<int:pk>/publish/",
        collaboration_moves.CollaborationPublish.as_view(),
        name="collaboration_publish",
    ),
    path(
        "collaborations/<int:pk>/start/",
        collaboration_moves.CollaborationStart.as_view(),
        name="collaboration_start",
    ),
    path(
        "collaborations/<int:pk>/end/",
        collaboration_moves.CollaborationEnd.as_view(),
        name="collaboration_end",
    ),
    path(
        "collaborations/<int:pk>/cancel/",
        collaboration_moves.CollaborationCancel.as_view(),
        name="collaboration_cancel",
    ),
    path(
        "collaborations/<int:pk>/reports/new/",
        report_forms.ReportCreate.as_view(),
        name="report_create",
    ),
    path(
        "collaborations/reports/export.<str:ending>",
        reports.ReportExport.as_view(),
        name="report_export",
    ),
    path(
        "collaborations/grants/export.<str:ending>",
        reports.GrantExport.as_view(),
        name="grant_export",
    ),
    path("year-reports/<int:pk>/", reports.ReportDetail.as_view(), name="report_detail"),
    path(
        "year-reports/<int:pk>/update/", report_forms.ReportUpdate.as_view(), name="report_update"
    ),
    path(
        "year-reports/<int:pk>/submit/", report_forms.ReportSubmit.as_view(), name="report_submit"
    ),
    path(
        "year-reports/<int:pk>/delete/", report_forms.ReportDelete.as_view(), name="report_delete"
    ),
]
