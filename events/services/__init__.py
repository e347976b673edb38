"""What happens to an event: who writes it, its states, the joint projects it belongs to.

An organization writes an event and submits it, the secretariat publishes it or sends it back;
afterwards it is postponed or called off, and never deleted. Each service re-reads and locks its
row and writes its audit row in the same transaction. A refusal changes nothing.
"""

from events.services.announcing import delete_event, send_back, submit_event, write_event
from events.services.linking import link_events, note_links
from events.services.moves import cancel, postpone, publish, republish

__all__ = [
    "cancel",
    "delete_event",
    "link_events",
    "note_links",
    "postpone",
    "publish",
    "republish",
    "send_back",
    "submit_event",
    "write_event",
]
