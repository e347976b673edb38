"""What the rooms above know of a body that becomes another one, or is a member no longer.

A room registers in ``AppConfig.ready`` what belongs to an organization there. Of a municipality
that is succeeded: what moves to the successor, so that its people can go on with it, and what
keeps the former name and is only told of (docs/adr/0017). Of a member that leaves: what ends
with its membership, because nobody would answer any more. The pages that ask the secretariat
first list all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.audit import Actor
from members.models import Organization


def _nothing(organization: Organization) -> list[str]:
    return []


def _no_rows(former: Organization, successor: Organization, by: Actor) -> int:
    return 0


def _none_ended(organization: Organization, by: Actor, reason: str) -> int:
    return 0


@dataclass(frozen=True)
class Belongings:
    """One kind of rows that organizations have.

    ``moving`` and ``staying`` name an organization's rows for the secretariat; ``move`` gives
    them to the successor in the caller's transaction and returns how many they were.

    ``ending`` names what ends with a membership, rows of ``moving`` in the same words;
    ``ended_as`` tells how. ``end`` ends them in the caller's transaction, for a reason that
    their readers see, and returns how many they were: none the second time.
    """

    label: str
    moving: Callable[[Organization], list[str]] = _nothing
    staying: Callable[[Organization], list[str]] = _nothing
    move: Callable[[Organization, Organization, Actor], int] = _no_rows
    ended_as: str = ""
    ending: Callable[[Organization], list[str]] = _nothing
    end: Callable[[Organization, Actor, str], int] = _none_ended


_belongings: dict[str, Belongings] = {}


def register(name: str, belongings: Belongings) -> None:
    """Makes the rows known; ``name`` is ``<app>.<thing>``. Raises ``ValueError`` for a second one."""
    if _belongings.get(name, belongings) is not belongings:
        raise ValueError(f"belongings named {name} are registered already")
    _belongings[name] = belongings


def all_belongings() -> list[Belongings]:
    return list(_belongings.values())
