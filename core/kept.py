"""What is the same for every reader, kept for a minute in each process.

Nothing in it depends on who asks, or on what one seat may read. A change shows within the
minute; whatever must show at once is part of the key.
"""

from collections.abc import Callable, Collection

from django.core.cache import caches


def one[Value](name: str, read: Callable[[], Value]) -> Value:
    """What ``read()`` has returned within the last minute; None is not kept."""
    found: Value | None = caches["process"].get(name)
    if found is None:
        found = read()
        caches["process"].set(name, found)
    return found


def many[Key, Value](
    name: str, keys: Collection[Key], read: Callable[[list[Key]], dict[Key, Value]]
) -> dict[Key, Value]:
    """The values of ``keys``; ``read`` is asked for those that are not kept, all at once.

    A key that ``read`` knows no value for is left out. ``keys`` differ as text.
    """
    names = {f"{name}/{key}": key for key in keys}
    found = {names[label]: value for label, value in caches["process"].get_many(names).items()}
    if missing := [key for key in keys if key not in found]:
        new = read(missing)
        caches["process"].set_many({f"{name}/{key}": value for key, value in new.items()})
        found |= new
    return found
