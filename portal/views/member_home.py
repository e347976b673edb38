"""The first page after login."""

from datetime import date
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from agreements.rules import may_add as may_add_collaboration
from chronicle.models import News
from core import dates
from core.prepared import Prepared
from members.contacts import contact_rows
from members.rules import levels_of, may_hand_over, may_manage_seats
from members.views.acting import SeatMixin, chosen_seat, for_seat
from proposals import rules
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from proposals.views.waiting import waiting_banner

PROPOSALS_SHOWN = 5
NEWS_SHOWN = 3


class MemberHome(SeatMixin, TemplateView):
    """What awaits the person's organizations; then what is new, and the own office's details.

    To a last lead past the date of the seat: the handover and the confirmation, nothing else.
    To whoever has a seat that has not begun yet: from when on.
    """

    template_name = "portal/member_home.html"
    handover_template_name = "portal/member_home_handover.html"
    coming_template_name = "portal/member_home_coming.html"
    is_for_lingering = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if chosen_seat(request, lingering=True) is None and request.user.coming_seats:
            context = {"seats": request.user.coming_seats}
            return self.response_class(request, self.coming_template_name, context)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.seat.is_current:
            return super().get(request, *args, **kwargs)
        context = {"seats": request.user.lingering_seats}
        return self.response_class(request, self.handover_template_name, context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, office = self.request.user, self.seat.office
        levels = levels_of(user)
        newest = newest_open(tuple(levels))(dates.today())
        return super().get_context_data(
            seat=self.seat,
            office=office,
            seats=[(seat, for_seat("", seat)) for seat in user.current_seats],
            **waiting_banner(user.current_seats),
            # The lists are read where the template does not find them kept: what they depend
            # on is read here. Nothing in them depends on more of the reader than the levels.
            levels=levels,
            newest=newest,
            proposals=Proposal.objects.filter(pk__in=[pk for pk, _version in newest]).order_by(
                "-published_at", "-pk"
            ),
            news_items=News.objects.visible_to(user).newest_first()[:NEWS_SHOWN],
            contact_rows=partial(contact_rows, office, user),
            office_url=for_seat(office.get_absolute_url(), self.seat),
            may_propose=rules.may_add(self.seat),
            propose_url=for_seat(reverse("proposals:proposal_create"), self.seat),
            register_url=self.register_url(),
            seats_url=self.seats_url(),
            handover_url=self.handover_url(),
            **kwargs,
        )

    def seats_url(self) -> str:
        """Where the seat invites colleagues and ends seats; empty where it may not."""
        url = reverse("members:seat_list", args=[self.seat.office_id])
        may_manage = may_manage_seats(self.seat, self.seat.office)
        return for_seat(url, self.seat) if may_manage else ""

    def handover_url(self) -> str:
        """Where the seat passes to a successor; empty where the admin does that."""
        url = reverse("members:handover_create", args=[self.seat.pk])
        return for_seat(url, self.seat) if may_hand_over(self.seat, self.seat) else ""

    def register_url(self) -> str:
        """Where the seat registers a joint project; empty where it may not."""
        may_register = may_add_collaboration(self.seat)
        url = reverse("agreements:collaboration_create")
        return for_seat(url, self.seat) if may_register else ""


@cache
def newest_open(levels: tuple[str, ...]) -> Prepared:
    """The open proposals that were published last, for all readers of ``levels``: id, version."""

    def newest(today: date) -> QuerySet[Proposal]:
        found = Proposal.objects.in_shown_status(ProposalStatus.OPEN, today)
        shown = found.filter(level__in=levels, hidden_at=None).order_by("-published_at", "-pk")
        return shown.values_list("pk", "version")[:PROPOSALS_SHOWN]

    return Prepared(newest, date)
