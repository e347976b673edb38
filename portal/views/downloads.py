"""The register as files for Excel."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from core import dates
from core.sheets import Sheet
from core.views import PublicMixin, SheetView
from members.models import Municipality, Organization, Prefecture
from members.querysets import OrganizationQuerySet
from portal.forms import SearchForm
from portal.register import register_rows
from portal.sheets.register import COLUMNS


class MunicipalityExport(PublicMixin, SheetView):
    """The municipalities of one prefecture, in the order of their codes."""

    def get_sheet(self) -> Sheet:
        prefecture = get_object_or_404(Prefecture, pk=self.kwargs["code"])
        today = dates.today()
        municipalities = Municipality.objects.on(today).filter(prefecture=prefecture)
        bodies = Organization.objects.filter(municipality__in=municipalities)
        rows = register_rows(bodies, today, self.request.user)
        return Sheet(f"{prefecture.name}の市区町村", COLUMNS, rows)


class OrganizationExport(PublicMixin, SheetView):
    """Every body there is, or those that ``?q=`` names: municipalities first, by their codes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.form = SearchForm(request.GET)
        return super().get(request, *args, **kwargs)

    def get_sheet(self) -> Sheet:
        rows = register_rows(self.bodies(), dates.today(), self.request.user)
        return Sheet("団体", COLUMNS, rows)

    def bodies(self) -> OrganizationQuerySet:
        """As the search page: it also finds a municipality that is no more."""
        if query := self.form.cleaned_data["q"]:
            return Organization.objects.found_by(query)
        standing = Municipality.objects.on(dates.today())
        return Organization.objects.filter(Q(municipality=None) | Q(municipality__in=standing))
