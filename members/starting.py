"""Who has come in: the state of every member and of its people, and whom to invite next."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q

from core.dates import today
from core.enums import MailState
from core.models import OutboxMail, UndeliverableAddress
from members.enums import SECRETARIAT_KINDS, MunicipalityKind, Role, StartState
from members.models import Membership, Office, Organization, Prefecture, Seat, User

# The kind of the links of 「ご利用開始のご案内」, and the beginning of its mails' keys.
WELCOME = "members.welcome"
_REFUSED = (MailState.FAILED, MailState.UNSENT)
_ON_ITS_WAY = (MailState.NEW, MailState.SENDING, MailState.SENT, MailState.UNCERTAIN)
# What is said of an organization with people in several states: the first that one of them has.
_FOREMOST = (StartState.STARTED, StartState.BOUNCED, StartState.INVITED, StartState.BEFORE)


def welcome_key(user: User, mailing: str) -> str:
    """What the mail of a mailing to a person is known by: nobody gets it twice."""
    return f"{WELCOME}:{user.pk}:{mailing}"


@dataclass(frozen=True)
class Person:
    """A seat, how far its person has come, and since when (first login, mail)."""

    seat: Seat
    state: StartState
    since: datetime | None


@dataclass(frozen=True)
class Member:
    """An organization that is to come in, its main office, and its people."""

    organization: Organization
    office: Office | None
    people: list[Person]

    @property
    def state(self) -> StartState:
        states = {person.state for person in self.people}
        return next((state for state in _FOREMOST if state in states), StartState.NOBODY)

    @property
    def started_at(self) -> datetime | None:
        """The first login of the first of its people."""
        days = [p.since for p in self.people if p.state == StartState.STARTED and p.since]
        return min(days, default=None)


class Tally(NamedTuple):
    """How many members of a prefecture (None for all of them) are in each state."""

    prefecture: Prefecture | None
    total: int
    by_state: list[tuple[StartState, int]]


@dataclass(frozen=True)
class Mailed:
    """What became of the last 「ご利用開始のご案内」 to a person."""

    state: str
    sent_at: datetime | None


def members_starting() -> list[Member]:
    """Every member and every ward, by code; a fixed number of queries, however many."""
    mails, dead = _last_mails(), set(UndeliverableAddress.objects.values_list("address", flat=True))
    people = defaultdict(list)
    for seat in _seats():
        person = _person(seat, mails.get(seat.user_id), seat.user.email in dead)
        people[seat.office.organization_id].append(person)
    return [
        Member(row, next(iter(row.main_offices), None), people[row.pk]) for row in _organizations()
    ]


def tallies(members: Iterable[Member]) -> list[Tally]:
    """How many are in each of ``StartState``, by prefecture; the sum of all first."""
    states: dict[Prefecture | None, list[StartState]] = {None: []}
    for member in members:
        for place in {None, member.organization.prefecture}:
            states.setdefault(place, []).append(member.state)
    rows = [
        Tally(place, len(found), [(state, found.count(state)) for state in StartState])
        for place, found in states.items()
    ]
    return sorted(rows, key=lambda row: row.prefecture.pk if row.prefecture else "")


def whom_to_call(members: Iterable[Member]) -> list[Member]:
    """The members of whom nobody has logged in yet."""
    return [member for member in members if member.state != StartState.STARTED]


def recipients(
    *, prefectures: Collection[str], kinds: Collection[str], only_silent: bool, mailing: str
) -> list[Seat]:
    """One seat of everybody whom a mailing is to reach; empty choices mean all.

    Without those who have it already, those whose address is dead and, with ``only_silent``,
    those who have logged in.
    """
    seats = _seats().exclude(user__email__in=UndeliverableAddress.objects.values("address"))
    if prefectures:
        seats = seats.filter(office__organization__prefecture__in=prefectures)
    if kinds:
        seats = seats.filter(office__organization__kind__in=kinds)
    if only_silent:
        seats = seats.filter(user__started_at=None)
    mails = OutboxMail.objects.filter(key__startswith=f"{WELCOME}:", mailing=mailing)
    have_it = set(mails.values_list("key", flat=True))
    found: dict[int, Seat] = {}
    for seat in seats:
        if welcome_key(seat.user, mailing) not in have_it:
            found.setdefault(seat.user_id, seat)
    return list(found.values())


def number_of_mailings() -> int:
    """How many mailings of 「ご利用開始のご案内」 there have been."""
    mails = OutboxMail.objects.filter(key__startswith=f"{WELCOME}:").exclude(mailing="")
    return mails.order_by().values("mailing").distinct().count()


def _person(seat: Seat, mail: Mailed | None, is_dead: bool) -> Person:
    if seat.user.started_at:
        return Person(seat, StartState.STARTED, seat.user.started_at)
    if is_dead or (mail and mail.state in _REFUSED):
        return Person(seat, StartState.BOUNCED, None)
    if mail and mail.state in _ON_ITS_WAY:
        return Person(seat, StartState.INVITED, mail.sent_at)
    return Person(seat, StartState.BEFORE, None)


def _last_mails() -> dict[int, Mailed]:
    # One that is held or was taken back says nothing about those before it.
    told = OutboxMail.objects.filter(state__in=[*_REFUSED, *_ON_ITS_WAY])
    mails = told.filter(key__startswith=f"{WELCOME}:").order_by("pk")
    rows = mails.values_list("key", "state", "sent_at")
    return {int(key.split(":")[1]): Mailed(state, sent_at) for key, state, sent_at in rows}


def _seats():
    """The seats that act or will act, of whoever may log in, but for the secretariat's."""
    seats = Seat.objects.overlapping(today(), None).active().exclude(role=Role.STAFF)
    named = seats.exclude(office__organization__kind__in=SECRETARIAT_KINDS)
    return named.filter(_is_coming("office__organization")).with_office().with_user().order_by("pk")


def _organizations():
    main = Prefetch("offices", Office.objects.filter(is_main=True), to_attr="main_offices")
    rows = Organization.objects.filter(_is_coming("pk"))
    return rows.select_related("municipality", "prefecture").prefetch_related(main)


def _is_coming(path: str) -> Q:
    """The condition that the organization at ``path`` is a member or a ward."""
    prefix = "" if path == "pk" else f"{path}__"
    open_ones = Membership.objects.filter(organization=OuterRef(path), left=None)
    return Q(Exists(open_ones)) | Q(**{f"{prefix}municipality__kind": MunicipalityKind.WARD})
