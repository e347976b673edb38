"""What becomes of an organization's part on the board when another one succeeds it, or it leaves."""

from django.db.models import Q

from core import audit
from core.audit import Actor
from members import successions
from members.models import Organization
from proposals.enums import (
    LIVE,
    LIVE_OFFERS,
    UNDECIDED,
    Action,
    OfferMove,
    OfferStatus,
    ProposalStatus,
)
from proposals.models import Offer, OfferDraft, Proposal, Report, TalkMessage
from proposals.querysets import OfferQuerySet, ProposalQuerySet, ReportQuerySet
from proposals.services import end_offers, end_proposals, settle
from proposals.services.states import locked_offer

# Two offers of organizations that have become one, on the same proposal: one of them goes on.
ALREADY_OFFERED = "団体の統合により、{}からの申し出にまとめたため"


def _going_on(organization: Organization) -> ProposalQuerySet:
    """What its people still write at. The rest is told, and stays with the name it was told under."""
    return Proposal.objects.filter(
        organization=organization, status__in=(ProposalStatus.DRAFT, *LIVE)
    )


def _talks_of(organization: Organization) -> OfferQuerySet:
    """The offers whose talks go on: live ones, and what was accepted and is not over."""
    accepted = Q(status=OfferStatus.ACCEPTED, proposal__status=ProposalStatus.AGREED)
    return Offer.objects.filter(
        Q(status__in=LIVE_OFFERS) | accepted, organization=organization
    ).with_sides()


def _waiting(organization: Organization) -> ReportQuerySet:
    """Its reports, and requests about its talks, that the secretariat has not settled."""
    return Report.objects.open().filter(organization=organization).with_subjects()


def moving(organization: Organization) -> list[str]:
    """The proposals that go on; of drafts only how many, which nobody else may read."""
    going_on = _going_on(organization)
    drafts = sum(proposal.is_draft for proposal in going_on)
    titles = [_line(proposal) for proposal in going_on if not proposal.is_draft]
    return titles + ([f"下書き{drafts}件"] if drafts else [])


def ending(organization: Organization) -> list[str]:
    """The proposals that a member takes back as it leaves."""
    return [_line(proposal) for proposal in _going_on(organization) if proposal.status in UNDECIDED]


def end(organization: Organization, by: Actor, reason: str) -> int:
    return end_proposals(organization, by=by, reason=reason)


def _line(proposal: Proposal) -> str:
    return f"{proposal.title}（{proposal.shown_status_label}）"


def move(former: Organization, successor: Organization, by: Actor) -> int:
    """Gives the successor what goes on, with what was said for it there; its people may edit it.

    Signatures stay.
    """
    going_on = _going_on(former).select_for_update(of=("self",))
    changes = {"organization": audit.Change(str(former), str(successor))}
    for proposal in going_on:
        proposal.organization = successor
        proposal.save(update_fields=["organization", "search_text"])
        proposal.replies.filter(organization=former).update(organization=successor)
        said = TalkMessage.objects.filter(offer__proposal=proposal, organization=former)
        said.update(organization=successor)
        audit.record(Action.SUCCEED, proposal, by=by, changes=changes)
    return len(going_on)


def offers_moving(organization: Organization) -> list[str]:
    """The offers that go on, by the proposal and the state: nothing of what was said."""
    return [_offer_line(offer) for offer in _talks_of(organization)]


def offers_ending(organization: Organization) -> list[str]:
    """The offers that wait for an answer, on either side: to those of others it is a no."""
    own = [_offer_line(offer) for offer in _talks_of(organization) if offer.is_live]
    received = Offer.objects.live().filter(proposal__organization=organization).with_sides()
    others = [
        f"「{offer.proposal}」への{offer.organization.full_name}からの申し出"
        f"（{offer.get_status_display()}）"
        for offer in received
    ]
    return own + others


def stop_offering(organization: Organization, by: Actor, reason: str) -> int:
    return end_offers(organization, by=by, reason=reason)


def _offer_line(offer: Offer) -> str:
    return f"「{offer.proposal}」への申し出（{offer.get_status_display()}）"


def move_offers(former: Organization, successor: Organization, by: Actor) -> int:
    """Gives the successor the offers that go on, with their talks.

    Where it has a live one on the same proposal already, the former one's ends as stepped down.
    """
    offers = list(_talks_of(former))
    changes = {"organization": audit.Change(str(former), str(successor))}
    for found in offers:
        offer = locked_offer(found)
        if offer.is_live and offer.proposal.offers.live().filter(organization=successor).exists():
            reason = ALREADY_OFFERED.format(successor.full_name)
            settle(offer, OfferMove.STEP_DOWN, by=by, reason=reason, following=True)
        offer.organization = successor
        offer.save(update_fields=["organization"])
        offer.messages.filter(organization=former).update(organization=successor)
        audit.record(Action.SUCCEED, offer, by=by, changes=changes)
    return len(offers)


def offer_drafts_moving(organization: Organization) -> list[str]:
    """How many drafts of offers it has, which nobody else may read."""
    count = OfferDraft.objects.filter(organization=organization).count()
    return [f"下書き{count}件"] if count else []


def move_offer_drafts(former: Organization, successor: Organization, by: Actor) -> int:
    """Gives the successor the drafts of offers; what it has written itself stands first."""
    drafts = list(OfferDraft.objects.filter(organization=former).select_for_update(of=("self",)))
    for draft in drafts:
        own = OfferDraft.objects.of(draft.proposal, successor).select_for_update().first()
        if own:
            own.message, own.version = f"{own.message}\n\n{draft.message}", own.version + 1
            own.page_token = None  # no page of theirs has shown the other's text
            own.save(update_fields=["message", "version", "page_token"])
            draft.delete()
        else:
            draft.organization = successor
            draft.save(update_fields=["organization"])
        changes = {"organization": audit.Change(str(former), str(successor))}
        audit.record(Action.SUCCEED, own or draft, by=by, changes=changes)
    return len(drafts)


def reports_moving(organization: Organization) -> list[str]:
    """What it has told the secretariat that waits for an answer; not why."""
    return [str(report) for report in _waiting(organization)]


def move_reports(former: Organization, successor: Organization, by: Actor) -> int:
    """Lets the successor be told what becomes of what ``former`` has reported."""
    waiting = _waiting(former).select_for_update(of=("self",))
    changes = {"organization": audit.Change(str(former), str(successor))}
    for report in waiting:
        report.organization = successor
        report.save(update_fields=["organization"])
        audit.record(Action.SUCCEED, report, by=by, changes=changes)
    return len(waiting)


def register() -> None:
    proposals = successions.Belongings(
        "連携提案",
        moving=moving,
        move=move,
        ended_as="取り下げます",
        ending=ending,
        end=end,
    )
    successions.register("proposals.proposals", proposals)
    offers = successions.Belongings(
        "連携の申し出",
        moving=offers_moving,
        move=move_offers,
        ended_as="辞退または見送りになります",
        ending=offers_ending,
        end=stop_offering,
    )
    successions.register("proposals.offers", offers)
    drafts = successions.Belongings(
        "申し出の下書き", moving=offer_drafts_moving, move=move_offer_drafts
    )
    successions.register("proposals.offer_drafts", drafts)
    reports = successions.Belongings("通報", moving=reports_moving, move=move_reports)
    successions.register("proposals.reports", reports)
