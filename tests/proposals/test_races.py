"""Two people act on one proposal at the same moment: one consistent story remains.

Each race is run by services and by the forms of the pages; with either one a moment ahead, so
that the other has read what holds no longer, and with both at once. Whoever comes too late is
told so in a sentence, nothing of theirs is left, and nobody is told of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from agreements import services as agreements
from agreements.enums import Origin
from agreements.models import Collaboration
from core.audit import System
from core.dates import Precision, RecordDate, add_months, fiscal_year_of, today
from core.models import AuditEntry, OutboxMail
from members import services as members
from members.enums import Role
from members.models import Membership, Seat
from notices.enums import Pace
from notices.models import Notice
from proposals import services
from proposals.enums import UNANSWERED_DAYS, Action, Move, OfferMove
from proposals.models import Offer, OfferStep, Proposal, ProposalStep, Reply, Report, TalkMessage
from proposals.services import reminders
from tests.agreements.collaborations import project_of
from tests.factories.members import (
    MembershipFactory,
    OrganizationFactory,
    SeatFactory,
    ThemeFactory,
    WardFactory,
)
from tests.factories.proposals import DraftFactory, ExpiredFactory, ProposalFactory
from tests.proposals.answers import complete
from tests.proposals.lifecycle import REGISTERED, stands_as
from tests.proposals.racing import DONE, Act, at_once, overtake
from tests.proposals.standing import Standing

pytestmark = pytest.mark.django_db(transaction=True)

# What each kind of notice is about.
TOLD_OF = {
    "proposals.offer_step": OfferStep,
    "proposals.step": ProposalStep,
    "proposals.message": TalkMessage,
    "proposals.reply": Reply,
    "proposals.report": Report,
}


class People:
    """Two who write for a municipality, two for a ward, and one for another ward."""

    def __init__(self) -> None:
        home = OrganizationFactory()
        self.lead = SeatFactory(office__organization=home)
        self.deputy = SeatFactory(office=self.lead.office, role=Role.DEPUTY)
        self.ward = SeatFactory(office__organization=WardFactory())
        self.ward_deputy = SeatFactory(office=self.ward.office, role=Role.DEPUTY)
        self.second_ward = SeatFactory(office__organization=WardFactory())

    def proposal(self) -> Proposal:
        return ProposalFactory(office=self.lead.office)

    def talking(self, proposal: Proposal, by: Seat) -> Offer:
        offer = services.raise_offer(proposal, by=by, message="詳しくお聞かせください。")
        return services.start_talk(offer, by=self.lead)

    def carried_out(self, proposal: Proposal) -> Collaboration:
        """A joint project of the ward, under way and reported on."""
        offer = services.accept(self.talking(proposal, self.ward), by=self.lead)
        project = offer.collaboration
        project = agreements.start(project, by=self.ward, version=project.version, when=TODAY)
        data = {"fiscal_year": fiscal_year_of(today()), "result": "3,000人が来場した。"}
        report = agreements.write_report(project, data=data, by=self.ward)
        agreements.submit_report(report, by=self.ward, version=report.version)
        return Collaboration.objects.get(pk=project.pk)


TODAY = RecordDate(today(), today(), Precision.DAY)


@dataclass(frozen=True)
class Race:
    """Two acts, and how one ends when the other was ahead: ``DONE``, or the refusal.

    ``asked_anew`` is what a page says that has read what the other has done.
    """

    acts: Callable[[People], tuple[Act, Act]]
    second_ends: str = DONE
    first_ends: str = DONE
    asked_anew: str = ""

    def allows(self, ends: tuple[str, str]) -> bool:
        stories = {(DONE, self.second_ends), (self.first_ends, DONE)}
        if self.asked_anew:
            stories |= {(DONE, self.asked_anew), (self.asked_anew, DONE)}
        return any(first in ends[0] and second in ends[1] for first, second in stories)


def accepting(offer: Offer, by: Seat, joins: Collaboration | None = None) -> Act:
    answers = {"project": str(joins.pk)} if joins else {}

    def service() -> Offer:
        return services.accept(offer, by=by, joins=joins)

    return Act(service, by, "proposals:offer_accept", offer.pk, answers)


def offering(proposal: Proposal, by: Seat) -> Act:
    answers = {"message": "詳しくお聞かせください。"}

    def service() -> Offer:
        return services.raise_offer(proposal, by=by, **answers)

    return Act(service, by, "proposals:offer_create", proposal.pk, answers | {"step": "done"})


def with_reason(service: Callable, row: Offer | Proposal, by: Seat, page: str) -> Act:
    answers = {"reason": "予算が付かなかったため。"}
    return Act(lambda: service(row, by=by, **answers), by, f"proposals:{page}", row.pk, answers)


def two_offers_are_accepted(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    offers = [people.talking(proposal, ward) for ward in (people.ward, people.second_ward)]
    return accepting(offers[0], people.lead), accepting(offers[1], people.deputy)


def one_offer_is_accepted_twice(people: People) -> tuple[Act, Act]:
    offer = people.talking(people.proposal(), people.ward)
    return accepting(offer, people.lead), accepting(offer, people.deputy)


def accepted_and_withdrawn(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    offer = people.talking(proposal, people.ward)
    withdrawing = with_reason(services.withdraw, proposal, people.deputy, "proposal_withdraw")
    return accepting(offer, people.lead), withdrawing


def accepted_and_stepped_down(people: People) -> tuple[Act, Act]:
    offer = people.talking(people.proposal(), people.ward)
    stepping = with_reason(services.step_down, offer, people.ward, "offer_step_down")
    return accepting(offer, people.lead), stepping


def replied_and_closed(people: People) -> tuple[Act, Act]:
    proposal, answers = people.proposal(), {"body": "詳しくお聞かせください。"}
    by = people.second_ward

    def service() -> Reply:
        return services.add_reply(proposal, by=by, **answers)

    replying = Act(service, by, "proposals:reply_create", proposal.pk, answers)
    return replying, with_reason(services.close, proposal, people.lead, "proposal_close")


def one_organization_offers_twice(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    return offering(proposal, people.ward), offering(proposal, people.ward_deputy)


def offered_and_stopped(people: People) -> tuple[Act, Act]:
    proposal, by = people.proposal(), people.lead
    address = "proposals:proposal_stop_offers"
    stopping = Act(lambda: services.stop_offers(proposal, by=by), by, address, proposal.pk)
    return offering(proposal, people.ward), stopping


def published_twice(people: People) -> tuple[Act, Act]:
    draft = DraftFactory(office=people.lead.office)

    def publishing(by: Seat) -> Act:
        answers = {**complete(ThemeFactory()), "step": "done", "version": 1}

        def service() -> Proposal:
            return services.publish(draft, by=by, version=1)

        return Act(service, by, "proposals:proposal_update", draft.pk, answers)

    return publishing(people.lead), publishing(people.deputy)


def renewed_and_expired(people: People) -> tuple[Act, Act]:
    proposal, by = ExpiredFactory(office=people.lead.office), people.lead
    end = add_months(today(), 3)
    answers = {"ends_on_y": str(end.year), "ends_on_m": str(end.month), "ends_on_d": str(end.day)}

    def service() -> Proposal:
        return services.renew(proposal, by=by, ends_on=end)

    renewing = Act(service, by, "proposals:proposal_renew", proposal.pk, answers)
    return renewing, Act(lambda: reminders.tell_expired(today()))


def answered_and_found_unanswered(people: People) -> tuple[Act, Act]:
    long_ago = timezone.now() - timedelta(days=UNANSWERED_DAYS)
    proposal = ProposalFactory(office=people.lead.office, published_at=long_ago)
    return offering(proposal, people.ward), Act(lambda: reminders.tell_unanswered(today()))


def one_organization_reports_twice(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    first, second = (
        with_reason(services.report, proposal, by, "proposal_report")
        for by in (people.ward, people.ward_deputy)
    )
    return first, second


def joined_and_cancelled(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    project = people.carried_out(proposal)
    offer = people.talking(proposal, people.second_ward)

    def service() -> Collaboration:
        return agreements.cancel(
            project, by=people.ward, version=project.version, reason="中止のため。"
        )

    answers = {"reason": "中止のため。", "version": project.version}
    cancelling = Act(service, people.ward, "agreements:collaboration_cancel", project.pk, answers)
    return accepting(offer, people.lead, joins=project), cancelling


def the_last_talk_and_the_project_end(people: People) -> tuple[Act, Act]:
    proposal = people.proposal()
    project = people.carried_out(proposal)
    offer = people.talking(proposal, people.second_ward)
    declining = with_reason(services.decline, offer, people.lead, "offer_decline")

    def service() -> Collaboration:
        return agreements.end(project, by=people.ward, version=project.version, when=TODAY)

    return declining, Act(service)


def linked_and_withdrawn(people: People) -> tuple[Act, Act]:
    """A ward says that a joint project of its own came from what a colleague takes back."""
    proposal = ProposalFactory(office=people.ward.office)
    project = project_of(
        people.ward.organization, title=REGISTERED, origin=Origin.BOARD, published_at=None
    )
    data = {"proposal": str(proposal.pk)}

    def service() -> Collaboration:
        return agreements.update(project, data=data, by=people.ward, version=project.version)

    by = people.ward_deputy
    return Act(service), with_reason(services.withdraw, proposal, by, "proposal_withdraw")


def leaving(seat: Seat) -> Act:
    """The secretariat ends the membership of the seat's municipality today."""
    membership = MembershipFactory(organization=seat.organization)

    def service() -> Membership:
        return members.withdraw_membership(
            membership, left=today(), by=System("見本"), reason="退会の届出"
        )

    return Act(service)


def accepted_while_the_author_leaves(people: People) -> tuple[Act, Act]:
    offer = people.talking(people.proposal(), people.ward)
    return accepting(offer, people.lead), leaving(people.lead)


def accepted_while_the_offering_side_leaves(people: People) -> tuple[Act, Act]:
    proposal = ProposalFactory(office=people.ward.office)
    offer = services.raise_offer(proposal, by=people.lead, message="詳しくお聞かせください。")
    offer = services.start_talk(offer, by=people.ward)
    return accepting(offer, people.ward), leaving(people.lead)


RACES = [
    Race(two_offers_are_accepted, asked_anew="受諾したあとの進め方を選んでください"),
    Race(one_offer_is_accepted_twice, "「受諾」", "「受諾」"),
    Race(accepted_and_withdrawn, "「実施決定」", "「見送り」"),
    Race(accepted_and_stepped_down, "「受諾」", "「辞退」"),
    Race(replied_and_closed, DONE, "いまは返信できません"),
    Race(one_organization_offers_twice, "すでに申し出ています", "すでに申し出ています"),
    Race(offered_and_stopped, DONE, "申し出を受け付けていません"),
    Race(published_twice, "先に更新しました", "先に更新しました"),
    Race(renewed_and_expired),
    Race(answered_and_found_unanswered),
    Race(
        one_organization_reports_twice, "すでに事務局に届いています", "すでに事務局に届いています"
    ),
    Race(joined_and_cancelled, "先に更新しました", "加わる連携事業を", "正しく選択してください"),
    Race(the_last_talk_and_the_project_end),
    Race(linked_and_withdrawn, "「実施決定」", "自区の提案"),
    Race(accepted_while_the_author_leaves, DONE, "「見送り」"),
    Race(accepted_while_the_offering_side_leaves, DONE, "「辞退」"),
]


@pytest.mark.parametrize("way", ["service", "page"])
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.acts.__name__)
def test_one_consistent_story_remains(race: Race, way: str):
    first, second = (act.ready(way) for act in race.acts(People()))
    ends = overtake(first, second)
    assert ends[0] == DONE
    assert race.second_ends in ends[1]
    look_at_story()

    first, second = (act.ready(way) for act in race.acts(People()))
    ends = overtake(second, first)
    assert ends[0] == DONE
    assert race.first_ends in ends[1]
    look_at_story()

    first, second = (act.ready(way) for act in race.acts(People()))
    ends = at_once(first, second)
    assert race.allows(ends), ends
    look_at_story()


def test_two_leave_by_one_file_while_the_first_still_offers():
    """The offer is written beside that of the second; neither waits for the other in a circle."""
    people, second = People(), SeatFactory()
    wish = ProposalFactory(office=people.ward.office)
    services.raise_offer(wish, by=second, message="詳しくお聞かせください。")
    acts = leaving(people.lead), offering(wish, people.lead), leaving(second)
    first, offers, then = (act.ready("service") for act in acts)
    assert overtake(first, offers, then) == (DONE, DONE)
    states = Offer.objects.values_list("organization", "status")
    assert dict(states) == {
        second.organization.pk: "withdrawn",
        people.lead.organization.pk: "interested",
    }


# The audit row of each step, and the model of what each notice tells of.
STEPS = {
    OfferMove.RAISE: Action.RAISE_OFFER,
    OfferMove.START_TALK: Action.START_TALK,
    OfferMove.ACCEPT: Action.ACCEPT_OFFER,
    OfferMove.DECLINE: Action.DECLINE_OFFER,
    OfferMove.STEP_DOWN: Action.STEP_DOWN,
    Move.PUBLISH: Action.PUBLISH,
    Move.CLOSE: Action.CLOSE,
    Move.WITHDRAW: Action.WITHDRAW,
    Move.RENEW: Action.RENEW,
    Move.STOP_OFFERS: Action.STOP_OFFERS,
}


def look_at_story() -> None:
    """States, steps, log, notices and mails all tell the same."""
    now = Standing.now("-")
    for proposal in now.of(Proposal):
        if proposal.status != "draft":
            assert proposal.status == stands_as(proposal, now)
    for model, field in ((OfferStep, "offer"), (ProposalStep, "proposal")):
        for step in model.objects.select_related(field).order_by("pk"):
            last = getattr(step, field).steps.last()
            assert last.status == getattr(step, field).status
    steps = [*OfferStep.objects.all(), *ProposalStep.objects.all()]
    for move, action in STEPS.items():
        logged = AuditEntry.objects.filter(action=action).count()
        assert logged == sum(step.move == move for step in steps), action
    projects = {row.collaboration_id for row in now.of(Offer) if row.status == "accepted"}
    begun = {row.id for row in now.of(Collaboration) if row.title != REGISTERED}
    assert begun == projects
    look_at_notices()


def look_at_notices() -> None:
    """Each notice is of something that has happened, and each mail of a notice."""
    notices = Notice.objects.select_related("seat")
    for notice in notices:
        kind, key = notice.key.split(":")[:2]
        if kind in TOLD_OF:
            assert TOLD_OF[kind].objects.filter(pk=key).exists(), notice.key
        if kind == "proposals.expired":
            steps = ProposalStep.objects.filter(proposal=key, move=Move.RENEW)
            assert not steps.filter(at__lt=notice.at).exists(), "it was renewed before"
        if kind == "proposals.unanswered":
            answers = Offer.objects.filter(proposal=key)
            assert not answers.filter(raised_at__lt=notice.at).exists(), "it was answered before"
    written = {f"notices:{n.key}:user:{n.seat.user_id}" for n in notices if n.pace == Pace.NOW}
    assert set(OutboxMail.objects.values_list("key", flat=True)) == written
