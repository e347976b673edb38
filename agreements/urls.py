"""Addresses of the agreements."""

from django.urls import path

from agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.AgreementList.as_view(), name="agreement_list"),
    path("<int:pk>/", views.AgreementDetail.as_view(), name="agreement_detail"),
]
