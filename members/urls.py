"""Addresses of this room."""

from django.urls import path

from members.views import offices, people

app_name = "members"
urlpatterns = [
    path("offices/<int:pk>/", offices.OfficeDetail.as_view(), name="office_detail"),
    path("offices/<int:pk>/update/", offices.OfficeUpdate.as_view(), name="office_update"),
    path("offices/<int:pk>/confirm/", offices.OfficeConfirm.as_view(), name="office_confirm"),
    path("account/passkey/", people.PasskeyLogin.as_view(), name="passkey_login"),
    path("account/name/", people.PersonUpdate.as_view(), name="person_update"),
]
