"""Who reads and changes what; every rule for a list says the same as the rule for a page."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from core.dates import today
from core.enums import Level
from members.enums import Role
from members.models import Seat, User
from proposals.enums import LIVE_OFFERS, Action, OfferStatus
from proposals.models import (
    Offer,
    OfferStep,
    Proposal,
    ProposalVersion,
    Reply,
    TalkMessage,
    TalkOpening,
)
from tests.factories.agreements import CollaborationFactory
from tests.factories.members import AssociationFactory, SeatFactory, UserFactory, WardFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    OfferFactory,
    OpeningFactory,
    ProposalFactory,
    ReplyFactory,
    VersionFactory,
    WithdrawnFactory,
)

FACTORIES = {
    "draft": DraftFactory,
    "open": ProposalFactory,
    "expired": ExpiredFactory,
    "withdrawn": WithdrawnFactory,
}
PUBLISHED = ("open", "expired", "withdrawn")
ALL = ("draft", *PUBLISHED)
# What offers bring it to, and its author's other no.
FURTHER = {
    "in_talks": {"status": "in_talks"},
    "agreed": {"status": "agreed"},
    "completed": {"status": "completed"},
    "closed": {
        "status": "closed",
        "ended_at": "2026-11-01T00:00:00Z",
        "ending_reason": "相手がいなかったため。",
    },
}
HIDDEN = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名が書かれているため。"}


@pytest.fixture
def users(lead: Seat, deputy: Seat, reader: Seat, other_lead: Seat, ward_lead: Seat, staff: Seat):
    """A user of each role; the proposals below belong to the office of ``lead``."""
    two_seats = SeatFactory(office=reader.office, role=Role.READER).user
    SeatFactory(user=two_seats, office__organization=WardFactory(), role=Role.DEPUTY)
    ended = SeatFactory(office=lead.office, valid_until=today() - timedelta(days=1))
    closed = SeatFactory(office=lead.office)
    closed.user.is_active = False
    closed.user.save()
    association = SeatFactory(office__organization=AssociationFactory())
    ward_reader = SeatFactory(office=ward_lead.office, role=Role.READER)
    users = {
        "anonymous": AnonymousUser(),
        "own_lead": lead.user,
        "own_deputy": deputy.user,
        "own_reader": reader.user,
        "two_seats": two_seats,
        "member": other_lead.user,
        "association": association.user,
        "ward": ward_lead.user,
        "ward_reader": ward_reader.user,
        "secretariat": staff.user,
        "ended": ended.user,
        "closed": closed.user,
        "superuser": UserFactory(is_superuser=True),
    }
    # Read anew: no seat of another role may stand in a cache.
    return {name: User.objects.get(pk=user.pk) if user.pk else user for name, user in users.items()}


def made(office, status: str, level: Level, *, hidden: bool) -> Proposal:
    factory, fields = FACTORIES.get(status, ProposalFactory), FURTHER.get(status, {})
    return factory(office=office, level=level, **fields, **(HIDDEN if hidden else {}))


@pytest.mark.parametrize("hidden", [False, True], ids=["shown", "hidden"])
@pytest.mark.parametrize("level", [Level.MEMBERS, Level.WARDS])
@pytest.mark.parametrize("status", [*ALL, *FURTHER])
def test_what_a_page_shows_is_what_a_list_holds(users, office, status, level, hidden):
    proposal = made(office, status, level, hidden=hidden)
    reply = ReplyFactory(proposal=proposal)
    hidden_reply = ReplyFactory(proposal=proposal, seat=users["member"].seats.get(), **HIDDEN)
    versions = [
        VersionFactory(proposal=proposal, number=number, level=former)
        for number, former in enumerate((Level.MEMBERS, Level.WARDS), start=1)
    ]
    rows = [
        (Proposal, "proposals.view_proposal", [proposal]),
        (Reply, "proposals.view_reply", [reply, hidden_reply]),
        (ProposalVersion, "proposals.view_proposalversion", versions),
    ]
    for role, user in users.items():
        for model, permission, objects in rows:
            listed = set(model.objects.visible_to(user))
            for obj in objects:
                assert rules.has_perm(permission, user, obj) == (obj in listed), (role, obj)


def test_the_parts_of_a_talk_are_for_its_sides_whatever_its_proposal(users, office, ward_lead):
    """For each state of an offer, level and hiding; the secretariat has opened every other one."""
    staff = users["secretariat"].seats.get()
    opened, closed = set(), set()
    for level in (Level.MEMBERS, Level.WARDS):
        for hidden in (False, True):
            for status in OfferStatus:
                offer = offered(made(office, "open", level, hidden=hidden), ward_lead, status)
                OpeningFactory(offer=offer)
                chosen = opened if len(opened) <= len(closed) else closed
                chosen.add(offer.pk)
                if chosen is opened:
                    OpeningFactory(offer=offer, seat=staff)
    sides = {"own_lead", "own_deputy", "own_reader", "two_seats", "ward", "ward_reader"}
    for role, user in users.items():
        read = opened | closed if role in sides else opened if role == "secretariat" else set()
        known = opened | closed if read else set()
        assert shown(Offer, "view_offer", user, "pk") == known, role
        for model in (TalkMessage, OfferStep, TalkOpening):
            assert shown(model, "view_talkmessage", user, "offer_id") == read, (role, model)


def offered(proposal: Proposal, ward: Seat, status: OfferStatus) -> Offer:
    fields = {}
    if status not in LIVE_OFFERS:
        fields = {"settled_at": "2026-11-01T00:00:00Z", "settled_reason": "予算のため。"}
    if status == OfferStatus.ACCEPTED:
        fields["collaboration"] = CollaborationFactory()
    return OfferFactory(proposal=proposal, office=ward.office, status=status, **fields)


def shown(model: type[Model], permission: str, user: User, name: str) -> set[int]:
    """``name`` of the rows that the list holds for ``user``; the rule must say the same."""
    listed = set(model.objects.visible_to(user))
    for row in model.objects.all():
        assert rules.has_perm(f"proposals.{permission}", user, row) == (row in listed)
    return {getattr(row, name) for row in listed}


READERS = {
    # status: level: who reads it
    ("draft", Level.MEMBERS): {"own_lead", "own_deputy", "own_reader", "two_seats"},
    ("draft", Level.WARDS): {"own_lead", "own_deputy", "own_reader", "two_seats"},
    ("published", Level.MEMBERS): {
        "own_lead",
        "own_deputy",
        "own_reader",
        "two_seats",
        "member",
        "association",
        "ward",
        "ward_reader",
        "secretariat",
    },
    ("published", Level.WARDS): {
        "own_lead",
        "own_deputy",
        "own_reader",
        "two_seats",
        "ward",
        "ward_reader",
        "secretariat",
    },
}


@pytest.mark.parametrize("level", [Level.MEMBERS, Level.WARDS])
@pytest.mark.parametrize("status", ALL)
def test_readers(users, office, status, level):
    proposal = made(office, status, level, hidden=False)
    readers = {
        role
        for role, user in users.items()
        if rules.has_perm("proposals.view_proposal", user, proposal)
    }
    assert readers == READERS["draft" if status == "draft" else "published", level]


def test_a_hidden_proposal_is_left_to_its_organization_and_the_secretariat(users, office):
    proposal = made(office, "open", Level.MEMBERS, hidden=True)
    readers = {
        role for role, user in users.items() if proposal in Proposal.objects.visible_to(user)
    }
    assert readers == {"own_lead", "own_deputy", "own_reader", "two_seats", "secretariat"}


def test_a_version_for_the_wards_stays_with_them_when_the_proposal_is_opened_to_all(users, office):
    proposal = made(office, "open", Level.MEMBERS, hidden=False)
    version = VersionFactory(proposal=proposal, level=Level.WARDS)
    readers = {
        role
        for role, user in users.items()
        if rules.has_perm("proposals.view_proposalversion", user, version)
    }
    own = {"own_lead", "own_deputy", "own_reader", "two_seats"}
    assert readers == own | {"ward", "ward_reader", "secretariat"}


OWN_WRITERS = {"own_lead", "own_deputy"}
OTHER_WRITERS = {"member", "association", "ward", "two_seats"}
DOERS = {
    # permission: status: who may
    "proposals.change_proposal": {
        "draft": OWN_WRITERS,
        "open": OWN_WRITERS,
        "expired": OWN_WRITERS,
    },
    "proposals.publish_proposal": {"draft": OWN_WRITERS},
    "proposals.delete_proposal": {"draft": OWN_WRITERS},
    "proposals.withdraw_proposal": {"open": OWN_WRITERS, "expired": OWN_WRITERS},
    "proposals.add_reply": {
        "open": OWN_WRITERS | OTHER_WRITERS,
        "expired": OWN_WRITERS | OTHER_WRITERS,
    },
    "proposals.print_proposal": {
        status: OWN_WRITERS | {"own_reader", "two_seats"} for status in ALL
    },
    "proposals.hide_proposal": {status: {"secretariat"} for status in ALL},
}


@pytest.mark.parametrize("status", ALL)
@pytest.mark.parametrize("permission", DOERS)
def test_doers(users, office, permission, status):
    proposal = made(office, status, Level.MEMBERS, hidden=False)
    doers = {role for role, user in users.items() if rules.has_perm(permission, user, proposal)}
    assert doers == DOERS[permission].get(status, set())


def test_whoever_writes_for_an_organization_may_propose(users):
    doers = {role for role, user in users.items() if rules.has_perm("proposals.add_proposal", user)}
    assert doers == OWN_WRITERS | OTHER_WRITERS


def test_a_hidden_proposal_takes_no_replies(users, office):
    proposal = made(office, "open", Level.MEMBERS, hidden=True)
    assert not any(rules.has_perm("proposals.add_reply", user, proposal) for user in users.values())


def test_every_action_has_a_label():
    assert all(label for _value, label in Action.choices)
