"""People who do whatever they like to the board, and the law of domain.md beside them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import time_machine
from django.core.cache import caches
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from hypothesis import note

from agreements import services as agreements
from agreements.enums import Origin
from agreements.models import Collaboration
from core.audit.seals import seal_until
from core.audit.verification import verify
from core.dates import Precision, RecordDate, fiscal_year_of, today
from core.enums import Level
from core.errors import DomainError
from core.files import FileChange, Uploader, receive
from members.enums import Role
from members.models import Seat, User
from notices.enums import Pace
from proposals import services
from proposals.enums import FOLLOWING, OpeningGround, ReportStatus
from proposals.jobs import remind
from proposals.models import Offer, OfferStep, Proposal, ProposalStep, Report, TalkMessage
from tests import office_files
from tests.agreements.collaborations import project_of
from tests.factories.agreements import YearReportFactory
from tests.factories.members import AssociationFactory, SeatFactory, WardFactory
from tests.factories.notices import PreferenceFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.proposals.choices import ACTIONS, LINKING, NAMES
from tests.proposals.leaks import Place, Words, desk_places, places, strays, text_of
from tests.proposals.lifecycle import (
    REGISTERED,
    TABLES,
    Law,
    Move,
    Person,
    every_move,
    moves,
    stands_as,
)
from tests.proposals.standing import Standing
from tests.secretariat import client_for, secretary

# Of so many walks one ends with a page and the seals, which take as long as ten actions.
LOOKS = 6


class World:
    """A municipality, two wards, an association and another member, and the secretariat.

    Nine of them act on three proposals: of the municipality one that a ward carries out while
    the other ward has offered too, and a draft; and one of a ward, in talks with the
    municipality.
    """

    def __init__(self, lead: Seat, ward_lead: Seat, other_lead: Seat) -> None:
        second_ward = SeatFactory(office__organization=WardFactory())
        association = SeatFactory(office__organization=AssociationFactory())
        deputy = SeatFactory(office=lead.office, role=Role.DEPUTY)
        readers = [SeatFactory(office=o, role=Role.READER) for o in (lead.office, ward_lead.office)]
        for seat in (deputy, association, *readers):
            PreferenceFactory(seat=seat, own=Pace.WEEKLY, watched=Pace.NONE, new=Pace.NONE)
        seats = [lead, deputy, ward_lead, second_ward, other_lead, association, *readers]
        seats.append(secretary("プロジェクト"))
        # Read anew: no seat of another role may stand in a cache.
        self.people = [Person.at(Seat.objects.with_office().get(pk=seat.pk)) for seat in seats]
        self.clients = {person: client_for(person.seat.user) for person in self.people}
        self.wards = {person.organization for person in self.people if person.is_ward}
        # Every move that was made, of any kind of row, by the action that made it.
        self.seen: set[tuple[type[Model], str, Move]] = set()
        self.runs = self.refused = self.done = 0
        # How many of the actions may be done; the others must be refused.
        self.lawful = 0.25
        self.names = NAMES
        self.words = Words()
        # What members report: the secretariat alone reads why.
        self.reports = Words()
        self.prepare(lead, ward_lead, second_ward)
        self.begin()

    def prepare(self, lead: Seat, ward: Seat, second_ward: Seat) -> None:
        """What is far from the beginning would hardly come up in a walk."""
        agreed = ProposalFactory(office=lead.office)
        DraftFactory(office=lead.office)
        talked_of = ProposalFactory(office=ward.office, ends_on=today() + timedelta(days=20))
        raise_offer(self, agreed, ward)
        carried_out = Offer.objects.get()
        services.start_talk(carried_out, by=lead)
        services.accept(carried_out, by=lead)
        move_project(agreements.start)(self, Collaboration.objects.get(), ward)
        raise_offer(self, agreed, second_ward)
        raise_offer(self, talked_of, lead)
        services.start_talk(Offer.objects.latest("pk"), by=ward)

    def register(self, ward: Seat, lead: Seat) -> None:
        """Adds two joint projects that no offer has begun: one under way, one over and told of.

        From then on the walks are about what becomes of proposals by them.
        """
        proposal = ["raise_offer", "start_talk", "decline", "end_date_passes", "renew", "decline"]
        project = ["end_project", "cancel_project", "write_report", "submit_report", "end_project"]
        self.names = [*LINKING, *proposal, *LINKING, *project, *LINKING]
        self.lawful = 0.4
        bodies = (ward.organization, lead.organization)
        board = {"title": REGISTERED, "origin": Origin.BOARD, "published_at": None}
        project_of(*bodies, **board, status="under_way")
        day = {"end_earliest": today(), "end_latest": today()}
        over = project_of(*bodies, **board, status="ended", **day)
        YearReportFactory(collaboration=over, fiscal_year=fiscal_year_of(today()))

    def begin(self) -> None:
        """A new walk, which nothing of the former ones leads elsewhere."""
        self.done = 0
        self.now = Standing.now(self.words.mark)
        self.opened: set[int] = set()

    # --- choosing ---

    def choose(self, chance: Random) -> tuple[str, Person, int]:
        """An action, who does it, and to what: the law allows it now, or refuses it."""
        is_lawful = chance.random() < self.lawful
        first = chance.randrange(len(self.names))
        for name in self.names[first:] + self.names[:first]:
            options = [pair for pair in self.options(name) if self.allows(name, *pair) is is_lawful]
            if options:
                return name, *chance.choice(options)
        raise AssertionError("the calendar at least goes on")

    def options(self, name: str) -> list[tuple[Person, int]]:
        rows = self.now.rows[ACTIONS[name][0]]
        return [(person, pk) for pk in rows for person in self.people]

    def allows(self, name: str, person: Person, pk: int) -> bool | None:
        row = self.now.get(ACTIONS[name][0], pk)
        return Law(self.now, self.wards).allows(name, person, row)

    # --- acting ---

    def act(self, chance: Random) -> None:
        """Does one thing: it moves what the tables say, or is refused and changes nothing."""
        name, person, pk = self.choose(chance)
        is_allowed, before = self.allows(name, person, pk), self.now
        note(f"{name} {pk} by seat {person.seat.pk}: {is_allowed}")
        target = ACTIONS[name][0].objects.get(pk=pk)
        if refusal := refusal_of(lambda: DOING[name](self, target, person.seat)):
            assert not is_allowed, f"{name} was refused: {refusal}"
            self.now = Standing.now(self.words.mark)
            assert self.now == before, f"{name} was refused, and changed something"
            self.refused += 1
            return
        assert is_allowed, f"{name} was let through"
        self.done += 1
        self.now = Standing.now(self.words.mark)
        for model, table in TABLES.items():
            made = moves(model, before, self.now)
            assert made <= table.get(name, set()), (name, model, made)
            self.seen |= {(model, name, move) for move in made}
        self.look_at_states()
        assert self.now.told == 0, f"{name} has told of a talk"

    def look_at_states(self) -> None:
        """Every proposal stands where its offers and joint projects bring it."""
        for proposal in self.now.of(Proposal):
            if proposal.status != "draft":
                assert proposal.status == stands_as(proposal, self.now), vars(proposal)

    # --- afterwards ---

    def look_around(self, chance: Random) -> None:
        """One consistent story, in a log that holds, and talks that nobody else reads."""
        self.look_at_steps()
        person = chance.choice(self.people)
        self.look_at_talks(person)
        assert strays(self.words.mark) == []
        if self.runs % LOOKS == 0:
            self.look_at_page(person, chance.choice(self.places_for(person)))
            with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
                verifies()
        self.runs += 1

    def look_at_steps(self) -> None:
        """Each state has its step: who, when, and for a no why; what follows is nobody's."""
        for step_model, model in ((ProposalStep, Proposal), (OfferStep, Offer)):
            field = model._meta.model_name
            last = {getattr(row, f"{field}_id"): row for row in step_model.objects.all()}
            for pk, step in last.items():
                row = self.now.get(model, pk)
                is_own = step.move not in FOLLOWING.values()
                assert (step.status, bool(step.signature)) == (row.status, is_own)
                is_no = row.status in ("declined", "withdrawn", "closed")
                assert bool(step.reason) == is_no

    def look_at_talks(self, person: Person) -> None:
        """The talks are for both sides, and for who of the secretariat has opened one."""
        user = User.objects.get(pk=person.seat.user_id)
        read = {row.id for row in self.now.of(Offer) if self.reads(person, row.id)}
        for model in (TalkMessage, OfferStep):
            assert set(model.objects.visible_to(user).values_list("offer", flat=True)) == read

    def reads(self, person: Person, offer: int) -> bool:
        is_side = person.organization in self.now.sides_of(self.now.get(Offer, offer))
        return is_side or (person.is_secretariat and offer in self.opened)

    def places_for(self, person: Person | None) -> list[Place]:
        found = places(self.now, self.words.mark)
        if person and person.is_secretariat:
            found += desk_places(self.now, self.words.mark)
        return found

    def look_at_page(self, person: Person | None, place: Place) -> int:
        """The page of a talk is closed to third parties, and no other page tells of it."""
        client = self.clients[person] if person else Client()
        response = client.get(place.address)
        for cache in caches.all(initialized_only=True):
            cache.clear()
        text = text_of(response)
        told = self.words.read_in(text)
        if place.offer is None or person is None or not self.reads(person, place.offer):
            assert told == set(), (place, person)
        else:
            assert told <= {place.offer}, (place, person)
        assert place.is_desk or not self.reports.read_in(text), (place, person)
        is_third = person and place.offer and not self.reads(person, place.offer)
        if is_third and not person.is_secretariat:
            assert response.status_code == 404, place
        if person is None and place.offer:
            assert response.status_code in (302, 404), place
        return response.status_code


def refusal_of(action: Callable[[], object]) -> DomainError | None:
    try:
        action()
    except DomainError as refusal:
        return refusal
    return None


def verifies() -> None:
    """The log of what was done is sealed and fits."""
    yesterday = today() - timedelta(days=1)
    seal_until(yesterday)
    assert verify().finding is None


def raise_offer(world: World, proposal: Proposal, by: Seat) -> None:
    offer = services.raise_offer(proposal, by=by, message=f"内密に {world.words.new()} です。")
    world.words.belongs(offer.pk)


@transaction.atomic  # a file that was received stays loose otherwise, for the next try
def send_message(world: World, offer: Offer, by: Seat) -> None:
    """Every second one with a file, whose name and text are as private."""
    word, files = world.words.new(offer.pk), None
    if world.done % 2:
        content = office_files.pdf(head=f"%PDF-1.7\n%{word}\n".encode())
        upload = office_files.upload(content, f"{word}.pdf")
        kept = receive(upload, by=Uploader.of(by), level=Level.MEMBERS)
        files = FileChange(added=[kept])
    services.send_message(offer, by=by, body=f"内密に {word} です。", files=files)


def accept(world: World, offer: Offer, by: Seat) -> None:
    """With a new joint project, or every second time with one that stands already."""
    joins = services.joinable(offer.proposal)
    services.accept(offer, by=by, joins=joins[0] if joins and world.done % 2 else None)


def open_talk(world: World, offer: Offer, by: Seat) -> None:
    services.open_talk(offer, by=by, ground=OpeningGround.REQUEST, reason="依頼のため。")
    world.opened.add(offer.pk)


def settle_report(world: World, report: Report, by: Seat) -> None:
    status = ReportStatus.UPHELD if world.done % 2 else ReportStatus.DISMISSED
    services.settle_report(report, by=by, status=status, outcome="確認した。")


def move_project(move: Callable) -> Callable:
    def moved(world: World, project: Collaboration, by: Seat) -> None:
        when = RecordDate(today(), today(), Precision.DAY)
        move(project, by=by, version=project.version, when=when)

    return moved


def link_project(world: World, project: Collaboration, by: Seat) -> None:
    own = Proposal.objects.get(organization__in=world.wards)
    choose(project, by, own)


def choose(project: Collaboration, by: Seat, proposal: Proposal | None) -> None:
    data = {"proposal": str(proposal.pk) if proposal else ""}
    agreements.update(project, data=data, by=by, version=project.version)


def write_report(world: World, project: Collaboration, by: Seat) -> None:
    data = {"fiscal_year": fiscal_year_of(today()), "result": "2日間で3,000人が来場した。"}
    agreements.write_report(project, data=data, by=by)


def end_date_passes(world: World, proposal: Proposal, by: Seat) -> None:
    yesterday = today() - timedelta(days=1)
    Proposal.objects.filter(pk=proposal.pk).update(ends_on=yesterday)


def with_reason(service: Callable) -> Callable:
    return lambda world, row, by: service(row, by=by, reason="中止のため。")


def with_private_reason(service: Callable) -> Callable:
    """With one for the two sides of a talk."""

    def done(world: World, offer: Offer, by: Seat) -> None:
        service(offer, by=by, reason=f"{world.words.new(offer.pk)}のため。")

    return done


def reporting(service: Callable) -> Callable:
    return lambda world, row, by: service(row, by=by, reason=f"{world.reports.new()}のため。")


def versioned(service: Callable) -> Callable:
    return lambda world, row, by: service(row, by=by, version=row.version)


def plain(service: Callable) -> Callable:
    return lambda world, row, by: service(row, by=by)


DOING: dict[str, Callable[[World, Any, Seat], None]] = {
    "publish": versioned(services.publish),
    "change": lambda world, row, by: services.change(
        row, by=by, version=row.version, data={"body": f"{row.body}続く。"[-200:]}
    ),
    "add_reply": lambda world, row, by: services.add_reply(row, by=by, body="詳しく。"),
    "edit_reply": lambda world, row, by: services.edit_reply(row, by=by, body=f"{row.body}も"),
    "daily": lambda world, row, by: remind(today()),
    "ask_to_open": reporting(services.ask_to_open),
    "report": reporting(services.report),
    "close": with_reason(services.close),
    "withdraw": with_reason(services.withdraw),
    "hide": with_reason(services.hide),
    "unhide": with_reason(services.unhide),
    "decline": with_private_reason(services.decline),
    "step_down": with_private_reason(services.step_down),
    "start_talk": plain(services.start_talk),
    "renew": plain(services.renew),
    "stop_offers": plain(services.stop_offers),
    "resume_offers": plain(services.resume_offers),
    "start_project": move_project(agreements.start),
    "end_project": move_project(agreements.end),
    "raise_offer": raise_offer,
    "send_message": send_message,
    "accept": accept,
    "open_talk": open_talk,
    "settle_report": settle_report,
    "write_report": write_report,
    "submit_report": versioned(agreements.submit_report),
    "accept_report": versioned(agreements.accept_report),
    "send_back_report": versioned(partial(agreements.send_back_report, reason="人数を。")),
    "link_project": link_project,
    "unlink_project": lambda world, row, by: choose(row, by, None),
    "cancel_project": versioned(partial(agreements.cancel, reason="中止のため。")),
    "end_date_passes": end_date_passes,
}


def unreached(world: World) -> list[str]:
    """The moves of the tables that no walk has made, of those that the world's walks are about."""
    names = LINKING if world.names is not NAMES else NAMES
    missing = {move for move in every_move() if move[1] in names} - world.seen
    return sorted(f"{model.__name__}: {name} {move}" for model, name, move in missing)
