"""Proposals and the joint projects that came of them, each as far as a reader may know."""

from rules import has_perm

from agreements.following import Beginning
from agreements.models import Collaboration
from agreements.queries import latest_first
from core.dates import today
from members.models import Seat
from notices.models import Watch
from proposals import rules
from proposals.models import Offer, Proposal


def projects_of(proposal: Proposal, user) -> list[Collaboration]:
    """The joint projects that offers on ``proposal`` have started, as far as ``user`` sees them."""
    started = proposal.offers.filter(collaboration__isnull=False).order_by()
    visible = Collaboration.objects.visible_to(user)
    return list(latest_first(visible.filter(pk__in=started.values("collaboration"))))


def beginnings_of(project: Collaboration, user) -> list[Beginning]:
    """The proposals and accepted offers that ``project`` came from (``agreements.following``).

    A proposal for whoever may read it. An offer for its sides, who get its page too; other
    readers of the proposal are told of those whose organization is named by the project anyway.
    One query, and none for visitors.
    """
    if not user.is_authenticated:
        return []
    offers = Offer.objects.filter(collaboration=project).with_sides().order_by("settled_at", "pk")
    named = {party.organization_id for party in project.parties.all()}
    proposals: dict[int, Beginning] = {}
    accepted = []
    for offer in offers:
        reads_proposal = has_perm("proposals.view_proposal", user, offer.proposal)
        reads_offer = has_perm("proposals.view_offer", user, offer)
        if reads_proposal:
            proposals.setdefault(offer.proposal_id, _proposed(offer.proposal))
        if reads_offer or (reads_proposal and offer.organization_id in named):
            accepted.append(_accepted(offer, offer.get_absolute_url() if reads_offer else ""))
    return [*proposals.values(), *accepted]


def _proposed(proposal: Proposal) -> Beginning:
    return Beginning(
        kind="提案",
        title=proposal.title,
        at=proposal.published_at,
        bodies=[("提案元", proposal.organization)],
        url=proposal.get_absolute_url(),
        is_post=True,
    )


def _accepted(offer: Offer, url: str) -> Beginning:
    return Beginning(
        kind="申し出の受諾",
        title=f"{offer.organization.full_name}からの申し出を受諾",
        at=offer.settled_at,
        bodies=[("申し出", offer.organization), ("提案元", offer.proposal.organization)],
        url=url,
    )


def seats_following(project: Collaboration) -> list[Seat]:
    """The seats that follow a proposal which ``project`` came from, and that may read it."""
    proposals = Proposal.objects.filter(offers__collaboration=project).distinct()
    found = []
    for proposal in proposals.select_related("organization"):
        watches = Watch.objects.of(proposal).values("seat")
        seats = Seat.objects.on(today()).active().with_office().with_user()
        followers = seats.filter(pk__in=watches).order_by("pk")
        found += [seat for seat in followers if rules.may_view(seat, proposal)]
    return found
