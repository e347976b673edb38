"""Who may read and change what on the board.

Written for a seat and a proposal; ``members.rules.any_seat`` makes the predicates of pages.
``visible_to`` of the querysets says the same in SQL; tests compare the two.
"""

import rules

from core.enums import Level
from members.rules import any_seat, is_current, is_secretariat
from proposals.enums import ProposalStatus


def is_of_its_organization(seat, obj) -> bool:
    """A current seat of the organization that owns ``obj``, a proposal or a reply."""
    return is_current(seat) and seat.office.organization_id == obj.organization_id


def may_view(seat, proposal) -> bool:
    """The author's organization its own; the secretariat all but drafts; others the board."""
    if not is_current(seat):
        return False
    if is_of_its_organization(seat, proposal):
        return True
    if proposal.status == ProposalStatus.DRAFT:
        return False
    if is_secretariat(seat):
        return True
    return not proposal.hidden_at and reads_level(seat, proposal.level)


def reads_level(seat, level: str) -> bool:
    """Whether what is addressed to ``level`` (会員 or 特別区) is for this seat."""
    return level == Level.MEMBERS or seat.organization.is_ward or is_secretariat(seat)


def may_view_version(seat, version) -> bool:
    """Who sees the proposal, unless this version was for the wards only."""
    return may_view(seat, version.proposal) and (
        is_of_its_organization(seat, version.proposal) or reads_level(seat, version.level)
    )


def may_view_discussion(seat, reply) -> bool:
    """Who sees the proposal sees what is said under it."""
    return may_view(seat, reply.proposal)


def may_view_unless_hidden(seat, reply) -> bool:
    """A hidden reply is left to its author's organization and the secretariat."""
    return not reply.hidden_at or is_of_its_organization(seat, reply) or is_secretariat(seat)


def may_print(seat, proposal) -> bool:
    """Every seat of the author's organization, for internal approval."""
    return is_of_its_organization(seat, proposal)


def may_add(seat, obj=None) -> bool:
    """Leads and deputies of any organization but the secretariat's own staff."""
    return seat.may_write


def writes_it(seat, proposal) -> bool:
    """Leads and deputies of the author's organization."""
    return seat.may_write and is_of_its_organization(seat, proposal)


def may_change(seat, proposal) -> bool:
    """Who writes it, while it is a draft or on the board."""
    return writes_it(seat, proposal) and proposal.status in (
        ProposalStatus.DRAFT,
        ProposalStatus.OPEN,
    )


def may_publish(seat, proposal) -> bool:
    return writes_it(seat, proposal) and proposal.status == ProposalStatus.DRAFT


def may_withdraw(seat, proposal) -> bool:
    return writes_it(seat, proposal) and proposal.status == ProposalStatus.OPEN


def may_join(seat, proposal) -> bool:
    """Whoever may write and sees the proposal."""
    return seat.may_write and may_view(seat, proposal)


def may_reply(seat, proposal) -> bool:
    """Who may join, while the proposal is on the board."""
    is_on_board = proposal.status == ProposalStatus.OPEN and not proposal.hidden_at
    return may_join(seat, proposal) and is_on_board


rules.add_perm("proposals.view_proposal", any_seat(may_view))
rules.add_perm("proposals.view_proposalversion", any_seat(may_view_version))
rules.add_perm(
    "proposals.view_reply", any_seat(may_view_discussion) & any_seat(may_view_unless_hidden)
)
rules.add_perm("proposals.print_proposal", any_seat(may_print))
rules.add_perm("proposals.add_proposal", any_seat(may_add))
rules.add_perm("proposals.change_proposal", any_seat(may_change))
rules.add_perm("proposals.publish_proposal", any_seat(may_publish))
rules.add_perm("proposals.delete_proposal", any_seat(may_publish))
rules.add_perm("proposals.withdraw_proposal", any_seat(may_withdraw))
rules.add_perm("proposals.add_reply", any_seat(may_reply))
rules.add_perm("proposals.hide_proposal", any_seat(is_secretariat))
rules.add_perm("proposals.hide_reply", any_seat(is_secretariat))
