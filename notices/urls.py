"""Addresses of this room."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="notice_list"),
    path("notices/<int:pk>/", views.NoticeOpen.as_view(), name="notice_open"),
    path("notices/read/", views.NoticeRead.as_view(), name="notice_read"),
    path("notices/settings/", views.PreferenceUpdate.as_view(), name="preference_update"),
    path("notices/watches/new/", views.WatchCreate.as_view(), name="watch_create"),
    path("notices/watches/delete/", views.WatchDelete.as_view(), name="watch_delete"),
    path("unsubscribe/<str:token>/", views.Unsubscribe.as_view(), name="unsubscribe"),
]
