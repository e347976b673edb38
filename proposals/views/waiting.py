"""What awaits the person's organizations, as the member home and the board say it first."""

from dataclasses import replace
from typing import Any

from django.urls import reverse

from members.models import Seat
from members.views.acting import for_seat
from proposals.queries import Waiting, awaiting


def waiting_banner(seats: list[Seat], most: int | None = None) -> dict[str, Any]:
    """What a page tells whoever holds ``seats``: the list, and its title with their number.

    A page with a list of its own shows ``most`` of them, and where the rest is.
    """
    items = waiting_items(seats)
    title, shown = waiting_title(seats, len(items)), items[:most]
    if left := len(items) - len(shown):
        home = reverse("portal:member_home")
        shown.append(Waiting(f"ほか{left}件を会員ホームで見る", f"{home}#waiting"))
    return {"waiting": shown, "waiting_title": title}


def waiting_items(seats: list[Seat]) -> list[Waiting]:
    """What awaits the organizations of ``seats``; each link lets its organization's seat act."""
    first_seats: dict[int, Seat] = {}
    for seat in seats:
        first_seats.setdefault(seat.office.organization_id, seat)
    named = len(first_seats) > 1
    return [
        replace(
            item,
            text=f"{seat.organization.full_name}：{item.text}" if named else item.text,
            url=for_seat(item.url, seat),
        )
        for seat in first_seats.values()
        for item in awaiting(seat.organization)
    ]


def waiting_title(seats: list[Seat], number: int) -> str:
    """福井県坂井市の対応を待っているものが2件あります."""
    names = {seat.organization.full_name for seat in seats}
    whose = f"{names.pop()}の" if len(names) == 1 else ""
    what = f"{whose}対応を待っているもの"
    return f"{what}が{number}件あります" if number else f"{what}はありません"
