"""The seat that acts on a page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.dates import day_text
from members.models import Seat, User
from members.rules import SeatRule


class SeatMixin:
    """A page for whoever holds a current seat; ``self.seat`` is the one that acts.

    A form carries its seat as ``seat``; without one the person's first seat acts. A seat
    that is not among the person's current ones is refused with 403, and so is a person who
    has none.

    A last lead's seat past its date opens only the pages that say ``is_for_lingering``: there
    it may act like a current one, as far as the rules of the page allow it.
    """

    request: HttpRequest
    seat: Seat
    is_for_lingering = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seat = chosen_seat(request, lingering=self.is_for_lingering)
        if seat is None:
            raise PermissionDenied(why_no_seat(request.user))
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
        user = self.request.user
        # Whoever has current seats names the one that lingers; nobody else's page asks for it.
        unnamed = user.current_seats or open_seats(user, self.is_for_lingering)
        seats = [self.seat] if named_seat(self.request) else unnamed
        return next((seat for seat in seats if rule(seat, obj)), None)


NO_SEAT = (
    "担当の期間が終わっているため、またはまだ始まっていないため、会員のページを開けません。"
    "続けて担当するときは、主担当の方か事務局にご連絡ください。"
)
LINGERING = (
    "主担当の期間が終わっているため、このページは開けません。"
    "後任の方が決まるまでは、引継ぎと、登録情報の確認だけができます。"
)
INVITED = "担当への招待が届いています。承諾すると、会員のページを開けます。"
NOT_AMONG_SEATS = "選んだ担当は、今の担当にありません。"
NOT_THIS_SEAT = "この操作は、今の担当では行えません。"


def named_seat(request: HttpRequest) -> str:
    """What the form or the address calls the acting seat; empty when they name none."""
    return request.POST.get("seat") or request.GET.get("seat") or ""


def open_seats(user: User, lingering: bool) -> Iterator[Seat]:
    """The seats that may act on a page: the current ones, on some those of a last lead too.

    The latter are read only when none of the former is the one.
    """
    yield from user.current_seats
    if lingering:
        yield from user.lingering_seats


TO_ANSWER = "担当の引継ぎが届いています。承諾すると、会員のページを開けます。"
COMING = "{}の担当は、{}から始まります。その日から、会員のページを開けます。"


def why_no_seat(user: User) -> str:
    """Why a person without a current seat does not get the page, and what they can do."""
    if user.lingering_seats:
        return LINGERING
    if coming := user.coming_seats:
        return COMING.format(coming[0].office.signature, day_text(coming[0].valid_from))
    if user.open_handovers:
        return TO_ANSWER
    return INVITED if user.open_invitations else NO_SEAT


def chosen_seat(request: HttpRequest, *, lingering: bool = False) -> Seat | None:
    """The seat named by the form or the address, or the person's first one.

    Among the current ones; with ``lingering`` also among those of a last lead past its date.
    Raises ``PermissionDenied`` when the named one is none of them.
    """
    user, named = request.user, named_seat(request)
    for seat in open_seats(user, lingering):
        if not named or str(seat.pk) == named:
            return seat
    if named:
        raise PermissionDenied(NOT_AMONG_SEATS if user.current_seats else why_no_seat(user))
    return None


def for_seat(url: str, seat: Seat | None) -> str:
    """The link ``url`` so that ``seat`` acts there; as it is where the person has no other.

    ``url`` has no query of its own; a fragment stays at its end.
    """
    if seat is None or (seat.is_current and len(seat.user.current_seats) < 2):
        return url
    address, mark, place = url.partition("#")
    return f"{address}?seat={seat.pk}{mark}{place}"
