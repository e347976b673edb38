"""Who is told of a joint project that came from the board: each person once, and only readers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements import services
from agreements.enums import CollaborationSide, YearReportStatus
from agreements.models import Collaboration
from core.dates import Precision, RecordDate
from core.errors import DomainError
from core.models import OutboxMail
from events.services import link_events
from members.enums import Role
from members.models import Seat
from notices.enums import Reason
from notices.models import Notice
from proposals import services as board
from tests.factories.agreements import (
    CollaborationPartyFactory,
    PartyFactory,
    YearReportFactory,
)
from tests.factories.events import EventRoleFactory
from tests.factories.members import SeatFactory, WardFactory
from tests.factories.notices import WatchFactory
from tests.factories.proposals import ProposalFactory

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A joint project of a ward and a member, those who follow it or its proposal, a stranger."""

    ward: Seat
    project: Collaboration
    names: dict[int, str] = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        """What each was told since the last look; each once, by notice and by mail."""
        notices = Notice.objects.select_related("seat")
        found = {self.names[notice.seat.user_id]: notice.text for notice in notices}
        assert OutboxMail.objects.count() == len(notices) == len(found)
        assert not OutboxMail.objects.filter(body__contains="内密").exists()
        return found

    def forget(self) -> None:
        Notice.objects.all().delete()
        OutboxMail.objects.all().delete()
        self.project.refresh_from_db()

    @property
    def who(self) -> dict:
        return {"by": self.ward, "version": self.project.version}


@pytest.fixture
def world(lead, deputy, ward_lead, staff) -> World:
    proposal = ProposalFactory(office=lead.office, title="朝市")
    offer = board.raise_offer(proposal, by=ward_lead, message="内密の相談")
    offer = board.accept(board.start_talk(offer, by=lead), by=lead)
    world = World(ward_lead, offer.collaboration)
    WatchFactory(seat=lead, object=proposal)  # told as one of its organizations
    seats = {
        "author": lead,
        "colleague": deputy,
        "ward": ward_lead,
        "ward_reader": SeatFactory(office=ward_lead.office, role=Role.READER),
        "follower": WatchFactory(object=world.project).seat,
        "staff": WatchFactory(seat=staff, object=world.project).seat,
        "board_follower": WatchFactory(object=proposal).seat,
        "stranger": SeatFactory(),
    }
    world.names = {seat.user_id: name for name, seat in seats.items()}
    world.forget()
    return world


INSIDE = {"author", "colleague", "ward_reader", "staff"}
ALL = INSIDE | {"follower", "board_follower"}
DAY = RecordDate(date(2026, 4, 1), date(2026, 4, 1), Precision.DAY)

type Act = Callable[[World], object]


def published(world: World) -> None:
    services.publish(world.project, **world.who)
    world.project.refresh_from_db()


def started(world: World) -> None:
    published(world)
    services.start(world.project, when=DAY, **world.who)


def link_agreements(world: World, number: int = 1) -> None:
    chosen = [
        PartyFactory(organization=world.ward.organization, agreement__title=f"協定{n}").agreement
        for n in range(number)
    ]
    services.update(world.project, data={"agreements": chosen}, **world.who)


def link_event(world: World) -> None:
    part = EventRoleFactory(organization=world.ward.organization, event__title="物産展")
    link_events(world.project, [part.event], **world.who)


# What comes before, what is done, and what everybody is told who may read of it.
MOVES: dict[str, tuple[Act, Act, str]] = {
    "publish": (lambda w: None, published, "が公開されました"),
    "start": (
        published,
        lambda w: services.start(w.project, when=DAY, **w.who),
        "が始まりました",
    ),
    "end": (
        started,
        lambda w: services.end(w.project, when=DAY, **w.who),
        "が終了しました",
    ),
    "cancel": (
        published,
        lambda w: services.cancel(w.project, reason="会場がないため", **w.who),
        "が中止になりました",
    ),
    "agreement": (
        published,
        link_agreements,
        "に協定「協定0（東京都品川区）」が加わりました",
    ),
    "event": (published, link_event, "にイベント「物産展」が加わりました"),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_of_a_public_one_is_told_once_to_all(name, world):
    before, act, text = MOVES[name]
    before(world)
    world.forget()
    act(world)
    assert world.told() == dict.fromkeys(ALL, f"連携事業「朝市」{text}")
    assert all(notice.url == world.project.get_absolute_url() for notice in Notice.objects.all())


def test_until_it_is_public_only_who_may_read_it_is_told(world):
    services.start(world.project, when=DAY, **world.who)
    assert world.told() == dict.fromkeys(INSIDE, "連携事業「朝市」が始まりました")
    world.forget()
    link_event(world)
    assert set(world.told()) == INSIDE


def test_of_several_the_first_is_named(world):
    link_agreements(world, 3)
    assert all(text.endswith("」ほか2件が加わりました") for text in world.told().values())
    mail = OutboxMail.objects.first()
    assert mail.body.count("「協定") == 4  # the line itself, and all three as a fact


def test_a_follower_of_what_it_came_from_who_reads_that_no_longer_is_not_told(world, staff):
    published(world)
    proposal = world.project.offers.get().proposal
    board.hide(proposal, by=staff, reason="確認のため")
    world.forget()
    services.start(world.project, when=DAY, **world.who)
    assert set(world.told()) == ALL - {"board_follower"}


def test_an_accepted_report_is_told_to_its_wards_as_such_and_to_the_others(world, staff):
    started(world)
    report = YearReportFactory(
        collaboration=world.project,
        fiscal_year=2026,
        status=YearReportStatus.SUBMITTED,
        submitted_at=timezone.now(),
    )
    world.forget()
    services.accept_report(report, by=staff, version=report.version)
    of = "連携事業「朝市」の令和8年度（2026年度）の年度実績"
    others = dict.fromkeys(ALL - {"staff", "ward_reader"}, f"{of}が加わりました")
    wards = dict.fromkeys(("ward", "ward_reader"), f"{of}が承認されました")
    assert world.told() == others | wards


def test_why_each_is_told(world):
    published(world)
    reasons = {world.names[n.seat.user_id]: n.reason for n in Notice.objects.all()}
    watching = {"follower", "board_follower", "staff"}
    assert {name for name, reason in reasons.items() if reason == Reason.WATCHED} == watching


@pytest.mark.parametrize(
    "act",
    [
        lambda w: services.update(w.project, data={"summary": "直しました"}, **w.who),
        lambda w: services.update(w.project, data={"agreements": []}, **w.who),
        lambda w: link_events(w.project, [], **w.who),
    ],
)
def test_a_correction_is_told_to_nobody(act, world):
    act(world)
    assert world.told() == {}


@pytest.mark.parametrize(
    "act",
    [
        lambda w: services.end(w.project, when=DAY, **w.who),
        lambda w: services.cancel(w.project, reason=" ", **w.who),
        lambda w: services.update(
            w.project, data={"agreements": [PartyFactory().agreement]}, **w.who
        ),
        lambda w: link_events(w.project, [EventRoleFactory().event], **w.who),
    ],
)
def test_a_refusal_changes_nothing_and_tells_nobody(act, world):
    with pytest.raises(DomainError):
        act(world)
    assert world.told() == {}
    version = world.project.version
    world.project.refresh_from_db()
    assert (world.project.version, world.project.status) == (version, "planned")
    assert not world.project.agreements.exists()
    assert not world.project.events.exists()


def test_the_mail_has_what_is_needed_to_act(world):
    published(world)
    mail = OutboxMail.objects.first()
    for line in ("特別区　東京都品川区", "連携先　福井県坂井市", "状態　計画中"):
        assert line in mail.body.split("\n")


def test_23_wards_are_told_with_as_many_queries_as_one(world):
    ContentType.objects.get_for_model(Collaboration)  # kept from then on
    numbers = []
    for wards in (1, 22):
        while world.project.parties.filter(side=CollaborationSide.WARD).count() < wards + 1:
            seat = SeatFactory(office__organization=WardFactory())
            CollaborationPartyFactory(
                collaboration=world.project,
                organization=seat.organization,
                side=CollaborationSide.WARD,
            )
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            key = f"tests.telling:{wards}"
            services.tell_followers(world.project, key, "動きがありました", by=world.ward)
        numbers.append(len(queries))
        assert Notice.objects.count() == len(INSIDE) + wards
    assert numbers[0] == numbers[1]
