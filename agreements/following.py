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

_followers: dict[str, Follower] = {}
_audiences: dict[str, Audience] = {}
_beginnings: dict[str, Beginnings] = {}


def register(name: str, *, follower: Follower, audience: Audience, beginnings: Beginnings) -> None:
    """Lets ``<app>.<thing>``, which joint projects come from, follow them."""
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
