"""What is open for an organization when a person leaves, told by the room that has it.

A room registers in ``AppConfig.ready`` each kind of rows that belongs to an organization, an
office or a seat: what of it a successor has to know (``list_open``), and what hangs on the
person and moves (``hand_over``). Content belongs to the organization, so that most of it stays
where it is; what a seat follows moves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from members.models import Organization, Seat


@dataclass(frozen=True)
class Item:
    """One piece of open business: under which heading, what, where, and how far it is.

    ``counterparts`` are the organizations that deal with it together with one's own: they are
    told of the new person.
    """

    heading: str
    text: str
    url: str
    extra: str = ""
    counterparts: tuple[Organization, ...] = ()


def _nothing_open(seat: Seat) -> list[Item]:
    return []


def _nothing_moves(old_seat: Seat, new_seat: Seat) -> None:
    return None


@dataclass(frozen=True)
class Business:
    """One kind of business: the rows it answers for, as ``<app>.<Model>``.

    ``list_open`` is asked for the seat that leaves, and gives the business of its organization;
    ``hand_over`` is called in the transaction in which the successor accepts.
    """

    models: tuple[str, ...]
    list_open: Callable[[Seat], Iterable[Item]] = _nothing_open
    hand_over: Callable[[Seat, Seat], None] = _nothing_moves


@dataclass(frozen=True)
class Group:
    """The open business under one heading."""

    heading: str
    items: list[Item]


_business: dict[str, Business] = {}


def register(name: str, business: Business) -> None:
    """Makes ``business`` part of every handover; ``name`` is ``<app>.<thing>``.

    It is listed in the order in which it is registered. Raises ``ValueError`` when another one
    has the name.
    """
    if _business.get(name, business) is not business:
        raise ValueError(f"business named {name} is registered already")
    _business[name] = business


def all_business() -> dict[str, Business]:
    return dict(_business)


def open_business(seat: Seat) -> list[Group]:
    """What is open for the organization of ``seat``, by heading."""
    items = [item for business in _business.values() for item in business.list_open(seat)]
    return [
        Group(heading, list(found)) for heading, found in groupby(items, lambda item: item.heading)
    ]


def counterparts_of(seat: Seat) -> list[Organization]:
    """The other organizations in the open business of ``seat``, each once, by key."""
    found = {
        organization.pk: organization
        for group in open_business(seat)
        for item in group.items
        for organization in item.counterparts
    }
    found.pop(seat.office.organization_id, None)
    return [found[pk] for pk in sorted(found)]


def hand_over_all(old_seat: Seat, new_seat: Seat) -> None:
    """Moves what hangs on the person, in the caller's transaction."""
    for business in _business.values():
        business.hand_over(old_seat, new_seat)
