"""The events: what is coming, what has been, and everything the record holds of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView

from agreements import rules
from agreements.views.one import OneCollaborationMixin
from core import dates
from core.sheets import Sheet
from core.views import ActionFormView, PublicMixin, SheetView, posted_version
from events import queries, services
from events.enums import EventKind
from events.forms import EventsForm
from events.models import Event
from events.querysets import EventQuerySet
from events.sheets import COLUMNS
from events.views.announcing import actions_of, create_url

LINKED = "連携事業のイベントを保存しました。"
# In the address, for past events whose dates leave the fiscal year open.
UNSURE = "unknown"


class ArchiveMixin(PublicMixin):
    """The events that the address asks for: ``?kind=講演会&year=2024``.

    The kind leaves out others among the coming and the past ones, the year is that of past
    ones. A year or kind that no past event has is 404.
    """

    @cached_property
    def kind(self) -> str:
        """The kind asked for, or empty."""
        kind = self.request.GET.get("kind", "")
        if kind and kind not in EventKind:
            raise Http404("no such kind of event")
        return kind

    @cached_property
    def coming(self) -> EventQuerySet:
        visible = Event.objects.visible_to(self.request.user)
        return visible.coming(dates.today()).of_kind(self.kind)

    @cached_property
    def past(self) -> EventQuerySet:
        return Event.objects.visible_to(self.request.user).past(dates.today()).real()

    @cached_property
    def archive(self) -> queries.Archive:
        return queries.archive_of(self.past, self.kind)

    @property
    def is_year_asked(self) -> bool:
        return bool(self.request.GET.get("year"))

    def asked_year(self) -> int | None:
        """The fiscal year asked for; None for the events that lie in none for certain."""
        known = {UNSURE if year is None else str(year): year for year in self.archive.ids}
        asked = self.request.GET["year"]
        if asked not in known:
            raise Http404("no past event in this fiscal year")
        return known[asked]


class EventList(ArchiveMixin, TemplateView):
    """Coming events, then the past ones of one fiscal year: the latest, or the one asked for."""

    template_name = "events/event_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        archive, year = self.archive, self.chosen_year()
        return super().get_context_data(
            kind=self.kind,
            archive=archive,
            year=year,
            coming=self.coming,
            past=queries.listed(self.past, archive.ids.get(year, [])),
            UNSURE=UNSURE,
            unpublished=Event.objects.unpublished_of(self.request.user),
            create_url=create_url(self.request.user),
            **kwargs,
        )

    def chosen_year(self) -> int | None:
        """The fiscal year asked for, or the latest one that has events."""
        if self.is_year_asked:
            return self.asked_year()
        return self.archive.years[0][0] if self.archive.years else None


class EventExport(ArchiveMixin, SheetView):
    """As a file for Excel: the past events of the year asked for, or without one all events."""

    def get_sheet(self) -> Sheet:
        user, years = self.request.user, self.archive.ids
        asked = [self.asked_year()] if self.is_year_asked else years
        ids = [pk for year in asked for pk in years[year]]
        coming = [] if self.is_year_asked else queries.with_all(self.coming, user)
        past = queries.listed(queries.with_all(self.past, user), ids)
        return Sheet("イベント", COLUMNS, [*coming, *past])


class EventDetail(PublicMixin, DetailView):
    """One event, with everything that the record holds of it and visitors may see."""

    template_name = "events/event_detail.html"
    context_object_name = "event"

    def get_queryset(self):
        rows = Event.objects.readable_by(self.request.user).select_related("owner__prefecture")
        return queries.with_bodies(rows).prefetch_related("themes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        return super().get_context_data(
            actions=actions_of(event, self.request.user),
            role_groups=queries.role_groups(event),
            agreements=event.agreements.visible_to(self.request.user),
            collaborations=event.collaborations.visible_to(self.request.user),
            timeline_year=None if event.is_sample else event.when.past_year(dates.today()),
            **kwargs,
        )


class CollaborationEvents(OneCollaborationMixin, ActionFormView):
    """A ward says which events belong to its joint project."""

    rule = staticmethod(rules.writes_it)
    form_class = EventsForm
    template_name = "events/collaboration_events.html"

    def get_initial(self) -> dict[str, Any]:
        return {"events": self.collaboration.events.visible_to(self.request.user)}

    def get_form_kwargs(self) -> dict[str, Any]:
        linkable = queries.linkable_to(self.collaboration, self.request.user)
        return {**super().get_form_kwargs(), "linkable": linkable}

    def perform(self, form: EventsForm) -> str:
        chosen, version = form.cleaned_data["events"], posted_version(self.request)
        services.link_events(self.collaboration, chosen, by=self.seat, version=version)
        messages.success(self.request, LINKED)
        return self.collaboration.get_absolute_url()
