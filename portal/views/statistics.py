"""統計・資料 for any day: the page, and each of its tables as a file."""

from typing import Any

from django.http import Http404, QueryDict
from django.views.generic import TemplateView

from core.sheets import Sheet
from core.views import AsOfMixin, PublicMixin, SheetView
from portal.statistics.page import page_of, table_of
from portal.statistics.prefectures import MapKind


class Statistics(PublicMixin, AsOfMixin, TemplateView):
    """The figures of today or of any day; ``?map=`` says what the map counts."""

    template_name = "portal/statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("map", "")
        kind = MapKind(asked) if asked in MapKind else MapKind.AGREEMENTS
        # The files are of the same day, and know nothing of the map's choice.
        query = QueryDict(f"on={self.day.isoformat()}" if self.is_asked else "")
        return super().get_context_data(
            page=page_of(self.day, kind), map_links=map_links(query), query=query, **kwargs
        )


def map_links(query: QueryDict) -> list[tuple[MapKind, str]]:
    """The choices of the map, each with its address for the same day."""
    links = []
    for kind in MapKind:
        choice = query.copy()
        choice["map"] = kind.value
        links.append((kind, f"?{choice.urlencode()}"))
    return links


class StatisticsExport(PublicMixin, AsOfMixin, SheetView):
    """The table of one figure, as the page shows it for the same day."""

    def get_sheet(self) -> Sheet:
        table = table_of(self.kwargs["figure"], self.day)
        if table is None:
            raise Http404("no such figure")
        return table.sheet
