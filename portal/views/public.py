"""The pages that introduce the project, and find a municipality or any other body."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import DetailView, TemplateView

from agreements.queries import standing_on
from chronicle.enums import Metric
from chronicle.models import News, Page, StatedFigure
from chronicle.queries import latest_relief
from core import dates
from core.views import PublicMixin, QueryFormMixin
from events.models import Event
from members.models import Membership, Office, Organization, Prefecture
from members.rules import may_change_profile
from members.tiles import level_labels
from members.views.acting import for_seat
from portal import queries
from portal.forms import SearchForm
from portal.organizations import profile_of, record_of
from portal.timeline import landmarks

EVENTS_SHOWN = 3
NEWS_SHOWN = 4
RELIEF_SHOWN = 3
FOUND_PER_PAGE = 50


class Home(PublicMixin, TemplateView):
    """The map of agreements, the figures of today, what is coming, what is new, what was done."""

    template_name = "portal/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, dates.today()
        standing = standing_on(today)
        tiles = queries.tiles_of(standing)
        events = Event.objects.visible_to(user)
        coming = list(events.coming(today)[:EVENTS_SHOWN])
        return super().get_context_data(
            standing=standing,
            tiles=tiles,
            map_sentence=queries.map_sentence(tiles),
            connected=StatedFigure.objects.latest_of(Metric.CONNECTED_MUNICIPALITIES),
            events_are_coming=bool(coming),
            events=coming or list(events.past(today).real()[:EVENTS_SHOWN]),
            news_items=News.objects.visible_to(user).newest_first()[:NEWS_SHOWN],
            relief_given=latest_relief(RELIEF_SHOWN),
            landmarks=landmarks(),
            **kwargs,
        )


class About(PublicMixin, TemplateView):
    """What the project is, in the words of its own documents."""

    template_name = "portal/about.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            standing=standing_on(dates.today()), membership_page=membership_page(), **kwargs
        )


def membership_page() -> Page | None:
    """The page that explains how to become a member, once it may be linked."""
    return Page.objects.linked(unfinished=settings.EMBEDDED).filter(slug="membership").first()


class PrefectureList(PublicMixin, QueryFormMixin, TemplateView):
    """The 47 prefectures as a map of links, and a search over every body by its name."""

    template_name = "portal/prefecture_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = SearchForm(self.request.GET if "q" in self.request.GET else None)
        query = form.cleaned_data["q"] if form.is_valid() else ""
        standing = standing_on(dates.today())
        return super().get_context_data(
            form=form,
            query=query,
            found=found_page(self.request, query) if query else None,
            standing=standing,
            tiles=queries.tiles_of(standing),
            levels=level_labels(),
            stated_members=queries.stated_members(),
            **kwargs,
        )


def found_page(request: HttpRequest, query: str):
    """One page of the organizations named by ``query``."""
    found = Organization.objects.found_by(query).select_related("municipality", "prefecture")
    return Paginator(found, FOUND_PER_PAGE).get_page(request.GET.get("page"))


class MunicipalityList(PublicMixin, DetailView):
    """The municipalities of one prefecture."""

    template_name = "portal/municipality_list.html"
    context_object_name = "prefecture"
    queryset = Prefecture.objects.all()
    pk_url_kwarg = "code"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bodies = list(Organization.objects.filter(prefecture=self.object, municipality=None))
        return super().get_context_data(
            rows=queries.municipalities_of(self.object, dates.today()),
            own=next((body for body in bodies if body.is_prefecture), None),
            bodies=[body for body in bodies if not body.is_prefecture],
            **kwargs,
        )


class OrganizationDetail(PublicMixin, DetailView):
    """Any body that the record names: its profile, and what ties it to the project.

    Whoever holds a seat also finds the way to its offices; the public never sees them.
    """

    template_name = "portal/organization_detail.html"
    context_object_name = "organization"
    queryset = Organization.objects.select_related("municipality__prefecture", "prefecture")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body, user, today = self.object, self.request.user, dates.today()
        municipality = body.municipality
        is_there = bool(municipality) and municipality.is_there_on(today)
        return super().get_context_data(
            municipality=municipality,
            changes=queries.changes_of(municipality) if municipality else [],
            may_apply=is_there and body.may_be_member,
            membership=Membership.objects.on(today).filter(organization=body).first(),
            record=record_of(body, user, today),
            own_crumb=f"{body.name}（都道府県）" if body.is_prefecture else body.name,
            offices=Office.objects.visible_to(user).filter(organization=body),
            profile=profile_of(body),
            change_url=self.change_url(),
            today=today,
            **kwargs,
        )

    def change_url(self) -> str:
        """Where the reader changes the profile; empty for everybody else."""
        user = self.request.user
        seats = user.current_seats if user.is_authenticated else []
        seat = next((seat for seat in seats if may_change_profile(seat, self.object)), None)
        url = reverse("members:profile_update", args=[self.object.pk])
        return for_seat(url, seat) if seat else ""
