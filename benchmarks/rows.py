"""The rows of the board: proposals in all states, what is said under them, and the offers.

Written straight into the tables, many at once, because services would take days; what services
keep true (states, dates, who may offer to whom) is kept true here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from random import Random

from django.db.models import Model
from django.utils import timezone

from agreements.models import Collaboration
from benchmarks.texts import RARE, Writer
from core import dates
from core.enums import Level
from members.models import Office, Theme
from proposals.enums import (
    LIVE,
    LIVE_OFFERS,
    Move,
    OfferMove,
    OfferStatus,
    ProposalKind,
    ProposalStatus,
)
from proposals.models import Offer, OfferStep, Proposal, ProposalStep, Reply, TalkMessage

# Of a hundred proposals, so many are in each state after some years; ``EXPIRED`` is open, past
# its end date.
EXPIRED = "expired"
STATES = {
    ProposalStatus.DRAFT: 2,
    ProposalStatus.OPEN: 8,
    EXPIRED: 2,
    ProposalStatus.IN_TALKS: 4,
    ProposalStatus.AGREED: 6,
    ProposalStatus.COMPLETED: 42,
    ProposalStatus.CLOSED: 22,
    ProposalStatus.WITHDRAWN: 14,
}
WITH_OFFERS = (ProposalStatus.IN_TALKS, ProposalStatus.AGREED, ProposalStatus.COMPLETED)
# Of one proposal; five on the average.
MOST_OFFERS, MOST_REPLIES = 3, 8
ANSWERED = 0.7  # of what is said under a proposal or in a talk, the author has answered so much
YEARS = 5
OPEN_FOR = timedelta(days=180)  # as the form proposes
REASON = "予算が付かなかったため。"
VISIBLE = (Level.MEMBERS, None, "")


@dataclass(frozen=True)
class World:
    """Who there is, and what the random rows are made from.

    ``reader`` is the office of the one who reads the pages; ``project`` is what accepted
    offers have joined.
    """

    random: Random
    writer: Writer
    reader: Office
    members: list[Office]
    wards: list[Office]
    themes: list[Theme]
    project: Collaboration


@dataclass
class Branch:
    """A proposal with everything that hangs on it."""

    proposal: Proposal
    themes: list[Theme]
    wards: list[Office]
    replies: list[Reply]
    offers: list[Offer]
    last_word: Office | None = None

    @property
    def links(self) -> list[Model]:
        themes, wards = Proposal.themes.through, Proposal.wards.through
        return [
            *(themes(proposal=self.proposal, theme=theme) for theme in self.themes),
            *(wards(proposal=self.proposal, organization=w.organization) for w in self.wards),
        ]


def special(world: World) -> tuple[Branch, Branch]:
    """Two that await the reader in every way: a ward's, in talks with the reader, where the ward
    has spoken last; and one of the reader's own, whose end is near, with offers and replies.
    """
    ward, *others = world.wards
    in_talks = branch(world, ProposalStatus.IN_TALKS, ward, [world.reader, *world.members[:2]])
    own = branch(world, ProposalStatus.OPEN, world.reader, others[:3])
    for made in (in_talks, own):
        made.proposal.level, made.proposal.hidden_at, made.proposal.hidden_reason = VISIBLE
        made.replies = [reply(world, made.proposal, office) for office in world.members[:5]]
    own.proposal.ends_on = dates.today() + timedelta(days=20)
    own.proposal.title = f"{RARE[0]}を一緒に紹介しませんか"  # found where there is little else
    in_talks.last_word, own.last_word = ward, None
    return in_talks, own


def drawn(world: World) -> Branch:
    """A proposal like many others."""
    random = world.random
    (state,) = random.choices(list(STATES), STATES.values())
    author = random.choice(world.wards if random.random() < 0.05 else world.members)
    asked = world.members if author.organization.is_ward else world.wards
    number = 0 if state == ProposalStatus.DRAFT else random.randint(0, MOST_OFFERS)
    number = max(number, state in WITH_OFFERS)
    return branch(world, state, author, random.sample(asked, number))


def branch(world: World, state: str, author: Office, offering: list[Office]) -> Branch:
    random = world.random
    made = proposal(world, state, author)
    number = 0 if made.is_draft else random.randint(0, MOST_REPLIES)
    replies = [reply(world, made, random.choice(world.members)) for _ in range(number)]
    if replies and random.random() < ANSWERED:
        replies[-1] = reply(world, made, author)
    return Branch(
        made,
        random.sample(world.themes, random.randint(1, 3)),
        random.sample(world.wards, random.randint(1, 5)) if random.random() < 0.1 else [],
        replies,
        [offer(world, made, office, not rank) for rank, office in enumerate(offering)],
        author if offering and random.random() < ANSWERED else None,
    )


def proposal(world: World, state: str, author: Office) -> Proposal:
    random, today = world.random, dates.today()
    status = ProposalStatus.OPEN if state == EXPIRED else ProposalStatus(state)
    is_over = state == EXPIRED or (status not in LIVE and status != ProposalStatus.DRAFT)
    days = random.randint(200, 365 * YEARS) if is_over else random.randint(0, 170)
    published = timezone.now() - timedelta(days=days, seconds=random.randrange(86_400))
    month = dates.add_months((today - timedelta(days=days)).replace(day=1), 3)
    has_ended = status in (ProposalStatus.CLOSED, ProposalStatus.WITHDRAWN)
    is_hidden = status != ProposalStatus.DRAFT and random.random() < 0.002
    is_wards_own = author.organization.is_ward and random.random() < 0.1
    active = min(published + timedelta(days=random.randint(0, 30)), timezone.now())
    return Proposal(
        organization=author.organization,
        office=author,
        signature=author.signature,
        kind=random.choice(ProposalKind.values),
        title=world.writer.title(),
        body=world.writer.body(),
        wished_from=month,
        wished_until=dates.add_months(month, random.randint(0, 6)),
        place="区内の公園または公民館",
        conditions="費用の分担は相談して決めます。",
        ends_on=today - timedelta(days=days) + OPEN_FOR,
        level=Level.WARDS if is_wards_own else Level.MEMBERS,
        status=status,
        published_at=None if status == ProposalStatus.DRAFT else published,
        changed_at=published,
        active_at=active,
        answered_at=active if random.random() < 0.8 else None,
        ended_at=active if has_ended else None,
        ending_reason=REASON if has_ended else "",
        hidden_at=active if is_hidden else None,
        hidden_reason=REASON if is_hidden else "",
    )


def reply(world: World, made: Proposal, office: Office) -> Reply:
    return Reply(
        proposal=made,
        organization=office.organization,
        signature=office.signature,
        body=world.writer.reply(),
    )


# What the first offer has come to; all others were declined.
FIRST_OFFER = {
    ProposalStatus.OPEN: OfferStatus.INTERESTED,
    ProposalStatus.IN_TALKS: OfferStatus.TALKING,
    ProposalStatus.AGREED: OfferStatus.ACCEPTED,
    ProposalStatus.COMPLETED: OfferStatus.ACCEPTED,
}


def offer(world: World, made: Proposal, office: Office, is_first: bool) -> Offer:
    first = FIRST_OFFER.get(ProposalStatus(made.status), OfferStatus.DECLINED)
    status = first if is_first else OfferStatus.DECLINED
    is_live = status in LIVE_OFFERS
    return Offer(
        proposal=made,
        organization=office.organization,
        office=office,
        signature=office.signature,
        status=status,
        collaboration=world.project if status == OfferStatus.ACCEPTED else None,
        raised_at=made.active_at,
        settled_at=None if is_live else made.active_at,
        settled_reason=REASON if status == OfferStatus.DECLINED else "",
    )


def write(branches: list[Branch]) -> None:
    """Puts all of them into their tables, parents first."""
    Proposal.objects.bulk_create([one.proposal for one in branches])
    links = list(chain.from_iterable(one.links for one in branches))
    for through in (Proposal.themes.through, Proposal.wards.through):
        through.objects.bulk_create([link for link in links if isinstance(link, through)])
    offers = _of(branches, "offers")
    Reply.objects.bulk_create(_of(branches, "replies"))
    Offer.objects.bulk_create(offers)
    ProposalStep.objects.bulk_create(_steps(branches))
    OfferStep.objects.bulk_create(_offer_steps(offers))
    TalkMessage.objects.bulk_create(_messages(offers))
    TalkMessage.objects.bulk_create(_last_words(branches))


def _of(branches: Iterable[Branch], name: str) -> list[Model]:
    return [row for one in branches for row in getattr(one, name)]


def _steps(branches: Iterable[Branch]) -> Iterator[ProposalStep]:
    for one in branches:
        if not one.proposal.is_draft:
            yield ProposalStep(
                proposal=one.proposal,
                move=Move.PUBLISH,
                status=ProposalStatus.OPEN,
                at=one.proposal.published_at,
                signature=one.proposal.signature,
            )


def _offer_steps(offers: Iterable[Offer]) -> Iterator[OfferStep]:
    for row in offers:
        yield OfferStep(
            offer=row,
            move=OfferMove.RAISE,
            status=OfferStatus.INTERESTED,
            at=row.raised_at,
            signature=row.signature,
        )


def _messages(offers: Iterable[Offer]) -> Iterator[TalkMessage]:
    for row in offers:
        yield _message(row, row.office, row.raised_at)


def _last_words(branches: Iterable[Branch]) -> Iterator[TalkMessage]:
    for one in branches:
        if one.last_word:
            yield _message(one.offers[0], one.last_word, one.proposal.active_at)


def _message(offer: Offer, by: Office, at: datetime) -> TalkMessage:
    return TalkMessage(
        offer=offer,
        organization=by.organization,
        signature=by.signature,
        body="日程を相談させてください。",
        sent_at=at,
    )
