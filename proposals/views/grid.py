"""The grid of proposals and wards: all of it for the secretariat, for a ward its own column."""

from itertools import chain
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import ListView

from core import dates
from core.paging import KeyPaginator, page_number
from core.sheets import Sheet
from core.views import NearestPageMixin, QueryFormMixin, SheetView
from members.views.acting import SeatMixin, for_seat
from proposals import queries, rules
from proposals.enums import LIVE, ColumnPart, Standing, Sum
from proposals.forms import GridFilterForm
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet
from proposals.sheets import addressed_columns, grid_columns

LINES_ON_A_PAGE = 20
PAGE_SIZE = 20
# What each mark of the grid means; no other word stands beside it.
LEGEND = (
    (Standing.INTERESTED, "関心", "関心あり"),
    (Standing.TALKING, "協議", "協議中"),
    (Standing.ACCEPTED, "受諾", "申し出を受諾"),
    (Standing.DECLINED, "見送", "提案元が見送り"),
    (Standing.WITHDRAWN, "辞退", "区が辞退"),
    (Standing.REPLIED, "返信", "返信だけ"),
    (Standing.UNANSWERED, "12", "未回答（宛先になってからの日数）"),
    (Standing.SILENT, "なし", "回答がないまま受付が終了"),
    (Standing.AUTHOR, "提案", "提案元の区"),
    (Standing.NOT_ADDRESSED, "・", "宛先ではない区"),
)


class GridMixin(SeatMixin):
    """The proposals that meet the conditions in the address, and all wards.

    An address without any condition stands for those that go on; one with an empty condition
    (``?status=``) for all.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.asked = request.GET.copy()
        if not self.asked.keys() & GridFilterForm.base_fields.keys():
            self.asked.setlist("status", list(LIVE))
        self.asked.pop("page", None)
        # Where only all are asked for, the empty condition is none that a form knows.
        typed = self.asked.copy()
        typed.setlist("status", [value for value in typed.getlist("status") if value])
        self.form = GridFilterForm(typed)

    def admit(self) -> None:
        self.act_by(rules.may_view_grid, None)

    def found(self) -> ProposalQuerySet:
        self.form.is_valid()
        return queries.proposals_in_grid(self.request.user, self.form.conditions)


class ProposalGrid(GridMixin, NearestPageMixin, QueryFormMixin, ListView):
    """Proposals × wards, some proposals on each page."""

    template_name = "proposals/proposal_grid.html"
    context_object_name = "proposals"
    paginate_by = LINES_ON_A_PAGE

    def get_queryset(self) -> ProposalQuerySet:
        return self.found()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, asked=self.asked, **kwargs)
        user, wards = self.request.user, queries.wards_in_order()
        return {
            **context,
            "wards": wards,
            "lines": queries.lines_of(user, context["proposals"], wards),
            "totals": queries.totals_of(user, self.object_list, wards),
            "sums": Sum.labels,
            "legend": list(LEGEND),
            "today": dates.today(),
        }


class ProposalGridExport(GridMixin, SheetView):
    """The grid as filtered, all pages of it and what they come to, as a file for Excel."""

    def get_sheet(self) -> Sheet:
        user, found, wards = self.request.user, self.found(), queries.wards_in_order()
        lines = queries.all_lines(user, found, wards)
        rows = chain(lines, queries.totals_of(user, found, wards))
        return Sheet("連携提案と特別区", grid_columns(wards), rows)


class AddressedMixin(SeatMixin):
    """The part of a ward's own column that the address asks for."""

    def admit(self) -> None:
        self.act_by(rules.may_view_addressed, None)

    @property
    def part(self) -> ColumnPart:
        asked = self.request.GET.get("part", "")
        return ColumnPart(asked) if asked in ColumnPart.values else ColumnPart.UNANSWERED

    def column(self) -> ProposalQuerySet:
        return queries.column_of(self.request.user, self.seat.organization, self.part)


class AddressedList(AddressedMixin, ListView):
    """自分の区への提案: a ward's own column, with where it stands with each proposal."""

    template_name = "proposals/addressed_list.html"
    context_object_name = "proposals"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> ProposalQuerySet:
        return self.column()

    def paginate_queryset(
        self, column: ProposalQuerySet, page_size: int
    ) -> tuple[Paginator, Page, list[Proposal], bool]:
        keys = column.values_list("pk", flat=True)
        paginator = KeyPaginator(keys, page_size, page=page_number(self.request))
        page = paginator.get_page(self.request.GET.get("page"))
        rows = Proposal.objects.select_related("organization__municipality")
        found = rows.prefetch_related("themes").in_bulk(page.object_list)
        shown = [found[pk] for pk in page.object_list if pk in found]
        return paginator, page, shown, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, ward = self.request.user, self.seat.organization
        lines = queries.lines_of(user, context["proposals"], [ward])
        own_seats = [seat for seat in user.current_seats if rules.may_view_addressed(seat)]
        address = reverse("proposals:addressed_list")
        return {
            **context,
            "ward": ward,
            "seat": self.seat,
            "part": self.part,
            "parts": [(part, self.address_of(part)) for part in ColumnPart],
            "seats": [(seat, for_seat(address, seat)) for seat in own_seats],
            "rows": [(line.proposal, line.cells[0]) for line in lines],
        }

    def address_of(self, part: ColumnPart) -> str:
        """The list of another part of the column, of the same seat."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query["part"] = part
        return f"?{query.urlencode()}"


class AddressedExport(AddressedMixin, SheetView):
    """The same part of the column, all pages of it, as a file for Excel."""

    def get_sheet(self) -> Sheet:
        ward = self.seat.organization
        found = self.column().select_related("organization__municipality")
        lines = queries.all_lines(self.request.user, found, [ward])
        return Sheet(f"{ward.name}への提案（{self.part.label}）", addressed_columns(ward), lines)
