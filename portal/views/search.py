"""The search over the whole site."""

from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from core.search.missed import note_missed
from core.views import PublicMixin, QueryFormMixin
from portal.forms import SiteSearchForm
from portal.search import counts_of, group_named, search

FOUND_PER_PAGE = 20


class SiteSearch(PublicMixin, QueryFormMixin, TemplateView):
    """``?q=`` in every kind of record, the first rows of each; ``&in=events``: all of one kind."""

    template_name = "portal/site_search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = SiteSearchForm(self.request.GET if "q" in self.request.GET else None)
        query = form.cleaned_data["q"] if form.is_valid() else ""
        results = self.results(query) if query else {}
        return super().get_context_data(form=form, query=query, **results, **kwargs)

    def results(self, query: str) -> dict[str, Any]:
        """The overview, or a page of one group beside the numbers of the others."""
        user = self.request.user
        group = group_named(self.request.GET.get("in", ""))
        found = counts_of(user, query) if group else search(user, query)
        results = {
            "found": found,
            "total": sum(part.count for part in found),
            "is_capped": any(part.is_capped for part in found),
        }
        if group is None:
            if not found:
                note_missed(query, "サイト内検索")
            return results
        page = Paginator(group.find(user, query), FOUND_PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        hits = [group.hit(row, query) for row in page]
        return {**results, "group": group, "page": page, "hits": hits}
