"""引継書: what is open for an organization, on sheets of A4."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from core.addresses import absolute
from core.dates import today
from members import rules
from members.handover import open_business
from members.models import Handover, Office, Seat
from members.views.offices import OfficeMixin
from members.views.seats.answering import is_for
from members.views.seats.handovers import OneHandoverMixin


def sheet_context(seat: Seat) -> dict[str, Any]:
    """What is open for the organization of ``seat``, with the addresses as paper needs them."""
    return {
        "groups": [
            (
                group.heading,
                [(item, absolute(item.url) if item.url else "") for item in group.items],
            )
            for group in open_business(seat)
        ],
        "today": today(),
    }


class OfficeSheet(OfficeMixin, TemplateView):
    """The sheet without a successor, for every seat of the organization, at any time."""

    template_name = "members/office_sheet.html"
    is_for_lingering = True

    def offices(self) -> QuerySet[Office]:
        return Office.objects.confirmable_by(self.request.user)

    def admit(self) -> None:
        super().admit()
        self.act_by(rules.may_print_business, self.office)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            office=self.office,
            back_url=self.office_url,
            back_label=self.office.signature,
            **sheet_context(self.seat),
            **kwargs,
        )


class HandoverSheet(OneHandoverMixin, TemplateView):
    """The sheet of a handover, for both sides; the successor reads it before the answer."""

    template_name = "members/handover_sheet.html"
    rule = staticmethod(rules.may_print_handover)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handover = Handover.objects.with_seat().filter(pk=self.kwargs["pk"]).first()
        if request.method != "GET" or handover is None or not is_for(handover, request.user):
            return super().dispatch(request, *args, **kwargs)
        self.handover = handover
        return self.for_successor()

    def for_successor(self) -> HttpResponse:
        """While it may be answered, and once the successor has accepted it."""
        if not self.handover.is_readable:
            raise PermissionDenied("この引継書は、もう読めません。前任の方にお問い合わせください。")
        context = {"handover": self.handover, "office": self.handover.office, "view": self}
        return self.render_to_response(context | sheet_context(self.handover.seat))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            back_url=self.detail_url,
            back_label="引継ぎ",
            **sheet_context(self.handover.seat),
            **kwargs,
        )
