"""Who may see and change joint projects.

Written for a seat and a joint project; ``members.rules.any_seat`` makes the predicates of
pages. ``visible_to`` of the queryset says the same in SQL; tests compare the two. The
secretariat changes them in the admin, through the same services (``acts_on``).
"""

import rules

from agreements.enums import CollaborationStatus
from members.rules import any_seat, is_current, is_secretariat


@rules.predicate
def is_published(user, collaboration) -> bool:
    return collaboration.is_published


def joins(seat, collaboration) -> bool:
    """A current seat of one of its organizations, or of the secretariat."""
    return is_secretariat(seat) or (
        is_current(seat)
        and seat.office.organization_id
        in {party.organization_id for party in collaboration.parties.all()}
    )


def may_add(seat, obj=None) -> bool:
    """Leads and deputies of a ward."""
    return seat.may_write and seat.organization.is_ward


def writes_it(seat, collaboration) -> bool:
    """Leads and deputies of its wards; one of all wards together is the secretariat's."""
    return (
        seat.may_write
        and not collaboration.is_of_all_wards
        and seat.office.organization_id in {party.organization_id for party in collaboration.wards}
    )


def acts_on(seat, collaboration) -> bool:
    """Who writes it, and the secretariat."""
    return is_secretariat(seat) or writes_it(seat, collaboration)


def may_publish(seat, collaboration) -> bool:
    return writes_it(seat, collaboration) and not collaboration.is_published


def may_start(seat, collaboration) -> bool:
    return writes_it(seat, collaboration) and collaboration.may_become(
        CollaborationStatus.UNDER_WAY
    )


def may_end(seat, collaboration) -> bool:
    return writes_it(seat, collaboration) and collaboration.may_become(CollaborationStatus.ENDED)


def may_cancel(seat, collaboration) -> bool:
    return writes_it(seat, collaboration) and collaboration.may_become(
        CollaborationStatus.CANCELLED
    )


rules.add_perm("agreements.view_collaboration", is_published | any_seat(joins))
rules.add_perm("agreements.add_collaboration", any_seat(may_add))
rules.add_perm("agreements.change_collaboration", any_seat(writes_it))
rules.add_perm("agreements.publish_collaboration", any_seat(may_publish))
rules.add_perm("agreements.start_collaboration", any_seat(may_start))
rules.add_perm("agreements.end_collaboration", any_seat(may_end))
rules.add_perm("agreements.cancel_collaboration", any_seat(may_cancel))
rules.add_perm("agreements.unpublish_collaboration", any_seat(is_secretariat))
