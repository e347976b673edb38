"""Addresses of the events."""

from django.urls import path

from events.views import announcing, events

app_name = "events"
urlpatterns = [
    path("", events.EventList.as_view(), name="event_list"),
    path("new/", announcing.EventCreate.as_view(), name="event_create"),
    path("export.<str:ending>", events.EventExport.as_view(), name="event_export"),
    path("<int:pk>/", events.EventDetail.as_view(), name="event_detail"),
    path("<int:pk>/update/", announcing.EventUpdate.as_view(), name="event_update"),
    path("<int:pk>/delete/", announcing.EventDelete.as_view(), name="event_delete"),
    path(
        "collaborations/<int:pk>/",
        events.CollaborationEvents.as_view(),
        name="collaboration_events",
    ),
]
