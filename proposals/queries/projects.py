"""Proposals and the joint projects that came of them, each as far as a reader may know."""

from django.db.models import Q
from django.utils import timezone
from rules import has_perm

from agreements.following import Beginning
from agreements.models import Collaboration
from agreements.queries import latest_first
from core.dates import day_text, today
from members.models import Seat
from notices.models import Watch
from proposals import rules
from proposals.enums import OfferStatus
from proposals.models import Offer, Proposal
from proposals.querysets import ProposalQuerySet


def projects_of(proposal: Proposal, user) -> list[Collaboration]:
    """The joint projects that offers on ``proposal`` have started, or that wards have linked with
    it, as far as ``user`` sees them."""
    started = proposal.offers.filter(collaboration__isnull=False).order_by()
    linked = proposal.projects.order_by()
    came_of_it = Q(pk__in=started.values("collaboration")) | Q(pk__in=linked.values("pk"))
    return list(latest_first(Collaboration.objects.visible_to(user).filter(came_of_it)))


def origins_of(project: Collaboration) -> ProposalQuerySet:
    """The proposals that ``project`` came from, by their offers or as its ward has said."""
    rows = Proposal.objects.filter(Q(offers__collaboration=project) | Q(projects=project))
    return rows.distinct().order_by("pk")


def origins_for(seat: Seat, project: Collaboration | None) -> list[Proposal]:
    """The proposals that ``seat`` may say that ``project``, or a new one, came from.

    None where an offer has started it, or it is linked with one that the seat may not read.
    With the one that it is linked with. The newest first.
    """
    if project and project.offers.exists():
        return []
    offers = Offer.objects.filter(
        organization=seat.office.organization_id, status=OfferStatus.ACCEPTED
    )
    own = Q(organization=seat.office.organization_id) | Q(pk__in=offers.values("proposal"))
    rows = Proposal.objects.filter(own | Q(projects=project) if project else own)
    rows = (
        rows.on_board()
        .select_related("organization")
        .prefetch_related("offers__collaboration", "projects")
    )
    found = list(rows.order_by("-published_at", "-pk"))
    linked = [row for row in found if project in row.projects.all()]
    if not all(rules.may_view(seat, row) for row in linked):
        return []
    return [row for row in found if row in linked or rules.may_be_origin(seat, row)]


def origin_choices(seat: Seat, project: Collaboration | None) -> list[tuple[str, str]]:
    """``origins_for`` as the form of a joint project shows them."""
    return [
        (str(row.pk), f"{row}（{row.signature}、{day_text(timezone.localdate(row.published_at))}）")
        for row in origins_for(seat, project)
    ]


def chosen_origins(project: Collaboration) -> list[tuple[str, str]]:
    """The proposal that a ward has linked ``project`` with: its id and title."""
    return [(str(row.pk), row.title) for row in project.proposals.all()]


def beginnings_of(project: Collaboration, user) -> list[Beginning]:
    """The proposals and accepted offers that ``project`` came from (``agreements.following``).

    A proposal for whoever may read it. An offer for its sides, who get its page too; other
    readers of the proposal are told of those whose organization is named by the project anyway.
    What an offer has started was linked with nothing else: then one query, otherwise two, and none
    for visitors.
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
    if not offers:
        proposals = {row.pk: _proposed(row) for row in _linked(project, user)}
    return [*proposals.values(), *accepted]


def _linked(project: Collaboration, user) -> list[Proposal]:
    """The proposals that a ward has linked ``project`` with, as far as ``user`` may read them."""
    rows = project.proposals.select_related(
        "organization__municipality", "organization__prefecture"
    )
    return [row for row in rows if has_perm("proposals.view_proposal", user, row)]


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
    found = []
    for proposal in origins_of(project).select_related("organization"):
        watches = Watch.objects.of(proposal).values("seat")
        seats = Seat.objects.on(today()).active().with_office().with_user()
        followers = seats.filter(pk__in=watches).order_by("pk")
        found += [seat for seat in followers if rules.may_view(seat, proposal)]
    return found
