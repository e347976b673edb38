"""Who may read and change events that an organization writes.

Written for a seat and an event; ``members.rules.any_seat`` makes the predicates of pages.
``readable_by`` of the queryset says the same in SQL; tests compare the two. The secretariat
publishes them, and keeps its own, in the admin.
"""

import rules

from members.rules import any_seat, is_current, is_secretariat


@rules.predicate
def is_published(user, event) -> bool:
    return event.is_published


def is_of_its_organization(seat, event) -> bool:
    """A current seat of the organization that has written the event."""
    return is_current(seat) and seat.office.organization_id == event.owner_id


def reads_it(seat, event) -> bool:
    """Its organization in every state; the secretariat once it is submitted."""
    return is_of_its_organization(seat, event) or (is_secretariat(seat) and event.is_submitted)


def may_add(seat, obj=None) -> bool:
    """Leads and deputies of any organization; the secretariat's staff do it in the admin."""
    return seat.may_write


def writes_it(seat, event) -> bool:
    """Leads and deputies of the organization that has written it."""
    return seat.may_write and is_of_its_organization(seat, event)


def may_change(seat, event) -> bool:
    """Who writes it, while it is a draft or sent back."""
    return writes_it(seat, event) and event.is_being_written


def may_delete(seat, event) -> bool:
    """Who writes it, while it was never submitted."""
    return writes_it(seat, event) and event.is_draft


rules.add_perm("events.read_event", is_published | any_seat(reads_it))
rules.add_perm("events.announce_event", any_seat(may_add))
rules.add_perm("events.correct_event", any_seat(may_change))
rules.add_perm("events.discard_event", any_seat(may_delete))
