"""Addresses of this room."""

from django.urls import path

from proposals import views

app_name = "proposals"
urlpatterns = [
    path("", views.ProposalList.as_view(), name="proposal_list"),
    path("export.<str:ending>", views.ProposalExport.as_view(), name="proposal_export"),
    path("new/", views.ProposalCreate.as_view(), name="proposal_create"),
    path("<int:pk>/", views.ProposalDetail.as_view(), name="proposal_detail"),
    path("<int:pk>/update/", views.ProposalUpdate.as_view(), name="proposal_update"),
    path("<int:pk>/print/", views.ProposalPrint.as_view(), name="proposal_print"),
    path("<int:pk>/delete/", views.ProposalDelete.as_view(), name="proposal_delete"),
    path("<int:pk>/withdraw/", views.ProposalWithdraw.as_view(), name="proposal_withdraw"),
    path("<int:pk>/history/", views.ProposalHistory.as_view(), name="proposal_history"),
    path("<int:pk>/replies/new/", views.ReplyCreate.as_view(), name="reply_create"),
]
