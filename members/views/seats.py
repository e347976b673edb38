"""The seat that acts on a page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from members.models import Seat
from members.rules import SeatRule


class SeatMixin:
    """A page for whoever holds a current seat; ``self.seat`` is the one that acts.

    A form carries its seat as ``seat``; without one the person's first seat acts. A seat
    that is not among the person's current ones is refused with 403, and so is a person who
    has none.
    """

    request: HttpRequest
    seat: Seat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seat = chosen_seat(request)
        if seat is None:
            raise PermissionDenied(NO_SEAT)
        self.seat = request.seat = seat
        self.admit()
        return super().dispatch(request, *args, **kwargs)

    def admit(self) -> None:
        """Refuses who may not use this page (``Http404``, ``PermissionDenied``).

        Called for every method before the page does anything; a subclass asks its rule here.
        """

    def act_by(self, rule: SeatRule, obj: Any) -> None:
        """Lets the seat act that ``rule`` allows (``seat_for``). Raises ``PermissionDenied``."""
        seat = self.seat_for(rule, obj)
        if seat is None:
            raise PermissionDenied(NOT_THIS_SEAT)
        self.seat = self.request.seat = seat

    def seat_for(self, rule: SeatRule, obj: Any) -> Seat | None:
        """The seat that ``rule`` allows to act on ``obj``, if any.

        That is the seat named by the form or the address; where none is named, so that nobody
        has to choose among their seats first, the person's first one that the rule allows.
        """
        seats = [self.seat] if named_seat(self.request) else self.request.user.current_seats
        return next((seat for seat in seats if rule(seat, obj)), None)


NO_SEAT = (
    "担当の期間が終わっているため、またはまだ始まっていないため、会員のページを開けません。"
    "続けて担当するときは、主担当の方か事務局にご連絡ください。"
)
NOT_AMONG_SEATS = "選んだ担当は、今の担当にありません。"
NOT_THIS_SEAT = "この操作は、今の担当では行えません。"


def named_seat(request: HttpRequest) -> str:
    """What the form or the address calls the acting seat; empty when they name none."""
    return request.POST.get("seat") or request.GET.get("seat") or ""


def chosen_seat(request: HttpRequest) -> Seat | None:
    """The current seat named by the form or the address, or the person's first one.

    Raises ``PermissionDenied`` when the named one is not among the person's current seats.
    """
    seats = request.user.current_seats
    named = named_seat(request)
    if not named:
        return seats[0] if seats else None
    for seat in seats:
        if str(seat.pk) == named:
            return seat
    raise PermissionDenied(NO_SEAT if not seats else NOT_AMONG_SEATS)


def for_seat(url: str, seat: Seat | None) -> str:
    """The link ``url`` so that ``seat`` acts there; as it is where the person has no other.

    ``url`` has no query of its own; a fragment stays at its end.
    """
    if seat is None or len(seat.user.current_seats) < 2:
        return url
    address, mark, place = url.partition("#")
    return f"{address}?seat={seat.pk}{mark}{place}"
