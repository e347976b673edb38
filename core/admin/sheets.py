"""Every list as a file for Excel, as it is filtered."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from core.admin.purpose import SheetWithPurpose
from core.sheets import Column, Format, Sheet, sheet_response
from core.templatetags.downloads import export_url, in_shift_jis
from core.templatetags.navigation import replaced

_CHUNK = 500


class SheetMixin:
    """Mixed into a model's admin: the list as an Excel or CSV file with ``sheet_columns``.

    ``sheet_related`` names what the columns read beyond what the list reads. Where the rows
    hold personal contacts (``holds_contacts``), the file comes on a stated purpose only
    (``core.admin.purpose``).
    """

    sheet_columns: Sequence[Column] = ()
    sheet_related: tuple[str, ...] = ()
    holds_contacts = False

    def get_urls(self) -> list:
        view: Any = (
            SheetWithPurpose.as_view(model_admin=self) if self.holds_contacts else self.export_view
        )
        export = self.admin_site.admin_view(view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export.<str:ending>", export, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """The rows of the list with the same query string, all pages of it.

        A query string that the list does not understand leads back to the whole list.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        encoding = request.GET.get("encoding", "")
        try:
            listed = self.get_listed(request)
        except IncorrectLookupParameters:
            return redirect(self.url_name("changelist"))
        return sheet_response(self.get_sheet(listed), ending, encoding)

    def get_listed(self, request: HttpRequest) -> ChangeList:
        """The list that an export is of. Raises ``IncorrectLookupParameters``."""
        request.GET = replaced(request.GET, {"encoding": None})  # to the list, an unknown filter
        return self.get_changelist_instance(request)

    def get_sheet(self, listed: ChangeList) -> Sheet:
        """All the rows of ``listed``, not only those of its page."""
        rows = listed.queryset
        if self.sheet_related:  # without names, Django would follow every relation
            rows = rows.select_related(*self.sheet_related)
        return Sheet(
            str(self.opts.verbose_name_plural),
            list(self.sheet_columns),
            rows.iterator(chunk_size=_CHUNK),
        )

    def changelist_view(self, request: HttpRequest, extra_context=None):
        """Django's list, with the addresses of its files."""
        name = self.url_name("export")
        exports = [
            (ending.label, export_url(name, ending, request.GET))
            for ending in (Format.XLSX, Format.CSV)
        ]
        exports.append(("CSV（Shift_JIS）", in_shift_jis(exports[-1][1])))
        return super().changelist_view(request, {"exports": exports, **(extra_context or {})})
