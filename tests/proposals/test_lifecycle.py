"""The lifecycles of domain.md under random walks: whoever does whatever, whenever.

The tables below are written from domain.md, not read from the code. Six people of three
organizations (a municipality, two wards) and one of the secretariat act at random; whatever
they try either moves a state as a table allows, or is refused and changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agreements import services as agreements
from agreements.enums import CollaborationStatus
from agreements.models import Collaboration, YearReport
from core.dates import Precision, RecordDate, today
from core.errors import DomainError
from core.models import AuditEntry, OutboxMail
from members.enums import Role
from members.models import Seat
from notices.models import Notice
from proposals import services
from proposals.enums import OpeningGround, ReportStatus
from proposals.models import Offer, Proposal, Reply, Report, TalkMessage
from tests.factories.members import SeatFactory
from tests.factories.proposals import ProposalFactory

pytestmark = pytest.mark.django_db

RUNS, ACTIONS = 200, 30

# What may become of a proposal, by what somebody does (domain.md).
PROPOSAL_MOVES = {
    "close": {("open", "closed"), ("in_talks", "closed")},
    "withdraw": {("open", "withdrawn"), ("in_talks", "withdrawn")},
    "start_talk": {("open", "in_talks")},
    "accept": {("in_talks", "agreed")},
    "decline": {("in_talks", "open"), ("agreed", "completed")},
    "step_down": {("in_talks", "open"), ("agreed", "completed")},
    "cancel_project": {("agreed", "open"), ("agreed", "in_talks"), ("agreed", "completed")},
    "end_project": {("agreed", "completed")},
    "report_year": {("agreed", "completed")},
}
OFFER_MOVES = {
    "start_talk": {("interested", "talking")},
    "accept": {("talking", "accepted")},
    "decline": {("interested", "declined"), ("talking", "declined")},
    "step_down": {("interested", "withdrawn"), ("talking", "withdrawn")},
    # Both decline live offers with that reason.
    "close": {("interested", "declined"), ("talking", "declined")},
    "withdraw": {("interested", "declined"), ("talking", "declined")},
}


class World:
    """The people, and the two proposals that they act on: a municipality's and a ward's."""

    def __init__(self, lead: Seat, ward_lead: Seat, staff: Seat) -> None:
        second_ward = SeatFactory(office__organization__municipality__kind="特別区")
        reader = SeatFactory(office=lead.office, role=Role.READER)
        deputy = SeatFactory(office=ward_lead.office, role=Role.DEPUTY)
        second_reader = SeatFactory(office=second_ward.office, role=Role.READER)
        # Who may write comes up more often: otherwise most of a walk would be refusals.
        self.seats = [lead] * 5 + [ward_lead] * 3 + [deputy] * 2 + [second_ward] * 3
        self.seats += [reader, second_reader, staff, staff]
        self.proposals = [
            ProposalFactory(office=lead.office),
            ProposalFactory(office=ward_lead.office),
        ]
        # So do the moves that lead on, and those that end a walk early less often.
        self.names = ["raise_offer", "start_talk", "accept"] * 6 + ["decline", "step_down"] * 2
        self.names += ["start_project", "end_project", "report_year", "cancel_project"] * 3
        self.actions: dict[str, Callable[[Seat, int], object]] = {
            "raise_offer": lambda by, n: services.raise_offer(
                self.proposal(n), by=by, message=f"秘密{n}"
            ),
            "start_talk": lambda by, n: services.start_talk(self.offer(n), by=by),
            "accept": self.accept,
            "decline": lambda by, n: services.decline(self.offer(n), by=by, reason="秘密の理由"),
            "step_down": lambda by, n: services.step_down(
                self.offer(n), by=by, reason="秘密の理由"
            ),
            "send_message": lambda by, n: services.send_message(
                self.offer(n), by=by, body=f"秘密{n}"
            ),
            "close": lambda by, n: services.close(self.proposal(n), by=by, reason="相手がない"),
            "withdraw": lambda by, n: services.withdraw(self.proposal(n), by=by, reason="中止"),
            "renew": lambda by, n: services.renew(self.proposal(n), by=by),
            "stop_offers": lambda by, n: services.stop_offers(self.proposal(n), by=by),
            "resume_offers": lambda by, n: services.resume_offers(self.proposal(n), by=by),
            "hide": lambda by, n: services.hide(self.proposal(n), by=by, reason="確認中"),
            "unhide": lambda by, n: services.unhide(self.proposal(n), by=by, reason="確認済み"),
            "add_reply": lambda by, n: services.add_reply(self.proposal(n), by=by, body="返信"),
            "edit_reply": lambda by, n: services.edit_reply(
                one_of(Reply, n), by=by, body=f"返信{n}"
            ),
            "report": lambda by, n: services.report(self.proposal(n), by=by, reason="不適切"),
            "ask_to_open": lambda by, n: services.ask_to_open(self.offer(n), by=by, reason="確認"),
            "open_talk": lambda by, n: services.open_talk(
                self.offer(n), by=by, ground=OpeningGround.REQUEST, reason="依頼のため"
            ),
            "settle_report": lambda by, n: services.settle_report(
                one_of(Report, n), by=by, status=ReportStatus.UPHELD, outcome="対応"
            ),
            "start_project": lambda by, n: self.move_project(agreements.start, by, n),
            "end_project": lambda by, n: self.move_project(agreements.end, by, n),
            "cancel_project": self.cancel_project,
            "report_year": self.report_year,
        }
        self.names += sorted(self.actions)
        # Every move that was seen, of proposals and of offers.
        self.seen: set[tuple[str, str]] = set()

    def proposal(self, number: int) -> Proposal:
        return Proposal.objects.get(pk=self.proposals[number % 2].pk)

    def offer(self, number: int) -> Offer:
        return one_of(Offer, number)

    def accept(self, by: Seat, number: int) -> None:
        offer = self.offer(number)
        joins = services.joinable(offer.proposal)
        services.accept(offer, by=by, joins=joins[0] if joins and number % 2 else None)

    def move_project(self, move: Callable, by: Seat, number: int) -> None:
        project = one_of(Collaboration, number)
        when = RecordDate(today(), today(), Precision.DAY)
        move(project, by=by, version=project.version, when=when)

    def cancel_project(self, by: Seat, number: int) -> None:
        project = one_of(Collaboration, number)
        agreements.cancel(project, by=by, version=project.version, reason="中止")

    def report_year(self, by: Seat, number: int) -> None:
        """A ward reports, and then corrects its project, which the board follows."""
        project = one_of(Collaboration, number)
        if not YearReport.objects.filter(collaboration=project).exists():
            agreements.update(project, data={}, by=by, version=project.version)  # may it?
            YearReport.objects.create(collaboration=project, fiscal_year=2026, result="実績")
        agreements.update(
            project, data={"summary": f"実績{number}"}, by=by, version=project.version
        )


class Nothing(DomainError):
    """There is no such row yet."""


def one_of(model: type, number: int):
    rows = list(model.objects.order_by("pk"))
    if not rows:
        raise Nothing("まだありません")
    return rows[number % len(rows)]


def standing() -> tuple[dict, dict]:
    """The state of every proposal and of every offer."""
    return (
        dict(Proposal.objects.values_list("pk", "status")),
        dict(Offer.objects.values_list("pk", "status")),
    )


def everything() -> list:
    """All that an action may have written."""
    tables = [Proposal, Offer, Reply, TalkMessage, Report, Collaboration, YearReport]
    written = [AuditEntry, Notice, OutboxMail]
    return [list(table.objects.order_by("pk").values_list()) for table in tables] + [
        table.objects.count() for table in written
    ]


steps = st.lists(
    st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 5)),
    min_size=ACTIONS,
    max_size=ACTIONS + 10,
)
walks = settings(
    max_examples=RUNS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def walk(world: World, actions: list[tuple[int, int, int]]) -> None:
    """Does what was drawn, one after the other, and looks after each; then takes it all back."""
    with transaction.atomic():
        known = everything()
        for action, person, number in actions:
            name = world.names[action % len(world.names)]
            known = act(world, name, world.seats[person % len(world.seats)], number, known)
        look_at(world)
        transaction.set_rollback(True)


def act(world: World, name: str, by: Seat, number: int, before: list) -> list:
    """Does one thing; returns what is written then."""
    proposals, offers = standing()
    try:
        with transaction.atomic():
            world.actions[name](by, number)
    except DomainError:
        assert everything() == before, f"{name} was refused, and changed something"
        return before
    proposals_now, offers_now = standing()
    moved = moves(proposals, proposals_now)
    assert moved <= PROPOSAL_MOVES.get(name, set()), (name, moved)
    world.seen |= moved
    moved = moves(offers, offers_now)
    assert moved <= OFFER_MOVES.get(name, set()), (name, moved)
    world.seen |= moved
    return everything()


def moves(before: dict[int, str], after: dict[int, str]) -> set[tuple[str, str]]:
    """From which state to which those rows went that were there before."""
    return {(state, after[pk]) for pk, state in before.items() if after[pk] != state}


def look_at(world: World) -> None:
    """One consistent story, and talks that nobody but their sides reads."""
    for proposal in Proposal.objects.all():
        offers = list(proposal.offers.select_related("collaboration"))
        assert proposal.status == expected(proposal, offers), (proposal.status, offers)
    third = {seat.user for seat in world.seats}
    for message in TalkMessage.objects.select_related("offer__proposal"):
        sides = set(message.offer.sides)
        for user in third:
            seats = user.current_seats
            is_side = any(seat.office.organization_id in sides for seat in seats)
            has_opened = message.offer.openings.filter(seat__in=seats).exists()
            sees = TalkMessage.objects.visible_to(user).filter(pk=message.pk).exists()
            assert sees == (is_side or has_opened)
    told = AuditEntry.objects.filter(reason__contains="秘密").exists()
    assert not told, "the log tells what was said in a talk"
    mailed = OutboxMail.objects.filter(body__contains="秘密").exists()
    assert not mailed, "a mail tells what was said in a talk"


def expected(proposal: Proposal, offers: list[Offer]) -> str:
    """What the offers and joint projects of a proposal make of it (domain.md)."""
    if proposal.status in ("closed", "withdrawn", "completed"):
        assert not any(offer.is_live for offer in offers)
        return proposal.status
    projects = {offer.collaboration for offer in offers if offer.status == "accepted"}
    standing = [row for row in projects if row.status != CollaborationStatus.CANCELLED]
    if not standing:
        return "in_talks" if any(offer.status == "talking" for offer in offers) else "open"
    is_over = all(row.status == CollaborationStatus.ENDED for row in standing)
    has_reported = any(row.year_reports.exists() for row in standing)
    is_talking = any(offer.is_live for offer in offers)
    return "completed" if is_over and has_reported and not is_talking else "agreed"


def test_a_walk_with_a_fixed_seed(lead, ward_lead, staff):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL takes the random walk")
    world = World(lead, ward_lead, staff)

    @seed(20261123)
    @walks
    @given(steps)
    def run(actions):
        walk(world, actions)

    run()
    expected_moves = set().union(*PROPOSAL_MOVES.values(), *OFFER_MOVES.values())
    assert world.seen == expected_moves, "the walk must come everywhere"


def test_a_walk_with_a_random_seed(lead, ward_lead, staff):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes the fixed walk")
    world = World(lead, ward_lead, staff)

    @walks
    @given(steps)
    def run(actions):
        walk(world, actions)

    run()


def test_the_end_date_of_yesterday_takes_no_offer(lead, ward_lead):
    proposal = ProposalFactory(office=lead.office, ends_on=today() - timedelta(days=1))
    with pytest.raises(DomainError, match="受け付けていません"):
        services.raise_offer(proposal, by=ward_lead, message="関心があります。")
