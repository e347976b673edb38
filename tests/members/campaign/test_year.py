"""A campaign through the fiscal year 2027, over 1,718 members, with a moved clock.

``CASES`` is written from the rules in words, not from the code. The campaign starts on 12 April;
副担当 are mailed from 10 May on, 部署 from 17 May, the deadline is 31 May, 代表の部署 from 1 June.
The daily jobs run each day, but for three days in May and a week from 30 May on, which the next
run makes up for: 10 May is mailed on the 12th, 1 June on the 7th. From 10 June, when nothing is
left to be done, they run once a month. Each mail is written as its
day and the first character of its step.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import daily, mail
from core.audit import System, Told
from core.dates import start_of
from core.enums import Channel, MailKind, MailState
from core.models import MailLink, OutboxMail
from members import jobs, queries, services
from members.enums import AnswerState, Role, UserKind
from members.models import (
    Campaign,
    Confirmation,
    Membership,
    Office,
    Organization,
    Seat,
    User,
)
from tests.factories.members import CampaignFactory, SeatFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STEPS = {"主": "主担当", "副": "副担当", "部": "部署の共用アドレス", "代": "代表の部署"}
OPENING, REMINDER = "年度の初めの確認をお願いします。", "まだの方は、お早めにお願いします。"
DAYS_OFF = {
    *(date(2027, 5, 9) + timedelta(days=number) for number in range(3)),
    *(date(2027, 5, 30) + timedelta(days=number) for number in range(8)),
}
UNCHANGED, CHANGED = AnswerState.UNCHANGED, AnswerState.CHANGED
SILENT, BOUNCED = AnswerState.SILENT, AnswerState.BOUNCED


@dataclass(frozen=True)
class Case:
    """How ``members`` members fare, how the board counts them in the end, and their mails.

    ``state`` is None where they are not counted any more.
    """

    members: int
    state: AnswerState | None
    mails: dict[str, str] = field(default_factory=dict)


TO_THE_END = "4/12主 5/12副 5/17部 6/7代"
CASES = {
    # Nobody answers: the lead hears of it at every step, the others from their own on.
    "silent": Case(
        60, SILENT, {"lead": TO_THE_END, "deputy": "5/12副 5/17部 6/7代", "shared": "5/17部 6/7代"}
    ),
    # What was confirmed before 1 April is no answer.
    "confirmed in March": Case(
        20, SILENT, {"lead": TO_THE_END, "deputy": "5/12副 5/17部 6/7代", "shared": "5/17部 6/7代"}
    ),
    "confirmed on 5 April": Case(628, UNCHANGED),
    "link on 15 April": Case(80, UNCHANGED, {"lead": "4/12主"}),
    "answer of 16 April": Case(600, UNCHANGED, {"lead": "4/12主"}),
    "site on 20 April": Case(40, CHANGED, {"lead": "4/12主"}),
    "telephone on 28 April": Case(40, UNCHANGED, {"lead": "4/12主"}),
    # Answered on a day on which nothing ran, before the mails of the 10th were made up for.
    "link on 11 May": Case(40, UNCHANGED, {"lead": "4/12主"}),
    "deputy's link on 14 May": Case(20, UNCHANGED, {"lead": "4/12主 5/12副", "deputy": "5/12副"}),
    # Said on the 18th, written down on the 20th.
    "fax of 18 May": Case(
        20,
        CHANGED,
        {"lead": "4/12主 5/12副 5/17部", "deputy": "5/12副 5/17部", "shared": "5/17部"},
    ),
    # The lead's mail is refused: the deputy is asked the next morning, and not again on 10 May.
    "lead refused": Case(
        20, SILENT, {"lead": "4/12主", "deputy": "4/13副 5/17部 6/7代", "shared": "5/17部 6/7代"}
    ),
    # Where no lead is to be reached at all, the deputy is asked on the first day.
    "lead marked": Case(20, SILENT, {"deputy": "4/12副 5/17部 6/7代", "shared": "5/17部 6/7代"}),
    "no lead": Case(20, SILENT, {"deputy": "4/12副 5/17部 6/7代", "shared": "5/17部 6/7代"}),
    "shared alone": Case(20, SILENT, {"shared": "4/12部 6/7代"}),
    "nobody": Case(10, SILENT),
    "all refused": Case(20, BOUNCED, {"lead": "4/12主", "deputy": "4/13副", "shared": "4/14部"}),
    "left on 30 April": Case(20, None, {"lead": "4/12主"}),
    # The successor has had no mail yet, and the predecessor gets none any more.
    "lead succeeded on 21 April": Case(
        10,
        SILENT,
        {
            "lead": "4/12主",
            "successor": "4/21主 5/12副 5/17部 6/7代",
            "deputy": "5/12副 5/17部 6/7代",
            "shared": "5/17部 6/7代",
        },
    ),
    # With nobody in the lead's place the deputy is asked on the day after.
    "lead gone on 30 April": Case(
        10, SILENT, {"lead": "4/12主", "deputy": "5/1副 5/17部 6/7代", "shared": "5/17部 6/7代"}
    ),
    # The lead is a 共用 account of the shared address: one mail at each step.
    "shared lead": Case(10, SILENT, {"shared": TO_THE_END, "deputy": "5/12副 5/17部 6/7代"}),
    # The main office answers, the branch with nobody but a lead does not: in the end the main
    # office is asked for it, at its shared address and its lead.
    "silent branch": Case(
        10, SILENT, {"branch lead": TO_THE_END, "lead": "4/12主 6/7代", "shared": "6/7代"}
    ),
}


@dataclass
class Member:
    """A member of a case, and the addresses of its people."""

    number: int
    case: str
    organization: Organization
    office: Office | None = None
    branch: Office | None = None

    def address(self, who: str) -> str:
        return f"{who.replace(' ', '-')}-{self.number}@mihon.example.lg.jp"


class World:
    """1,718 members of the official register and three wards, made in a few queries."""

    def __init__(self) -> None:
        bodies = Organization.objects.municipalities().filter(municipality__valid_until=None)
        cases = [name for name, case in CASES.items() for _ in range(case.members)]
        members = bodies.exclude(pk__in=Organization.objects.wards().values("pk"))
        self.members = [
            Member(number, case, body)
            for number, (case, body) in enumerate(zip(cases, members, strict=True))
        ]
        wards = Organization.objects.wards()[:3]
        ward_cases = ("silent", "link on 15 April", "confirmed on 5 April")
        self.wards = [
            Member(9000 + number, case, ward)
            for number, (case, ward) in enumerate(zip(ward_cases, wards, strict=True))
        ]
        self._join()
        self._open_offices()
        self._seat()

    def of(self, *cases: str) -> Iterator[Member]:
        return (one for one in [*self.members, *self.wards] if one.case in cases)

    def addresses(self, cases: tuple[str, ...], *people: str) -> list[str]:
        return [one.address(who) for one in self.of(*cases) for who in people]

    def _join(self) -> None:
        last_days = {"left on 30 April": date(2027, 4, 30)}
        Membership.objects.bulk_create(
            Membership(
                organization=one.organization,
                joined=date(2020, 4, 1),
                left=last_days.get(one.case),
            )
            for one in self.members
        )

    def _open_offices(self) -> None:
        confirmed = {
            "confirmed in March": start_of(date(2027, 3, 31)),
            "confirmed on 5 April": start_of(date(2027, 4, 5)),
        }
        for one in [*self.members, *self.wards]:
            has_shared = one.case != "nobody"
            one.office = Office(
                organization=one.organization,
                name="企画課",
                is_main=True,
                phone="0776-50-3010",
                email=one.address("shared") if has_shared else "",
                confirmed_at=confirmed.get(one.case),
            )
            if one.case == "silent branch":
                one.branch = Office(organization=one.organization, name="支所")
        offices = [one.office for one in [*self.members, *self.wards]]
        branches = [one.branch for one in self.of("silent branch")]
        Office.objects.bulk_create([*offices, *branches])

    def _seat(self) -> None:
        seats = [
            self._seat_of(one, who, role, **more)
            for one in [*self.members, *self.wards]
            for who, role, more in _people(one.case)
        ]
        User.objects.bulk_create(seat.user for seat in seats)
        Seat.objects.bulk_create(seats)

    def _seat_of(self, one: Member, who: str, role: Role, **more: Any) -> Seat:
        user = User(email=one.address(who), family_name="見本", given_name=who)
        if who == "shared":
            user.kind = UserKind.OFFICE
        office = one.branch if who == "branch lead" else one.office
        period = {"valid_from": date(2020, 4, 1), **more}
        return Seat(user=user, office=office, role=role, **period)


def _people(case: str) -> Iterator[tuple[str, Role, dict[str, Any]]]:
    """Who sits at an office of ``case``, and for how long where that matters."""
    if case in ("nobody", "shared alone"):
        return
    last_days = {
        "lead succeeded on 21 April": date(2027, 4, 20),
        "lead gone on 30 April": date(2027, 4, 30),
    }
    if case == "shared lead":
        yield "shared", Role.LEAD, {}
    elif case != "no lead":
        yield "lead", Role.LEAD, {"valid_until": last_days.get(case)}
    if case == "lead succeeded on 21 April":
        yield "successor", Role.LEAD, {"valid_from": date(2027, 4, 21)}
    if case == "silent branch":
        yield "branch lead", Role.LEAD, {}
    else:
        yield "deputy", Role.DEPUTY, {}
    if case == "silent":
        yield "reader", Role.READER, {}


@pytest.fixture
def world(record, time_machine) -> World:
    time_machine.move_to(datetime(2027, 4, 1, 0, 5, tzinfo=timezone.get_default_timezone()))
    return World()


@pytest.fixture
def staff(record) -> Seat:
    desk = Office.objects.desks().first()
    return SeatFactory(office=desk, role=Role.STAFF)


@pytest.fixture
def campaign(db) -> Campaign:
    return CampaignFactory(
        fiscal_year=2027,
        deputies_on=date(2027, 5, 10),
        office_on=date(2027, 5, 17),
        deadline=date(2027, 5, 31),
        desk_on=date(2027, 6, 1),
        opening=OPENING,
        reminder=REMINDER,
    )


def deliver(world: World) -> None:
    """The mail server takes what waits, but for what nobody reads any more."""
    refused = world.addresses(("lead refused",), "lead")
    refused += world.addresses(("all refused",), "lead", "deputy", "shared")
    waiting = OutboxMail.objects.filter(state=MailState.NEW)
    waiting.filter(to__in=refused).update(state=MailState.FAILED)
    waiting.update(state=MailState.SENT)


def confirm_by_link(world: World, *cases: str, who: str = "lead") -> None:
    mailed = MailLink.objects.filter(to__in=world.addresses(cases, who))
    links = {link.to: link for link in mailed.order_by("pk")}
    for link in links.values():
        services.confirm_by_link(link, version=1)


def note_answers(world: World, *cases: str) -> None:
    """What the services do for each of them; hundreds at once, to save time."""
    offices = [one.office for one in world.of(*cases)]
    answered = {"answer": "unchanged", "answered_at": timezone.now()}
    Confirmation.objects.filter(office__in=offices).update(**answered)


def correct_on_site(world: World, *cases: str) -> None:
    for one in world.of(*cases):
        lead = Seat.objects.get(user__email=one.address("lead"))
        services.update_office(one.office, {"phone": "0776-50-9999"}, version=1, by=lead)


def tell(world: World, staff: Seat, told: Told, *cases: str, **corrections: str) -> None:
    for one in world.of(*cases):
        services.update_office(one.office, corrections, version=1, by=staff, told=told)


def is_worked_on(day: date) -> bool:
    """Whether the worker runs: each day but ``DAYS_OFF`` until 10 June, then on the 5th."""
    return day not in DAYS_OFF and (day <= date(2027, 6, 10) or day.day == 5)


def through_the_year(world: World, campaign: Campaign, staff: Seat, clock) -> None:
    """Each day the worker's daily jobs at night, then what happens by day."""
    by_phone = Told(Channel.PHONE, "見本さん")
    by_fax = Told(Channel.FAX, "見本さん", date(2027, 5, 18))
    by_day: dict[tuple[int, int], Callable[[], object]] = {
        (4, 12): lambda: services.start_campaign(campaign, by=staff),
        (4, 15): lambda: confirm_by_link(world, "link on 15 April", "silent branch"),
        (4, 16): lambda: note_answers(world, "answer of 16 April"),
        (4, 20): lambda: correct_on_site(world, "site on 20 April"),
        (4, 28): lambda: tell(world, staff, by_phone, "telephone on 28 April"),
        (5, 11): lambda: confirm_by_link(world, "link on 11 May"),
        (5, 14): lambda: confirm_by_link(world, "deputy's link on 14 May", who="deputy"),
        (5, 20): lambda: tell(world, staff, by_fax, "fax of 18 May", fax="0776-50-0001"),
        (3, 31): lambda: services.end_campaign(campaign, by=staff),
    }
    day = date(2027, 4, 1)
    while day <= date(2028, 3, 31):
        if is_worked_on(day):
            clock.move_to(start_of(day) + timedelta(minutes=5), tick=False)
            daily.run()
            deliver(world)
        if happening := by_day.get((day.month, day.day)):
            clock.move_to(start_of(day) + timedelta(hours=10), tick=False)
            happening()
            deliver(world)
        day += timedelta(days=1)


def written(world: World) -> Counter[tuple[str, date, str]]:
    """The mails of ``CASES``: to whom, on which day, in which mailing."""
    return Counter(
        (one.address(who), _day_of(mark), f"令和9年度 登録情報確認 {STEPS[mark[-1]]}")
        for one in [*world.members, *world.wards]
        for who, marks in CASES[one.case].mails.items()
        for mark in marks.split()
    )


def _day_of(mark: str) -> date:
    month, day = mark[:-1].split("/")
    return date(2027, int(month), int(day))


def test_who_is_mailed_what_and_when(world, campaign, staff, time_machine, monkeypatch):
    monkeypatch.setattr(daily, "_jobs", {"members.campaign": jobs.remind})
    marked = world.addresses(("lead marked",), "lead")
    for address in marked:
        mail.mark_undeliverable(address, by=System("見本"), reason="宛先なし")
    through_the_year(world, campaign, staff, time_machine)

    mails = OutboxMail.objects.order_by("pk")
    assert {row.kind for row in mails} == {MailKind.BULK}
    actual = Counter((row.to, timezone.localdate(row.created_at), row.mailing) for row in mails)
    assert actual == written(world)
    assert set(actual.values()) == {1}
    assert_texts(mails)

    campaign.refresh_from_db()
    rows = queries.answers(campaign)
    states = Counter(
        {
            state: sum(case.members for case in CASES.values() if case.state == state)
            for state in AnswerState
        }
    )
    counted = queries.tallies(rows)
    assert counted.members.by_state == states
    assert (counted.members.total, len(counted.prefectures)) == (1698, 47)
    assert counted.wards.by_state == {UNCHANGED: 2, CHANGED: 0, SILENT: 1, BOUNCED: 0}
    assert turns(queries.trend(campaign, rows)) == [
        (date(2027, 4, 12), 628, 0),
        (date(2027, 4, 15), 708, 0),
        (date(2027, 4, 16), 1308, 0),
        (date(2027, 4, 20), 1308, 40),
        (date(2027, 4, 28), 1348, 40),
        (date(2027, 5, 11), 1388, 40),
        (date(2027, 5, 14), 1408, 40),
        (date(2027, 5, 18), 1408, 60),  # the day of the call
    ]


def assert_texts(mails) -> None:
    """The first mail about an office has the opening text, each later one the reminder."""
    first: dict[str, date] = {}
    for row in mails:
        office, day = row.subject.rpartition("（")[2], timezone.localdate(row.created_at)
        text = OPENING if first.setdefault(office, day) == day else REMINDER
        assert text in row.body, row.subject


def turns(points: list[tuple[date, int, int]]) -> list[tuple[date, int, int]]:
    """The points at which a figure changes."""
    return [
        point
        for number, point in enumerate(points)
        if number == 0 or point[1:] != points[number - 1][1:]
    ]
