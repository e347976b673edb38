"""The grid of proposals and wards: all of it for the secretariat, for a ward its own column."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import ListView

from core import dates
from core.sheets import Sheet
from core.views import NearestPageMixin, QueryFormMixin, SheetView
from members.views.acting import SeatMixin, for_seat
from proposals import queries, rules
from proposals.enums import LIVE, ColumnPart, Standing
from proposals.forms import GridFilterForm
from proposals.querysets import ProposalQuerySet
from proposals.sheets import grid_columns

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
    (Standing.WAITING, "12", "回答待ち（公開からの日数）"),
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
        grid = queries.grid_of(self.request.user, context["proposals"], queries.wards_in_order())
        return {**context, "grid": grid, "legend": list(LEGEND), "today": dates.today()}


class ProposalGridExport(GridMixin, SheetView):
    """The grid as filtered, all pages of it, as a file for Excel."""

    def get_sheet(self) -> Sheet:
        found, wards = self.found(), queries.wards_in_order()
        lines = queries.grid_lines(self.request.user, found, wards)
        return Sheet("連携提案と特別区", grid_columns(wards), lines)


class AddressedList(SeatMixin, NearestPageMixin, ListView):
    """自分の区への提案: a ward's own column, with where it stands with each proposal."""

    template_name = "proposals/addressed_list.html"
    context_object_name = "proposals"
    paginate_by = PAGE_SIZE

    def admit(self) -> None:
        self.act_by(rules.may_view_addressed, None)

    @property
    def part(self) -> ColumnPart:
        asked = self.request.GET.get("part", "")
        return ColumnPart(asked) if asked in ColumnPart.values else ColumnPart.UNANSWERED

    def get_queryset(self) -> ProposalQuerySet:
        column = queries.column_of(self.request.user, self.seat.organization, self.part)
        return column.select_related("organization__municipality").prefetch_related("themes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, ward = self.request.user, self.seat.organization
        lines = queries.grid_of(user, context["proposals"], [ward]).lines
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
