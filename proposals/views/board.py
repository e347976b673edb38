"""The list of proposals, and the same list for Excel."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.generic import ListView

from core.paging import CountedPaginator, page_number
from core.search.missed import note_missed
from core.sheets import Sheet
from core.views import QueryFormMixin, SheetView
from members.views.acting import SeatMixin, for_seat
from proposals import queries, rules
from proposals.enums import ProposalStatus
from proposals.forms import BoardFilterForm
from proposals.models import Proposal
from proposals.queries import Conditions, Listing
from proposals.querysets import ProposalQuerySet
from proposals.sheets import COLUMNS
from proposals.views.waiting import waiting_banner

PAGE_SIZE = 20
# Of what awaits the reader, above the list; all of it stands on the member home.
MOST_WAITING = 10
ROWS_AT_ONCE = 500
# The pager links the next page, and the end behind it.
PAGES_AHEAD = 2

type Paginated = tuple[Paginator, Page, SimpleLazyObject, bool]


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

    @property
    def sort(self) -> str:
        return queries.WISHED if self.asked.get("sort") == queries.WISHED else queries.NEWEST

    def dressed(self, proposals: ProposalQuerySet) -> ProposalQuerySet:
        """With all that a line of the list says."""
        counted = queries.with_offer_count(proposals).prefetch_related("themes")
        return counted.select_related("organization__municipality")


class ProposalList(BoardMixin, QueryFormMixin, ListView):
    """The board, with how many proposals each choice would give."""

    template_name = "proposals/proposal_list.html"
    context_object_name = "proposals"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> Listing:
        self.form = self.filter_form()
        return queries.listing(
            self.request.user,
            self.form.conditions,
            self.sort,
            until=(page_number(self.request) + PAGES_AHEAD) * PAGE_SIZE,
        )

    def paginate_queryset(self, listing: Listing, page_size: int) -> Paginated:
        paginator = CountedPaginator(
            listing.rows, page_size, count=listing.count, is_capped=listing.is_capped
        )
        page = paginator.get_page(self.request.GET.get("page"))
        self.stamps = page.object_list
        return paginator, page, SimpleLazyObject(self.whole), page.has_other_pages()

    def whole(self) -> list[Proposal]:
        """The proposals of the page, where the template does not find it kept."""
        pks = [pk for pk, *_stamp in self.stamps]
        found = self.dressed(Proposal.objects.filter(pk__in=pks)).in_bulk()
        return [found[pk] for pk in pks if pk in found]

    def counted_form(self) -> BoardFilterForm:
        """The filter with its numbers, which takes longer to print than the list."""
        if facets := self.object_list.facets:
            self.form.show_facets(facets)
        return self.form

    def note_missed(self) -> None:
        """Notes words that found nothing by themselves, whatever else was asked."""
        words = self.form.conditions.words
        if words and not self.object_list.count:
            alone = queries.board(self.request.user, Conditions(words=words))
            if not alone.exists():
                note_missed(words, "連携提案")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.note_missed()
        listing = self.object_list
        context = super().get_context_data(
            form=self.form,
            counted_form=self.counted_form,
            chips=[
                (label, self.without(names, value)) for names, value, label in self.form.chosen()
            ],
            clear_url=self.address(QueryDict("q=")),
            sorts=self.sorts(),
            asked=self.asked,
            create_url=self.create_url(),
            **waiting_banner(self.request.user.current_seats, most=MOST_WAITING),
            **kwargs,
        )
        # Filter and results say the same to everybody for whom all of these are the same.
        context["stamp"] = [listing.count, listing.is_capped, listing.facets, self.stamps]
        return context

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
        found = queries.board(self.request.user, self.form.conditions)
        proposals = self.dressed(queries.ordered(found, self.sort))
        proposals = queries.with_reply_count(proposals).select_related(
            "organization__municipality", "organization__prefecture"
        )
        return Sheet("連携提案", COLUMNS, proposals.iterator(chunk_size=ROWS_AT_ONCE))
