"""あゆみ: the whole record as one chronology, a fiscal year of it, and both as a file."""

from typing import Any

from django.http import Http404, QueryDict
from django.views.generic import TemplateView

from core import dates
from core.sheets import Sheet
from core.views import PublicMixin, SheetView
from portal import timeline
from portal.timeline.sheet import COLUMNS


class Timeline(PublicMixin, TemplateView):
    """Every happening of the record, or those of one ``?kind=講演会``, by fiscal year."""

    template_name = "portal/timeline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = timeline.chronology(self.request.user, dates.today())
        kind = self.request.GET.get("kind", "")
        shown = of_kind(entries, kind)
        timeline.fill(shown)
        return super().get_context_data(
            kind=kind,
            kinds=timeline.count_kinds(entries),
            total=len(shown),
            years=timeline.by_year(shown),
            **kwargs,
        )


class TimelineYear(PublicMixin, TemplateView):
    """One fiscal year, with the sources of what it tells.

    A year without entries says so while it lies between the first one and today's; 404
    otherwise.
    """

    template_name = "portal/timeline_year.html"

    def get_context_data(self, year: int, **kwargs: Any) -> dict[str, Any]:
        today = dates.today()
        this_year = dates.fiscal_year_of(today)
        years = timeline.by_year(timeline.chronology(self.request.user, today))
        dated = {found.year: found for found in years if found.year is not None}
        if not min(dated, default=this_year) <= year <= this_year:
            raise Http404("no fiscal year of the record")
        shown = dated.get(year, timeline.Year(year, []))
        timeline.fill(shown.entries, sources=True)
        return super().get_context_data(
            shown=shown,
            earlier=dated.get(max((other for other in dated if other < year), default=None)),
            later=dated.get(min((other for other in dated if other > year), default=None)),
            sources=timeline.cite(shown.entries),
            conditions=QueryDict(f"year={year}"),
            **kwargs,
        )


class TimelineExport(PublicMixin, SheetView):
    """The entries as the page shows them: all, of one ``?kind=``, of one ``?year=2016``."""

    def get_sheet(self) -> Sheet:
        entries = timeline.chronology(self.request.user, dates.today())
        asked = self.request.GET
        shown = of_year(of_kind(entries, asked.get("kind", "")), asked.get("year", ""))
        timeline.fill(shown, sources=True)
        return Sheet("あゆみ", COLUMNS, shown)


def of_kind(entries: list[timeline.Entry], kind: str) -> list[timeline.Entry]:
    """The entries of ``kind``, all when it is empty. Raises ``Http404`` for a kind that is none."""
    if kind and kind not in timeline.KINDS:
        raise Http404("no such kind of entry")
    return [entry for entry in entries if not kind or kind in entry.kinds]


def of_year(entries: list[timeline.Entry], year: str) -> list[timeline.Entry]:
    """The entries of the fiscal year ``year``, all when it is empty.

    Raises ``Http404`` for a year that has none.
    """
    found = [entry for entry in entries if entry.place and str(entry.fiscal_year) == year]
    if year and not found:
        raise Http404("no entry in this fiscal year")
    return found if year else entries
