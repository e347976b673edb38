"""Everything that changes an agreement's standing, or a joint project.

Each service re-reads and locks its row, asks ``rules`` for the acting seat, moves a state only
by the tables in ``enums``, and writes its audit row in the same transaction. A refusal changes
nothing.
"""

from agreements.services.agreements import terminate
from agreements.services.editing import create, join, plan, update
from agreements.services.moves import cancel, end, publish, start, unpublish

__all__ = [
    "cancel",
    "create",
    "end",
    "join",
    "plan",
    "publish",
    "start",
    "terminate",
    "unpublish",
    "update",
]
