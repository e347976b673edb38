"""Addresses of files. No name of a file stands in them: addresses are written into logs."""

from django.urls import path

from core.files import views

urlpatterns = [
    path("<uuid:key>/", views.AttachmentFile.as_view(), name="attachment_file"),
    path("<uuid:key>/thumbnail/", views.AttachmentThumbnail.as_view(), name="attachment_thumbnail"),
]
