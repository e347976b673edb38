"""What the rooms above do when a joint project changes.

They register in ``AppConfig.ready`` and are called in the transaction of the change, so that
what follows from it is never missing.
"""

from collections.abc import Callable

from agreements.models import Collaboration
from core.audit import Actor

type Follower = Callable[[Collaboration, Actor], None]

_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """Calls ``follower`` (``<app>.<thing>``) with each joint project that has changed."""
    _followers[name] = follower


def tell(collaboration: Collaboration, *, by: Actor) -> None:
    """Lets what follows from the change happen."""
    for follower in _followers.values():
        follower(collaboration, by)
