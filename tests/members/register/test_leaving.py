"""What a member has open on the board when it leaves: nothing stays that nobody would answer."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from pytest_django.asserts import assertNotContains

from core import daily, once
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import OutboxMail
from members import services
from members.models import Membership, Seat
from members.record.basics import load_groups
from notices.models import Notice
from proposals import rules
from proposals import services as board
from proposals.enums import Move, OfferMove, OfferStatus, ProposalStatus
from proposals.models import Offer, Proposal, ProposalStep
from tests.factories.members import MembershipFactory, SeatFactory, WardFactory
from tests.factories.notices import WatchFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.members.register.mergers import member, merger, secretary, town
from tests.proposals.refusals import refused

pytestmark = pytest.mark.django_db

REASON = "市の方針による退会の届出"
TOLD = f"会員登録の終了のため。{REASON}"


class World:
    """A member with business in every state, two wards that deal with it, and a follower."""

    def __init__(self, lead: Seat, ward: Seat) -> None:
        self.lead, self.ward = lead, ward
        self.other_ward = SeatFactory(office__organization=WardFactory())
        self.follower = SeatFactory()
        self.membership = MembershipFactory(organization=lead.organization)
        self.open = ProposalFactory(office=lead.office, title="朝市")
        WatchFactory(seat=self.follower, object=self.open)
        self.draft = DraftFactory(office=lead.office, title="内緒の下書き")
        self.talk = self.talking(ProposalFactory(office=lead.office, title="木材"), lead, ward)
        self.own = self.talking(ProposalFactory(office=ward.office, title="夜市"), ward, lead)
        agreed = self.talking(ProposalFactory(office=lead.office, title="祭り"), lead, ward)
        self.accepted = board.accept(agreed, by=lead)
        self.late = board.raise_offer(agreed.proposal, by=self.other_ward, message="加わりたい。")

    @staticmethod
    def talking(proposal: Proposal, author: Seat, other: Seat) -> Offer:
        return board.start_talk(board.raise_offer(proposal, by=other, message="内密。"), by=author)

    def withdraw(self, staff: Seat, left=None) -> Membership:
        return services.withdraw_membership(
            self.membership, left=left or today(), by=staff, reason=REASON
        )

    def states(self) -> list[str]:
        """The states of proposals and offers, in the order of ``__init__``."""
        rows = [self.open, self.draft, self.talk.proposal, self.own.proposal]
        rows += [self.accepted.proposal, self.talk, self.own, self.accepted, self.late]
        for row in rows:
            row.refresh_from_db()
        return [row.status for row in rows]


BEFORE = ["open", "draft", "in_talks", "in_talks", "agreed"]
BEFORE += ["talking", "talking", "accepted", "interested"]
AFTER = ["withdrawn", "draft", "withdrawn", "open", "agreed"]
AFTER += ["declined", "withdrawn", "accepted", "declined"]


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-11-24 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def world(clock, lead, ward_lead) -> World:
    return World(lead, ward_lead)


def test_what_is_open_ends_with_the_membership(world, staff):
    assert world.states() == BEFORE
    world.withdraw(staff)
    assert world.states() == AFTER
    assert (world.open.ending_reason, world.own.settled_reason) == (TOLD, TOLD)
    step = world.open.steps.get(move=Move.WITHDRAW)
    assert (step.reason, step.signature) == (TOLD, staff.signature)
    assert world.own.steps.get(move=OfferMove.STEP_DOWN).reason == TOLD
    # What is agreed on goes on, and nobody new offers what nobody would answer.
    assert world.accepted.proposal.offers_stopped_at is not None
    assert not Proposal.objects.get(pk=world.accepted.proposal_id).takes_offers


def test_the_other_sides_and_followers_are_told_once(world, staff):
    Notice.objects.all().delete()
    OutboxMail.objects.all().delete()
    world.withdraw(staff)
    told = {
        seat: sorted(Notice.objects.filter(seat=seat).values_list("text", flat=True))
        for seat in (world.follower, world.ward, world.other_ward)
    }
    name = world.lead.organization.full_name
    assert told == {
        world.follower: ["提案「朝市」が取り下げられました"],
        world.ward: [
            f"提案「夜市」への{name}の申し出が、辞退されました",
            f"提案「木材」が終わり、{world.ward.organization.full_name}の申し出は見送りになりました",
        ],
        world.other_ward: [
            f"提案「祭り」への{world.other_ward.organization.full_name}の申し出は、見送りになりました"
        ],
    }
    assert not OutboxMail.objects.filter(body__contains="内緒の下書き").exists()


@pytest.mark.parametrize("why", ["reason", "seat", "order"])
def test_a_refused_withdrawal_ends_nothing(world, staff, why):
    left = world.membership.joined - timedelta(days=1) if why == "order" else today()
    by = world.lead if why == "seat" else staff
    reason = "" if why == "reason" else REASON
    with refused(NotAllowed if why == "seat" else DomainError):
        services.withdraw_membership(world.membership, left=left, by=by, reason=reason)
    assert Membership.objects.get(pk=world.membership.pk).left is None


def test_a_last_day_that_lies_ahead_is_waited_for(world, staff, clock):
    left = today() + timedelta(days=10)
    world.withdraw(staff, left=left)
    assert world.states() == BEFORE
    assert services.end_former_business(left) == 0
    clock.move_to(f"{left + timedelta(days=1)} 00:10+09:00", tick=False)
    runs = {run.name: run.result for run in daily.run()}
    assert runs["members.leaving"] == "退会した団体の提案・申し出5件を終了"
    assert world.states() == AFTER
    assert world.open.ending_reason == TOLD
    assert services.end_former_business(today()) == 0


def test_what_is_written_on_the_last_day_ends_the_day_after(world, staff, clock):
    """Until then it is a member."""
    world.withdraw(staff)
    late = ProposalFactory(office=world.lead.office)
    clock.move_to(f"{today() + timedelta(days=1)} 00:10+09:00", tick=False)
    assert services.end_former_business(today()) == 1
    late.refresh_from_db()
    assert (late.status, late.ending_reason) == (ProposalStatus.WITHDRAWN, TOLD)


@pytest.mark.parametrize(("days", "after"), [(1, BEFORE), (2, AFTER)])
def test_who_comes_back_without_a_day_between_has_not_left(world, staff, clock, days, after):
    """A membership recorded ahead answers for nobody before its first day."""
    left = today() + timedelta(days=10)
    world.withdraw(staff, left=left)
    joined = left + timedelta(days=days)
    services.open_membership(world.lead.organization, joined=joined, by=staff)
    clock.move_to(f"{left + timedelta(days=1)} 00:10+09:00", tick=False)
    services.end_former_business(today())
    assert world.states() == after


def test_wards_and_members_keep_what_is_theirs(world, staff, clock):
    """No membership is none that has ended; the daily job asks for those alone."""
    others = [ProposalFactory(office=seat.office) for seat in (world.ward, SeatFactory())]
    again = MembershipFactory(organization=world.follower.organization, joined=today())
    MembershipFactory(
        organization=again.organization,
        joined=today() - timedelta(days=900),
        left=today() - timedelta(days=300),
    )
    others.append(ProposalFactory(office=world.follower.office))
    world.withdraw(staff)
    clock.move_to(f"{today() + timedelta(days=1)} 00:10+09:00", tick=False)
    services.end_former_business(today())
    assert {Proposal.objects.get(pk=row.pk).status for row in others} == {ProposalStatus.OPEN}


class TestSeats:
    """What the seats of a body that has left still do."""

    ACTS = (
        rules.may_view,
        rules.may_change,
        rules.may_end,
        rules.may_renew,
        rules.may_reply,
        rules.may_raise_offer,
        rules.may_join,
        rules.may_print,
    )

    @pytest.mark.parametrize("days", [0, -1, -30])
    def test_they_end_and_open_nothing(self, world, staff, clock, days):
        """A last day that has passed gives nobody the rest of today."""
        world.withdraw(staff, left=today() + timedelta(days=days))
        if days == 0:
            assert Seat.objects.get(pk=world.lead.pk).may_write  # until midnight it is a member
            clock.move_to(f"{today() + timedelta(days=1)} 00:10+09:00", tick=False)
        seat = Seat.objects.with_office().with_user().get(pk=world.lead.pk)
        for proposal in Proposal.objects.with_author():
            assert not any(may(seat, proposal) for may in self.ACTS)
        assert not rules.may_add(seat)
        assert not any(rules.is_of_a_side(seat, offer) for offer in Offer.objects.with_sides())
        assert not Proposal.objects.visible_to(seat.user).exists()
        assert not seat.user.lingering_seats

    def test_their_browsers_are_shown_out(self, world, staff, client_of):
        client = client_of(world.lead)
        page = reverse("proposals:proposal_list")
        assert client.get(page).status_code == 200
        world.withdraw(staff, left=today() - timedelta(days=1))
        assert client.get(page).status_code == 302


def test_a_former_member_that_is_admitted_again_begins_anew(world, staff, clock):
    world.withdraw(staff)
    after = world.states()
    clock.move_to(f"{today() + timedelta(days=1)} 09:00+09:00", tick=False)
    told = Notice.objects.count()
    services.open_membership(world.lead.organization, joined=today(), by=staff)
    seat = SeatFactory(office=world.lead.office)
    assert world.states() == after
    assert (Notice.objects.count(), Proposal.objects.count()) == (told, 5)
    assert services.end_former_business(today() + timedelta(days=1)) == 0
    for act in (board.renew, board.resume_offers):
        with refused(DomainError, match="取下げ"):
            act(world.open, by=seat)
    # The draft is found again, what is agreed on is open again, and a new offer may be made.
    assert board.publish(world.draft, by=seat, version=1).status == ProposalStatus.OPEN
    board.resume_offers(world.accepted.proposal, by=seat)
    offer = board.raise_offer(world.own.proposal, by=seat, message="もう一度。")
    assert offer.status == OfferStatus.INTERESTED
    assert not ProposalStep.objects.filter(proposal=world.draft, move=Move.WITHDRAW).exists()


@pytest.mark.usefixtures("record")
def test_what_a_successor_goes_on_with_is_not_taken_back(clock):
    """A merger is no leaving, also where its day was missed."""
    lead, ward = member(town("井手町")), SeatFactory(office__organization=WardFactory())
    proposal = ProposalFactory(office=lead.office)
    offer = board.raise_offer(ProposalFactory(office=ward.office), by=lead, message="詳しく。")
    services.record_change(merger("井手町", "宇治田原町"), by=secretary())
    clock.move_to("2027-04-03 00:10+09:00", tick=False)
    assert services.end_former_business(today()) == 0
    daily.run()
    for row, status in ((proposal, "open"), (offer, "interested")):
        row.refresh_from_db()
        assert (row.organization.name, row.status) == ("綴喜市", status)


class TestPage:
    """The page that ends a membership lists what ends with it, and what stays."""

    def test_lists_it_and_ends_it(self, world, staff, client_of):
        load_groups()
        staff.user.groups.add(Group.objects.get(name="会員登録"))
        client = client_of(staff)
        page = reverse("admin:members_membership_withdraw", args=[world.membership.pk])
        shown = client.get(page)
        wards = world.ward.organization.full_name, world.other_ward.organization.full_name
        assert {item.title: item.lines for item in shown.context["consequences"]} == {
            "連携提案（取り下げます）": ["木材（協議中）", "朝市（募集中）"],
            "連携提案（そのまま残ります）": ["祭り（実施決定）", "下書き1件"],
            "連携の申し出（辞退または見送りになります）": [
                "「夜市」への申し出（協議中）",
                f"「木材」への{wards[0]}からの申し出（協議中）",
                f"「祭り」への{wards[1]}からの申し出（関心あり）",
            ],
            "連携事業（そのまま残ります）": ["祭り（計画中）"],
        }
        assertNotContains(shown, "内緒の下書き")
        answers = {"left": "2026-11-24", "reason": REASON}
        sent = client.post(page, {**answers, "token": once.new_token()})
        assert sent.status_code == 302, sent.context["form"].errors
        assert world.states() == AFTER
