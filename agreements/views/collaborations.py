"""The joint projects: their list under conditions, the list for Excel, and one of them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import DetailView, ListView
from rules import has_perm

from agreements import rules
from agreements.following import beginnings_of
from agreements.forms import CollaborationFilterForm
from agreements.models import Collaboration
from agreements.queries import collaborations as queries
from agreements.querysets import CollaborationQuerySet
from agreements.sheets.collaborations import COLUMNS
from core.sheets import Sheet
from core.views import NearestPageMixin, PublicMixin, QueryFormMixin, SheetView
from members.models import Seat
from members.views.acting import for_seat

PAGE_SIZE = 20
ROWS_AT_ONCE = 500


class ListedMixin:
    """The joint projects that meet the conditions in the address, the latest start first."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Collaboration.objects.visible_to(request.user)
        self.form = CollaborationFilterForm(request.GET, years=queries.years_of(visible))
        self.form.is_valid()

    def listed(self) -> CollaborationQuerySet:
        found = queries.found(self.request.user, self.form.conditions)
        return queries.latest_first(found)


class CollaborationList(PublicMixin, ListedMixin, NearestPageMixin, QueryFormMixin, ListView):
    """The list, with how many joint projects each choice would give."""

    template_name = "agreements/collaboration_list.html"
    context_object_name = "collaborations"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> CollaborationQuerySet:
        return queries.with_bodies(self.listed())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, conditions = self.request.user, self.form.conditions
        self.form.show_counts("origin", queries.origin_counts(user, conditions))
        self.form.show_counts("status", queries.status_counts(user, conditions))
        return super().get_context_data(
            form=self.form,
            chips=[(label, self.without(name, value)) for name, value, label in self.form.chosen()],
            clear_url=self.request.path,
            create_url=create_url(user),
            reads_grants=any(map(rules.lists_grants, seats_of(user))),
            **kwargs,
        )

    def without(self, name: str, value: str) -> str:
        """The address of the list without one of its conditions."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [item for item in query.getlist(name) if item != value])
        if name == "q":
            del query["q"]
        return f"{self.request.path}?{query.urlencode()}".removesuffix("?")


class CollaborationExport(PublicMixin, ListedMixin, SheetView):
    """The joint projects of the list as a file for Excel."""

    def get_sheet(self) -> Sheet:
        rows = queries.with_all(self.listed(), self.request.user)
        return Sheet("連携事業", COLUMNS, rows.iterator(chunk_size=ROWS_AT_ONCE))


class CollaborationDetail(PublicMixin, DetailView):
    """One joint project, with everything that the record holds of it and visitors may see."""

    template_name = "agreements/collaboration_detail.html"
    context_object_name = "collaboration"

    def get_queryset(self) -> CollaborationQuerySet:
        user = self.request.user
        return queries.with_all(Collaboration.objects.visible_to(user), user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actions = self.actions()
        reports = list(self.object.year_reports.visible_to(self.request.user))
        # Who writes them sees them all: where each year has one, there is none left to write.
        if {report.fiscal_year for report in reports}.issuperset(self.object.fiscal_years):
            actions.pop("report", None)
        return super().get_context_data(
            reports=reports,
            actions=actions,
            beginnings=beginnings_of(self.object, self.request.user),
            **kwargs,
        )

    def actions(self) -> dict[str, str]:
        """Where the reader may change the joint project, by the verb of each action."""
        user, project = self.request.user, self.object
        seat = writing_seat(user, project)
        return {
            verb: for_seat(reverse(name, args=[project.pk]), seat)
            for verb, (permission, name) in _PAGES.items()
            if has_perm(f"agreements.{permission}_collaboration", user, project)
        }


# What a ward may do, the permission that each asks for, and its page.
_PAGES = {
    "change": ("change", "agreements:collaboration_update"),
    "link": ("change", "events:collaboration_events"),
    "publish": ("publish", "agreements:collaboration_publish"),
    "start": ("start", "agreements:collaboration_start"),
    "end": ("end", "agreements:collaboration_end"),
    "cancel": ("cancel", "agreements:collaboration_cancel"),
    "report": ("report", "agreements:report_create"),
}


def seats_of(user) -> list[Seat]:
    """The current seats of the reader, who may be anybody."""
    return user.current_seats if user.is_authenticated else []


def writing_seat(user, collaboration: Collaboration) -> Seat | None:
    """The first of the reader's seats that writes ``collaboration``."""
    return next((seat for seat in seats_of(user) if rules.writes_it(seat, collaboration)), None)


def create_url(user) -> str:
    """Where the reader may register a joint project; empty for those who only read."""
    seat = next((seat for seat in seats_of(user) if rules.may_add(seat)), None)
    return for_seat(reverse("agreements:collaboration_create"), seat) if seat else ""
