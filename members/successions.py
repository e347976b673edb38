"""What the rooms above know of a municipality that becomes another one.

A room registers in ``AppConfig.ready`` what belongs to an organization there: what moves to
the successor, so that its people can go on with it, and what keeps the former name and is
only told of on the page that asks the secretariat (docs/adr/0017).
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.audit import Actor
from members.models import Organization


def _nothing(organization: Organization) -> list[str]:
    return []


def _no_rows(former: Organization, successor: Organization, by: Actor) -> int:
    return 0


@dataclass(frozen=True)
class Belongings:
    """One kind of rows that organizations have.

    ``moving`` and ``staying`` name an organization's rows for the secretariat; ``move`` gives
    them to the successor in the caller's transaction and returns how many they were.
    """

    label: str
    moving: Callable[[Organization], list[str]] = _nothing
    staying: Callable[[Organization], list[str]] = _nothing
    move: Callable[[Organization, Organization, Actor], int] = _no_rows


_belongings: dict[str, Belongings] = {}


def register(name: str, belongings: Belongings) -> None:
    """Makes the rows known; ``name`` is ``<app>.<thing>``. Raises ``ValueError`` for a second one."""
    if _belongings.get(name, belongings) is not belongings:
        raise ValueError(f"belongings named {name} are registered already")
    _belongings[name] = belongings


def all_belongings() -> list[Belongings]:
    return list(_belongings.values())
