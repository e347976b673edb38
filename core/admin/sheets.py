"""Every list as a table for Excel, as it is filtered."""

from collections.abc import Sequence

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse

from core.dates import today
from core.sheets import Column, csv_response

_CHUNK = 500


class SheetMixin:
    """Mixed into a model's admin: 「CSVをダウンロード」 with ``sheet_columns``.

    ``sheet_related`` names what the columns read beyond what the list reads.
    """

    sheet_columns: Sequence[Column] = ()
    sheet_related: tuple[str, ...] = ()

    def get_urls(self) -> list:
        export = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export.csv", export, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The rows of the list with the same query string, all pages of it.

        A query string that the list does not understand leads back to the whole list.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(self.url_name("changelist"))
        rows = listed.queryset
        if self.sheet_related:  # without names, Django would follow every relation
            rows = rows.select_related(*self.sheet_related)
        filename = f"{self.opts.verbose_name_plural}_{today().isoformat()}.csv"
        return csv_response(filename, self.sheet_columns, rows.iterator(chunk_size=_CHUNK))

    def changelist_view(self, request: HttpRequest, extra_context=None):
        """Django's list, with the address of its download."""
        url = reverse(self.url_name("export"))
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context = {"export_url": f"{url}{query}", **(extra_context or {})}
        return super().changelist_view(request, context)
