"""What awaits the person's organizations, as the member home and the board say it first."""

from dataclasses import replace
from typing import Any

from members.models import Seat
from members.views.acting import for_seat
from proposals.queries import Waiting, awaiting


def waiting_banner(seats: list[Seat]) -> dict[str, Any]:
    """What a page tells whoever holds ``seats``: the list, and its title with their number."""
    items = waiting_items(seats)
    return {"waiting": items, "waiting_title": waiting_title(seats, len(items))}


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
