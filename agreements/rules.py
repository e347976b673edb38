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


@rules.predicate
def is_public_report(user, report) -> bool:
    """Accepted, of a published joint project."""
    return report.is_accepted and report.collaboration.is_published


def carries(seat, collaboration) -> bool:
    """A current seat of one of its wards."""
    wards = {party.organization_id for party in collaboration.wards}
    return is_current(seat) and seat.office.organization_id in wards


def reads_report(seat, report) -> bool:
    """Its wards in any state; its partners and the secretariat once it is submitted."""
    project = report.collaboration
    return carries(seat, project) or (not report.is_draft and joins(seat, project))


def reads_grants(seat, report) -> bool:
    """The amounts of a grant are for the project's organizations and the secretariat."""
    return reads_report(seat, report) and joins(seat, report.collaboration)


def lists_grants(seat, obj=None) -> bool:
    """The wards and the secretariat keep lists of the grants."""
    return is_secretariat(seat) or (is_current(seat) and seat.organization.is_ward)


def reads_report_steps(seat, report) -> bool:
    """What was sent back, and why, is for the wards and the secretariat."""
    return carries(seat, report.collaboration) or (not report.is_draft and is_secretariat(seat))


def may_report(seat, collaboration) -> bool:
    """Who writes the joint project, once it has begun."""
    return writes_it(seat, collaboration) and bool(collaboration.fiscal_years)


def writes_report(seat, report) -> bool:
    """Leads and deputies of its wards, also once all wards carry the project together.

    What they have begun, or were sent back, would otherwise stay a draft for ever.
    """
    return seat.may_write and carries(seat, report.collaboration)


def may_change_report(seat, report) -> bool:
    """Who writes it, while it is a draft; then it may be submitted and deleted as well."""
    return writes_report(seat, report) and report.is_draft


rules.add_perm("agreements.view_collaboration", is_published | any_seat(joins))
rules.add_perm("agreements.add_collaboration", any_seat(may_add))
rules.add_perm("agreements.change_collaboration", any_seat(writes_it))
rules.add_perm("agreements.publish_collaboration", any_seat(may_publish))
rules.add_perm("agreements.start_collaboration", any_seat(may_start))
rules.add_perm("agreements.end_collaboration", any_seat(may_end))
rules.add_perm("agreements.cancel_collaboration", any_seat(may_cancel))
rules.add_perm("agreements.unpublish_collaboration", any_seat(is_secretariat))
rules.add_perm("agreements.report_collaboration", any_seat(may_report))
rules.add_perm("agreements.view_yearreport", is_public_report | any_seat(reads_report))
rules.add_perm("agreements.view_grants", any_seat(reads_grants))
rules.add_perm("agreements.view_report_steps", any_seat(reads_report_steps))
rules.add_perm("agreements.change_yearreport", any_seat(may_change_report))
