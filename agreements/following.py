"""What the rooms above do when a joint project changes, and what they know of how it began.

They register in ``AppConfig.ready``. A ``Follower`` is called in the transaction of the change,
so that what follows from it is never missing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from agreements.models import Collaboration
from core.audit import Actor
from members.models import Organization, Seat


@dataclass(frozen=True)
class Beginning:
    """Something that a joint project came from, as far as its reader may know of it.

    ``is_post``: it is what somebody wrote on the board. ``bodies`` are who had which part in it. ``url`` is empty where the reader has no page of it.
    """

    kind: str
    title: str
    at: datetime
    bodies: list[tuple[str, Organization]]
    url: str = ""
    is_post: bool = False


# With the key of the happening that has told people of the change, where one has.
type Follower = Callable[[Collaboration, Actor, str], None]
# The seats that follow what a joint project came from, and that may read it.
type Audience = Callable[[Collaboration], Iterable[Seat]]
# What a joint project came from, the oldest first, for a reader who may read the project.
type Beginnings = Callable[[Collaboration, object], list[Beginning]]


@dataclass(frozen=True)
class Origins:
    """What a ward may say that its joint project came from; each has a key and a title.

    ``choices`` are for a seat and a project, None being a new one; with what the project is
    linked with already, as far as the seat may read it. ``chosen`` is what it is linked with.
    ``choose`` links it by a key, or takes the link back by an empty one; it raises
    ``DomainError``.
    """

    choices: Callable[[Seat, Collaboration | None], list[tuple[str, str]]]
    chosen: Callable[[Collaboration], list[tuple[str, str]]]
    choose: Callable[[Collaboration, str, Seat], None]


_origins: dict[str, Origins] = {}
_followers: dict[str, Follower] = {}
_audiences: dict[str, Audience] = {}
_beginnings: dict[str, Beginnings] = {}


def register(
    name: str, *, follower: Follower, audience: Audience, beginnings: Beginnings, origins: Origins
) -> None:
    """Lets ``<app>.<thing>``, which joint projects come from, follow them."""
    _origins[name] = origins
    _followers[name] = follower
    _audiences[name] = audience
    _beginnings[name] = beginnings


def tell(collaboration: Collaboration, *, by: Actor, told: str = "") -> None:
    """Lets what follows from the change happen.

    ``told`` is the key of the happening that the change was told as: nobody is told twice.
    """
    for follower in _followers.values():
        follower(collaboration, by, told)


def watching(collaboration: Collaboration) -> list[Seat]:
    """The seats that follow what it came from, and that may read that."""
    return [seat for audience in _audiences.values() for seat in audience(collaboration)]


def beginnings_of(collaboration: Collaboration, user) -> list[Beginning]:
    """What it came from, as far as ``user`` may know, the oldest first."""
    found = [item for known in _beginnings.values() for item in known(collaboration, user)]
    return sorted(found, key=lambda item: item.at)


def origin_choices(seat: Seat, collaboration: Collaboration | None) -> list[tuple[str, str]]:
    """What ``seat`` may say that the joint project, or a new one, came from: key and title."""
    return [pair for known in _origins.values() for pair in known.choices(seat, collaboration)]


def chosen_origins(collaboration: Collaboration) -> list[tuple[str, str]]:
    """What a ward has said that it came from: key and title."""
    return [pair for known in _origins.values() for pair in known.chosen(collaboration)]


def choose_origin(collaboration: Collaboration, key: str, *, by: Seat) -> None:
    """Says what it came from; an empty key takes that back. Raises ``DomainError``."""
    for known in _origins.values():
        known.choose(collaboration, key, by)
