"""The events: what is coming, what has been, and everything the record holds of one."""

from typing import Any

from django.http import Http404
from django.views.generic import DetailView, TemplateView

from core import dates
from core.views import PublicMixin
from events import queries
from events.enums import EventKind
from events.models import Event

# In the address, for past events whose dates leave the fiscal year open.
UNSURE = "unknown"


class EventList(PublicMixin, TemplateView):
    """Coming events, then the past ones of one fiscal year: the latest, or ``?year=2024``.

    ``?kind=講演会`` leaves one kind in both. A year or kind that no past event has is 404.
    """

    template_name = "events/event_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, kind = dates.today(), self.request.GET.get("kind", "")
        if kind and kind not in EventKind:
            raise Http404("no such kind of event")
        visible = Event.objects.visible_to(self.request.user)
        past = visible.past(today).real()
        archive = queries.archive_of(past, kind)
        year = self.chosen_year(archive)
        return super().get_context_data(
            kind=kind,
            archive=archive,
            year=year,
            coming=visible.coming(today).of_kind(kind),
            past=queries.listed(past, archive.ids.get(year, [])),
            UNSURE=UNSURE,
            **kwargs,
        )

    def chosen_year(self, archive: queries.Archive) -> int | None:
        """The fiscal year asked for, or the latest one that has events."""
        asked = self.request.GET.get("year", "")
        if not asked:
            return archive.years[0][0] if archive.years else None
        known = {UNSURE if year is None else str(year): year for year in archive.ids}
        if asked not in known:
            raise Http404("no past event in this fiscal year")
        return known[asked]


class EventDetail(PublicMixin, DetailView):
    """One event, with everything that the record holds of it and visitors may see."""

    template_name = "events/event_detail.html"
    context_object_name = "event"

    def get_queryset(self):
        return queries.with_bodies(Event.objects.visible_to(self.request.user)).prefetch_related(
            "themes"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        return super().get_context_data(
            role_groups=queries.role_groups(event),
            agreements=event.agreements.visible_to(self.request.user),
            **kwargs,
        )
