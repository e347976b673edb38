"""会員名簿: the organizations that take part, with whom to call."""

from typing import Any

from django.http import HttpRequest
from django.views.generic import ListView

from core.dates import today
from core.sheets import Sheet
from core.views import NearestPageMixin, QueryFormMixin, SheetView
from members.querysets import OrganizationQuerySet
from members.views.acting import SeatMixin
from portal import directory
from portal.forms import DirectoryFilterForm
from portal.sheets.directory import COLUMNS

PAGE_SIZE = 25


class DirectoryMixin(SeatMixin):
    """The organizations that meet the conditions in the address, in the order it asks for."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.form = DirectoryFilterForm(request.GET)
        self.form.is_valid()
        self.sort = request.GET.get("sort", directory.CODE)

    def bodies(self) -> OrganizationQuerySet:
        found = directory.found(self.form.conditions, today())
        bodies = directory.ordered(found, self.sort).select_related("municipality", "prefecture")
        return bodies.prefetch_related("themes")


class Directory(DirectoryMixin, NearestPageMixin, QueryFormMixin, ListView):
    """会員名簿, some on each page."""

    template_name = "portal/directory.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> OrganizationQuerySet:
        return self.bodies()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, **kwargs)
        bodies = context["page_obj"].object_list
        self.form.show_counts("kind", directory.kind_counts(self.form.conditions, today()))
        return context | {
            "rows": directory.listed(bodies, self.request.user, today()),
            "chips": [
                (label, self.without(name, value)) for name, value, label in self.form.chosen()
            ],
            "clear_url": self.request.path,
            "sorts": self.sorts(),
        }

    def sorts(self) -> list[tuple[str, str, bool]]:
        """The orders to choose from: label, address, and whether it is the present one."""
        by_kana = self.sort == directory.KANA
        return [
            ("団体コード順", self.address(sort=None), not by_kana),
            ("読みがな順", self.address(sort=directory.KANA), by_kana),
        ]

    def without(self, name: str, value: str) -> str:
        """The address of the list without one of its conditions."""
        left = [item for item in self.request.GET.getlist(name) if item != value]
        return self.address(**{name: left if name != "q" else None})

    def address(self, **changes: Any) -> str:
        """The first page of the list with ``changes`` to what was asked; None drops a key."""
        query = self.request.GET.copy()
        for name, value in {"page": None, **changes}.items():
            query.pop(name, None)
            if value is not None:
                query.setlist(name, value if isinstance(value, list) else [value])
        return f"{self.request.path}?{query.urlencode()}".removesuffix("?")


class DirectoryExport(DirectoryMixin, SheetView):
    """会員名簿 as filtered, all pages of it, as a file for Excel: without anybody's contacts.

    Those leave the portal on a stated purpose only (``core.admin.purpose``).
    """

    def get_sheet(self) -> Sheet:
        rows = directory.listed(self.bodies(), self.request.user, today())
        return Sheet("会員名簿", COLUMNS, rows)
