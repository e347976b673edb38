"""The list of proposals, and the same list for Excel."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import ListView

from core.sheets import Sheet
from core.views import NearestPageMixin, QueryFormMixin, SheetView
from members.views.acting import SeatMixin, for_seat
from proposals import queries, rules
from proposals.enums import ProposalStatus
from proposals.forms import BoardFilterForm
from proposals.querysets import ProposalQuerySet
from proposals.sheets import COLUMNS

PAGE_SIZE = 20
ROWS_AT_ONCE = 500


class BoardMixin(SeatMixin):
    """The proposals that meet the conditions in the address, in the order it asks for.

    An address without any condition stands for the open ones; one with an empty condition
    (``?q=``) for all.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.asked = request.GET.copy()
        if not self.asked.keys() & BoardFilterForm.names():
            self.asked["status"] = ProposalStatus.OPEN
        self.asked.pop("page", None)

    def filter_form(self) -> BoardFilterForm:
        form = BoardFilterForm(self.asked)
        form.is_valid()
        return form

    def found(self, form: BoardFilterForm) -> ProposalQuerySet:
        proposals = queries.board(self.request.user, form.conditions)
        proposals = queries.ordered(proposals, self.asked.get("sort", ""))
        counted = queries.with_offer_count(proposals).prefetch_related("themes")
        return counted.select_related("organization__municipality")


class ProposalList(BoardMixin, NearestPageMixin, QueryFormMixin, ListView):
    """The board, with how many proposals each choice would give."""

    template_name = "proposals/proposal_list.html"
    context_object_name = "proposals"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> ProposalQuerySet:
        self.form = self.filter_form()
        return self.found(self.form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, conditions = self.request.user, self.form.conditions
        self.form.show_counts("kind", queries.kind_counts(user, conditions))
        self.form.show_counts("status", queries.status_counts(user, conditions))
        return super().get_context_data(
            form=self.form,
            chips=[
                (label, self.without(names, value)) for names, value, label in self.form.chosen()
            ],
            clear_url=self.address(QueryDict("q=")),
            sorts=self.sorts(),
            asked=self.asked,
            seat=self.seat,
            create_url=self.create_url(),
            waiting=queries.waiting_for(self.seat.organization),
            **kwargs,
        )

    def create_url(self) -> str:
        """Where the person may write a proposal; empty for those who only read."""
        seat = self.seat_for(rules.may_add, None)
        return for_seat(reverse("proposals:proposal_create"), seat) if seat else ""

    def sorts(self) -> list[tuple[str, str, bool]]:
        """The orders to choose from: label, address, and whether it is the present one."""
        wished = self.asked.get("sort") == queries.WISHED
        return [
            ("更新が新しい順", self.address(self.asked, sort=queries.NEWEST), not wished),
            ("希望時期が近い順", self.address(self.asked, sort=queries.WISHED), wished),
        ]

    def without(self, names: tuple[str, ...], value: str) -> str:
        """The address of the list without one of its conditions.

        ``names`` are its fields: of one the ``value`` goes, of several all that they hold.
        """
        query = self.asked.copy()
        for name in names:
            kept = [item for item in query.getlist(name) if len(names) == 1 and item != value]
            query.setlist(name, kept)
        if "q" in names or not any(query.getlist(key) for key in BoardFilterForm.names()):
            query["q"] = ""
        return self.address(query)

    def address(self, query: QueryDict, sort: str | None = None) -> str:
        """The address of the list under ``query``, in the present order unless ``sort`` is given."""
        query = query.copy()
        query["sort"] = sort or self.asked.get("sort", queries.NEWEST)
        if query["sort"] == queries.NEWEST:
            del query["sort"]
        return f"?{query.urlencode()}"


class ProposalExport(BoardMixin, SheetView):
    """The list as filtered, as a file for Excel.

    A condition that cannot be understood leads back to the list, which says so: a sheet
    with more rows than were asked for would not.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.form = self.filter_form()
        if self.form.errors:
            return redirect(f"{reverse('proposals:proposal_list')}?{self.asked.urlencode()}")
        return super().get(request, *args, **kwargs)

    def get_sheet(self) -> Sheet:
        proposals = queries.with_reply_count(self.found(self.form)).select_related(
            "organization__municipality", "organization__prefecture"
        )
        return Sheet("連携提案", COLUMNS, proposals.iterator(chunk_size=ROWS_AT_ONCE))
