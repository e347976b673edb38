"""Who may read and change what on the board.

Written for a seat and a proposal; ``members.rules.any_seat`` makes the predicates of pages.
``visible_to`` of the querysets says the same in SQL; tests compare the two.
"""

import rules
from django.utils import timezone

from core.enums import Level
from members.rules import any_seat, is_current, is_secretariat
from proposals.enums import (
    LIVE,
    OFFER_MOVES,
    UNDECIDED,
    OfferMove,
    OfferStatus,
    ProposalStatus,
)


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
    """Who writes it, while it is a draft or live."""
    return writes_it(seat, proposal) and (proposal.is_draft or proposal.is_live)


def may_publish(seat, proposal) -> bool:
    return writes_it(seat, proposal) and proposal.is_draft


def may_end(seat, proposal) -> bool:
    """Who writes it closes it or takes it back, until something is agreed."""
    return writes_it(seat, proposal) and proposal.status in UNDECIDED


def may_renew(seat, proposal) -> bool:
    """Who writes it, once its end date is near or has passed; one in talks does not expire."""
    return writes_it(seat, proposal) and proposal.is_renewable


def may_relate(seat, other) -> bool:
    """Whether the seat may link a proposal of its own with ``other``: one it reads, and live."""
    return may_view(seat, other) and other.is_live


def may_stop_offers(seat, proposal) -> bool:
    """Who writes it, until its end date."""
    return _settles_offers(seat, proposal) and not proposal.offers_stopped_at


def may_resume_offers(seat, proposal) -> bool:
    return _settles_offers(seat, proposal) and bool(proposal.offers_stopped_at)


def _settles_offers(seat, proposal) -> bool:
    """Who writes it says whether it takes offers, as long as its end date leaves that open."""
    return writes_it(seat, proposal) and proposal.is_live and not proposal.is_past_end


def may_join(seat, proposal) -> bool:
    """Whoever may write and sees the proposal."""
    return seat.may_write and may_view(seat, proposal)


def may_reply(seat, proposal) -> bool:
    """Who may join, while the proposal is live."""
    return may_join(seat, proposal) and proposal.is_live and not proposal.hidden_at


def may_edit_reply(seat, reply) -> bool:
    """Leads and deputies of the organization that has replied, while replies are taken."""
    return is_of_its_organization(seat, reply) and may_reply(seat, reply.proposal)


def is_asked(organization, proposal) -> bool:
    """Whether ``organization`` is one that may offer: a ward to a member, a member to a ward.

    What it says is an answer (domain.md), whether or not it may offer just now.
    """
    if organization.pk == proposal.organization_id or organization.is_secretariat:
        return False
    return organization.is_ward != proposal.organization.is_ward


def is_answering(organization, proposal) -> bool:
    """Whether what ``organization`` says is an answer: it may offer, or nobody may.

    Nobody may on a ward's proposal for the wards alone: there each other ward answers by a
    reply, or it would wait for ever.
    """
    if proposal.is_among_wards:
        return organization.is_ward and organization.pk != proposal.organization_id
    return is_asked(organization, proposal)


def is_offering_side(seat, proposal) -> bool:
    """Who may join, for an organization that may offer."""
    return may_join(seat, proposal) and is_asked(seat.organization, proposal)


def may_raise_offer(seat, proposal) -> bool:
    """Such a side, while offers are taken."""
    return is_offering_side(seat, proposal) and proposal.takes_offers


def may_view_offer_draft(seat, draft) -> bool:
    """Every seat of the organization that writes it, while it may read the proposal."""
    return is_of_its_organization(seat, draft) and may_view(seat, draft.proposal)


def writes_offer_draft(seat, draft) -> bool:
    """Leads and deputies of that organization."""
    return seat.may_write and may_view_offer_draft(seat, draft)


def may_be_origin(seat, proposal) -> bool:
    """Whether the seat may say that a joint project came from ``proposal``: it writes it, or its
    organization's accepted offer is carried out, and the proposal was neither closed nor taken
    back.

    An offer whose joint project was called off gives no say in what becomes of another's
    proposal.
    """
    stands = proposal.status in (*LIVE, ProposalStatus.COMPLETED)
    is_carried_out = any(
        offer.is_carried_out and offer.organization_id == seat.office.organization_id
        for offer in proposal.offers.all()
    )
    is_its_own = writes_it(seat, proposal) or (seat.may_write and is_carried_out)
    return stands and is_its_own and may_view(seat, proposal)


def is_of_a_side(seat, offer) -> bool:
    """A current seat of one of the two organizations that the talk is shown to."""
    return is_current(seat) and seat.office.organization_id in offer.sides


def may_view_offer(seat, offer) -> bool:
    """Both sides; the secretariat sees that it exists, and its state."""
    return is_of_a_side(seat, offer) or is_secretariat(seat)


def may_view_talk(seat, part) -> bool:
    """Both sides; and for a while the secretariat's seat that has opened the talk."""
    opened = is_secretariat(seat) and part.offer.openings.filter(
        seat=seat, until__gt=timezone.now()
    )
    return is_of_a_side(seat, part.offer) or bool(opened and opened.exists())


def answers_offer(seat, offer) -> bool:
    """Leads and deputies of the proposal's author."""
    return writes_it(seat, offer.proposal)


def wrote_offer(seat, offer) -> bool:
    """Leads and deputies of the organization that has offered."""
    return seat.may_write and is_of_its_organization(seat, offer)


def may_move_offer(seat, offer, move) -> bool:
    """Whose move it is: the offering side steps down, everything else is the author's."""
    whose = wrote_offer if move == OfferMove.STEP_DOWN else answers_offer
    return whose(seat, offer) and (OfferStatus(offer.status), move) in OFFER_MOVES


def writes_for_a_side(seat, offer) -> bool:
    """Leads and deputies of both sides."""
    return answers_offer(seat, offer) or wrote_offer(seat, offer)


def may_talk(seat, offer) -> bool:
    """Leads and deputies of both sides, from the beginning of the talk on.

    Also once it is accepted, to plan what was agreed; after a no nothing is added.
    """
    has_begun = offer.status in (OfferStatus.TALKING, OfferStatus.ACCEPTED)
    return has_begun and writes_for_a_side(seat, offer)


def may_ask_to_open(seat, offer) -> bool:
    """Leads and deputies of both sides ask the secretariat to look into their talk."""
    return writes_for_a_side(seat, offer)


def may_view_grid(seat, obj=None) -> bool:
    """The secretariat sees where every ward stands with every proposal."""
    return is_secretariat(seat)


def may_view_addressed(seat, obj=None) -> bool:
    """A ward sees its own column of the grid, and no other ward's."""
    return is_current(seat) and seat.organization.is_ward


def may_report(seat, subject) -> bool:
    """Everybody who writes and reads a proposal or a reply, but its author."""
    proposal = getattr(subject, "proposal", subject)
    reads = may_join(seat, proposal) and may_view_unless_hidden(seat, subject)
    return reads and not is_of_its_organization(seat, subject)


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
rules.add_perm("proposals.withdraw_proposal", any_seat(may_end))
rules.add_perm("proposals.close_proposal", any_seat(may_end))
rules.add_perm("proposals.renew_proposal", any_seat(may_renew))
rules.add_perm("proposals.unrelate", any_seat(writes_it))
rules.add_perm("proposals.stop_offers", any_seat(may_stop_offers))
rules.add_perm("proposals.resume_offers", any_seat(may_resume_offers))
rules.add_perm("proposals.raise_offer", any_seat(may_raise_offer))
rules.add_perm("proposals.view_offer", any_seat(may_view_offer))
rules.add_perm("proposals.view_offerdraft", any_seat(may_view_offer_draft))
rules.add_perm("proposals.view_talkmessage", any_seat(may_view_talk))
rules.add_perm("proposals.send_message", any_seat(may_talk))
rules.add_perm("proposals.report_proposal", any_seat(may_report))
rules.add_perm("proposals.edit_reply", any_seat(may_edit_reply))
rules.add_perm("proposals.view_grid", any_seat(may_view_grid))
rules.add_perm("proposals.view_addressed", any_seat(may_view_addressed))
rules.add_perm("proposals.open_talk", any_seat(is_secretariat))
rules.add_perm("proposals.add_reply", any_seat(may_reply))
rules.add_perm("proposals.hide_proposal", any_seat(is_secretariat))
rules.add_perm("proposals.hide_reply", any_seat(is_secretariat))
