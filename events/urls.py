"""Addresses of the events."""

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("", views.EventList.as_view(), name="event_list"),
    path("export.<str:ending>", views.EventExport.as_view(), name="event_export"),
    path("<int:pk>/", views.EventDetail.as_view(), name="event_detail"),
    path(
        "collaborations/<int:pk>/",
        views.CollaborationEvents.as_view(),
        name="collaboration_events",
    ),
]
