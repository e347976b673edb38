"""The relief given to municipalities struck by disasters."""

from typing import Any

from django.views.generic import DetailView, ListView

from chronicle import queries
from chronicle.models import Disaster, Milestone, Relief
from chronicle.sheets import RELIEF_COLUMNS
from core import dates
from core.sheets import Sheet
from core.views import PublicMixin, SheetView


class ReliefList(PublicMixin, ListView):
    """The newsletter's table, and what it comes to by kind, year and prefecture."""

    template_name = "chronicle/relief_list.html"
    context_object_name = "disasters"

    def get_queryset(self):
        return queries.with_reliefs(Disaster.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = dates.today()
        years = queries.relief_by_year(today)
        return super().get_context_data(
            rows=[queries.Given.after(disaster) for disaster in self.object_list],
            kinds=queries.relief_by_kind(today),
            years=years,
            total=sum(year.disasters for year in years),
            prefectures=queries.relief_by_prefecture(today),
            **kwargs,
        )


class DisasterDetail(PublicMixin, DetailView):
    """One disaster: every row of support, and what has been published about it."""

    template_name = "chronicle/disaster_detail.html"
    context_object_name = "disaster"

    def get_queryset(self):
        disasters = Disaster.objects.visible_to(self.request.user)
        return queries.with_sources(queries.with_reliefs(disasters))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = queries.Given.after(self.object)
        milestones = Milestone.objects.visible_to(self.request.user)
        return super().get_context_data(
            given=given,
            stated_figures=queries.stated_figures_of(self.object),
            milestones=milestones.filter(disasters=self.object),
            sources=queries.sources_of(given),
            **kwargs,
        )


class ReliefExport(PublicMixin, SheetView):
    """Every row of support, in the order of the list."""

    def get_sheet(self) -> Sheet:
        reliefs = Relief.objects.visible_to(self.request.user).select_related("disaster")
        rows = reliefs.prefetch_related("recipients__prefecture", "recipients__municipality")
        return Sheet("被災地支援", RELIEF_COLUMNS, rows)
