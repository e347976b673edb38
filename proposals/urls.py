"""Addresses of the board."""

from django.urls import path

from proposals import views

app_name = "proposals"
urlpatterns = [
    path("proposals/", views.ProposalList.as_view(), name="proposal_list"),
    path("proposals/export.<str:ending>", views.ProposalExport.as_view(), name="proposal_export"),
    path("proposals/grid/", views.ProposalGrid.as_view(), name="proposal_grid"),
    path(
        "proposals/grid/export.<str:ending>",
        views.ProposalGridExport.as_view(),
        name="proposal_grid_export",
    ),
    path("proposals/addressed/", views.AddressedList.as_view(), name="addressed_list"),
    path(
        "proposals/addressed/export.<str:ending>",
        views.AddressedExport.as_view(),
        name="addressed_export",
    ),
    path("proposals/new/", views.ProposalCreate.as_view(), name="proposal_create"),
    path("proposals/<int:pk>/", views.ProposalDetail.as_view(), name="proposal_detail"),
    path("proposals/<int:pk>/update/", views.ProposalUpdate.as_view(), name="proposal_update"),
    path("proposals/<int:pk>/print/", views.ProposalPrint.as_view(), name="proposal_print"),
    path("proposals/<int:pk>/delete/", views.ProposalDelete.as_view(), name="proposal_delete"),
    path(
        "proposals/<int:pk>/withdraw/", views.ProposalWithdraw.as_view(), name="proposal_withdraw"
    ),
    path("proposals/<int:pk>/close/", views.ProposalClose.as_view(), name="proposal_close"),
    path("proposals/<int:pk>/renew/", views.ProposalRenew.as_view(), name="proposal_renew"),
    path(
        "proposals/<int:pk>/stop-offers/",
        views.ProposalStopOffers.as_view(),
        name="proposal_stop_offers",
    ),
    path(
        "proposals/<int:pk>/resume-offers/",
        views.ProposalResumeOffers.as_view(),
        name="proposal_resume_offers",
    ),
    path(
        "proposals/<int:pk>/unrelate/", views.ProposalUnrelate.as_view(), name="proposal_unrelate"
    ),
    path("proposals/<int:pk>/report/", views.ProposalReport.as_view(), name="proposal_report"),
    path("proposals/<int:pk>/history/", views.ProposalHistory.as_view(), name="proposal_history"),
    path("proposals/<int:pk>/replies/new/", views.ReplyCreate.as_view(), name="reply_create"),
    path("proposals/<int:pk>/offers/new/", views.OfferCreate.as_view(), name="offer_create"),
    path("replies/<int:pk>/update/", views.ReplyUpdate.as_view(), name="reply_update"),
    path("replies/<int:pk>/report/", views.ReplyReport.as_view(), name="reply_report"),
    path("offers/drafts/<int:pk>/", views.OfferDraftDetail.as_view(), name="offer_draft_detail"),
    path(
        "offers/drafts/<int:pk>/delete/",
        views.OfferDraftDelete.as_view(),
        name="offer_draft_delete",
    ),
    path("offers/<int:pk>/", views.OfferDetail.as_view(), name="offer_detail"),
    path("offers/<int:pk>/messages/new/", views.MessageCreate.as_view(), name="message_create"),
    path("offers/<int:pk>/print/", views.OfferPrint.as_view(), name="offer_print"),
    path("offers/<int:pk>/start/", views.OfferStart.as_view(), name="offer_start"),
    path("offers/<int:pk>/accept/", views.OfferAccept.as_view(), name="offer_accept"),
    path("offers/<int:pk>/decline/", views.OfferDecline.as_view(), name="offer_decline"),
    path("offers/<int:pk>/step-down/", views.OfferStepDown.as_view(), name="offer_step_down"),
    path("offers/<int:pk>/ask/", views.OfferAsk.as_view(), name="offer_ask"),
]
