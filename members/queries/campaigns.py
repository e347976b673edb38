"""A campaign (年度確認): whom it asks, and how its members stand.

An office is asked, an organization is counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import F, Q
from django.utils import timezone

from core import kept
from core.dates import today
from core.enums import MailState
from core.text import normalise_email
from members.enums import SECRETARIAT_KINDS, Answer, AnswerState, MunicipalityKind, Role
from members.models import (
    Campaign,
    Confirmation,
    Membership,
    Office,
    Organization,
    Prefecture,
    Seat,
)
from members.queries.reach import Reach, Sent
from members.querysets import ConfirmationQuerySet, OfficeQuerySet

# What is said of an organization with offices in several states: the first that one of them has.
_FOREMOST = (
    AnswerState.BOUNCED,
    AnswerState.SILENT,
    AnswerState.CHANGED,
    AnswerState.UNCHANGED,
)
# What is said of several mails of one step: the most hopeful.
_HOPES = (
    MailState.SENT,
    MailState.UNCERTAIN,
    MailState.SENDING,
    MailState.NEW,
    MailState.HELD,
    MailState.FAILED,
    MailState.UNSENT,
    MailState.CANCELLED,
    MailState.EXPIRED,
)

_BY_CODE = (
    F("office__organization__municipality__code").asc(nulls_last=True),
    F("office__organization__prefecture").asc(nulls_last=True),
    "office__organization",
    "-office__is_main",
    "office",
)


@dataclass(frozen=True)
class AskedOffice:
    """An office with its confirmation, who answers for it, and the mails of its last step."""

    confirmation: Confirmation
    leads: list[Seat]
    deputies: list[Seat]
    mails: list[Sent]
    state: AnswerState

    @property
    def office(self) -> Office:
        return self.confirmation.office

    @property
    def fate(self) -> MailState | None:
        """What became of the last mail, of several the best; None while there is none."""
        states = {mail.state for mail in self.mails}
        return next((state for state in _HOPES if state in states), None)


@dataclass(frozen=True)
class Answered:
    """An organization that is counted, and its offices, the main one first."""

    organization: Organization
    offices: list[AskedOffice] = field(default_factory=list)

    @cached_property
    def state(self) -> AnswerState:
        states = {asked.state for asked in self.offices}
        return next(state for state in _FOREMOST if state in states)

    @property
    def is_answered(self) -> bool:
        return self.state in (AnswerState.UNCHANGED, AnswerState.CHANGED)

    @property
    def unanswered(self) -> list[AskedOffice]:
        """Its offices from which nothing has come."""
        return [asked for asked in self.offices if not asked.confirmation.answer]

    @property
    def answered_on(self) -> date | None:
        """The day of its last office's answer; None while one is missing."""
        moments = [asked.confirmation.answered_at for asked in self.offices]
        known = [moment for moment in moments if moment]
        is_complete = len(known) == len(moments)
        return timezone.localdate(max(known)) if is_complete else None


@dataclass(frozen=True)
class Tally:
    """How many organizations of one place are in each state."""

    label: str
    prefecture: Prefecture | None
    by_state: dict[AnswerState, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def answered(self) -> int:
        return self.by_state[AnswerState.UNCHANGED] + self.by_state[AnswerState.CHANGED]

    @property
    def percent(self) -> int | None:
        """The share that has answered, rounded down: 100 only when all have."""
        return self.answered * 100 // self.total if self.total else None


@dataclass(frozen=True)
class Tallies:
    """The members by prefecture (those without one last) and in all; the wards apart."""

    members: Tally
    prefectures: list[Tally]
    wards: Tally


def asked_offices(campaign: Campaign, day: date | None = None) -> OfficeQuerySet:
    """The offices that ``campaign`` asks on ``day``, by default ``Campaign.counted_on``.

    All of the members, and those of the wards where it includes them; never the secretariat's.
    """
    members = Membership.objects.on(day or campaign.counted_on).values("organization")
    is_ward = Q(organization__municipality__kind=MunicipalityKind.WARD)
    asked = Q(organization__in=members) & ~Q(organization__kind__in=SECRETARIAT_KINDS)
    return Office.objects.filter(asked | is_ward if campaign.includes_wards else asked)


def confirmations(campaign: Campaign) -> ConfirmationQuerySet:
    """The confirmations of the offices that are asked still, with their offices."""
    asked = asked_offices(campaign).values("pk")
    rows = Confirmation.objects.filter(campaign=campaign, office__in=asked)
    return rows.select_related("office")


def answers(campaign: Campaign) -> list[Answered]:
    """Every organization that is counted, by code; a fixed number of queries, however many."""
    asked = confirmations(campaign).with_office().order_by(*_BY_CODE)
    reach = Reach.read(campaign, asked)
    found: dict[int, Answered] = {}
    for confirmation in asked:
        organization = confirmation.office.organization
        row = found.setdefault(organization.pk, Answered(organization))
        row.offices.append(_asked(confirmation, reach))
    return list(found.values())


def tallies(rows: Iterable[Answered]) -> Tallies:
    """How many of ``rows`` are in each of ``AnswerState``; prefectures by code."""
    members: Counter[AnswerState] = Counter()
    wards: Counter[AnswerState] = Counter()
    places: dict[Prefecture | None, Counter[AnswerState]] = {}
    for row in rows:
        if row.organization.is_ward:
            wards[row.state] += 1
            continue
        members[row.state] += 1
        places.setdefault(row.organization.prefecture, Counter())[row.state] += 1
    ordered = sorted(places.items(), key=lambda item: item[0].pk if item[0] else "99")
    return Tallies(
        _tally("会員の計", None, members),
        [_tally(str(place or "都道府県なし"), place, states) for place, states in ordered],
        _tally("特別区", None, wards),
    )


def trend(
    campaign: Campaign, rows: Sequence[Answered] | None = None
) -> list[tuple[date, int, int]]:
    """Each day from the start with how many members had answered by it: unchanged, changed.

    Up to today, or to the day on which it ended; wards are not counted. What was answered
    before the start counts from the start on. ``rows`` are ``answers``, where they are known.
    """
    if campaign.started_at is None:
        return []
    rows = answers(campaign) if rows is None else rows
    first = timezone.localdate(campaign.started_at)
    unchanged: Counter[date] = Counter()
    changed: Counter[date] = Counter()
    for row in rows:
        day = row.answered_on
        if day and not row.organization.is_ward:
            by_day = unchanged if row.state == AnswerState.UNCHANGED else changed
            by_day[max(day, first)] += 1
    points, counts = [], (0, 0)
    for number in range((campaign.counted_on - first).days + 1):
        day = first + timedelta(days=number)
        counts = (counts[0] + unchanged[day], counts[1] + changed[day])
        points.append((day, *counts))
    return points


def open_confirmation(office: Office) -> Confirmation | None:
    """What the running campaign still asks ``office`` for, if anything."""
    waiting = Confirmation.objects.waiting().filter(office=office)
    return waiting.select_related("campaign").first()


def open_confirmations(organization: Organization) -> dict[int, Confirmation]:
    """What the running campaign still asks the offices of ``organization`` for, by office.

    Whether one runs at all is kept for a minute: most of the year none does.
    """
    if not kept.one("members.campaign_runs", Campaign.objects.running().exists):
        return {}
    waiting = Confirmation.objects.waiting().filter(office__organization=organization)
    return {row.office_id: row for row in waiting.select_related("campaign")}


def who_answers(office: Office) -> list[Seat]:
    """The leads and deputies of ``office`` today, leads first."""
    writing = office.seats.on(today()).active().writing().with_user().order_by("pk")
    return sorted(writing, key=lambda seat: seat.role != Role.LEAD)


def office_reached_at(address: str, office: Office) -> Office:
    """Whose ``address`` it is that ``office`` was asked at: the main office's, or its own.

    What is neither's any more is still the office's own, which was asked there.
    """
    people = Seat.objects.on(today()).active().writing().filter(user__email=address)
    if address == normalise_email(office.email) or people.filter(office=office).exists():
        return office
    others = office.organization.offices.filter(is_main=True).exclude(pk=office.pk)
    main = others.select_related("organization__municipality", "organization__prefecture").first()
    if main is None:
        return office
    is_mains = address == normalise_email(main.email) or people.filter(office=main).exists()
    return main if is_mains else office


def _asked(confirmation: Confirmation, reach: Reach) -> AskedOffice:
    return AskedOffice(
        confirmation,
        reach.leads[confirmation.office_id],
        reach.deputies[confirmation.office_id],
        reach.last_mails(confirmation),
        _state(confirmation, reach),
    )


def _state(confirmation: Confirmation, reach: Reach) -> AnswerState:
    if confirmation.answer:
        is_changed = confirmation.answer == Answer.CHANGED
        return AnswerState.CHANGED if is_changed else AnswerState.UNCHANGED
    return AnswerState.BOUNCED if reach.is_bounced(confirmation) else AnswerState.SILENT


def _tally(label: str, prefecture: Prefecture | None, states: Counter[AnswerState]) -> Tally:
    return Tally(label, prefecture, {state: states[state] for state in AnswerState})
