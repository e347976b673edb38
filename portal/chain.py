"""連携のあゆみ: how one joint project came about and what came of it, oldest first.

Only what the record links or states is told: its origin, the milestones of the day of that
origin that name one of its partners, its start, events, agreements, year reports and end, and
joint projects that began under an agreement it led to. Of one that came from the board here,
whoever may read the proposal is told of it, and of the offers that were accepted. Nothing of a
talk is told.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from agreements.enums import CollaborationStatus, Origin
from agreements.following import Beginning, beginnings_of
from agreements.models import Agreement, Collaboration, YearReport
from agreements.queries import cancelled_at, with_bodies, with_parties
from chronicle.models import Milestone
from core.dates import (
    UNKNOWN,
    Precision,
    RecordDate,
    day_text,
    fiscal_year_bounds,
    fiscal_year_text,
    today,
)
from events.models import Event
from events.queries import role_groups
from events.queries import with_bodies as with_roles
from members.models import Organization
from portal.timeline.places import Rank, place_of

# Of the bodies in one role, so many are named; the record's own page names all.
BODIES_SHOWN = 8

_ORIGINS = {
    Origin.BOARD: "掲示板への提案",
    Origin.ASSEMBLY: "総会での提案",
    Origin.INTRODUCTION: "紹介",
    Origin.AGREEMENT: "協定にもとづく事業",
    Origin.CONTINUATION: "以前からの取組",
    Origin.OTHER: "きっかけ",
}
# What certainly came before the joint project that grew out of it.
_BEFORE_START = (Origin.BOARD, Origin.ASSEMBLY, Origin.INTRODUCTION)
START = "開始"
WARDS = "特別区"
# Of the public record, and of what a ward has registered itself.
NO_POST = "掲示板への書き込みの日付と本文は、資料にありません。"
NO_POST_REGISTERED = "掲示板への書き込みの日付は、登録されていません。"
NO_ORIGIN = "きっかけは、資料にありません。"
NO_ORIGIN_REGISTERED = "きっかけは、登録されていません。"


@dataclass(frozen=True)
class Actors:
    """The bodies that had one part in a step; ``texts`` name those without a page."""

    role: str
    bodies: list[Organization]
    texts: tuple[str, ...] = ()

    @property
    def shown(self) -> list[Organization]:
        return self.bodies[:BODIES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.bodies) - BODIES_SHOWN)


@dataclass(frozen=True)
class Step:
    """One step of the chain; ``milestones`` tell of the same day in the chronology.

    ``state`` is what to know of an event or a report at a glance: 中止.
    """

    kind: str
    title: str
    when: RecordDate | None
    when_text: str
    url: str = ""
    actors: list[Actors] = field(default_factory=list)
    state: str = ""
    detail: str = ""
    remark: str = ""
    milestones: list[Milestone] = field(default_factory=list)

    @property
    def sort_key(self) -> tuple[date, int]:
        """Its place among the steps; one without a date stands last."""
        place = place_of(self.when) if self.when else None
        if place is None:
            return date.max, 0
        if self.kind == START and self.when and self.when.earliest:
            # A year in which it began stands before what happened in it.
            return self.when.earliest, Rank.BETWEEN
        return place.day, place.rank


def chain_of(collaboration: Collaboration, user) -> list[Step]:
    """The steps of ``collaboration`` that ``user`` may see: its origin, then the oldest first."""
    visible = Prefetch("milestones", Milestone.objects.visible_to(user))
    linked = collaboration.events.visible_to(user).order_by("earliest", "pk")
    events = with_roles(linked).prefetch_related(visible)
    agreements = with_parties(collaboration.agreements.visible_to(user)).prefetch_related(visible)
    told = {item.pk for row in [*events, *agreements] for item in row.milestones.all()}
    first, beginnings = _first_and_others(collaboration, user)
    steps = [
        *(_beginning_step(beginning) for beginning in beginnings),
        *_turns(collaboration),
        *_bounds(collaboration, list(events)),
        *(_event_step(event) for event in events),
        *(_agreement_step(agreement) for agreement in agreements),
        *(
            _report_step(report, _wards_of(collaboration))
            for report in collaboration.year_reports.visible_to(user).reported()
        ),
        *(
            _milestone_step(milestone)
            for milestone in collaboration.milestones.visible_to(user)
            if milestone.pk not in told
        ),
        *_followers(collaboration, list(agreements), user),
    ]
    return [first, *sorted(steps, key=lambda step: step.sort_key)]


def _first_and_others(collaboration: Collaboration, user) -> tuple[Step, list[Beginning]]:
    """The origin, and what else of its beginning ``user`` may know.

    A proposal of the board is the origin itself, unless its ward names another one.
    """
    first, beginnings = _origin_step(collaboration, user), beginnings_of(collaboration, user)
    posts = [item for item in beginnings if item.is_post]
    if collaboration.origin != Origin.BOARD or not posts:
        return first, beginnings
    post = _beginning_step(posts[0])
    beginnings.remove(posts[0])
    title = f"{first.title}「{post.title}」"
    told = replace(post, kind=first.kind, title=title, detail=first.detail)
    return replace(told, milestones=first.milestones), beginnings


def _beginning_step(beginning: Beginning) -> Step:
    return Step(
        kind=beginning.kind,
        title=beginning.title,
        url=beginning.url,
        actors=[Actors(role, [body]) for role, body in beginning.bodies],
        **_on_day_of(beginning.at),
    )


def _on_day_of(moment: datetime | None) -> dict[str, Any]:
    """When a step was, from the moment that is kept of it."""
    if moment is None:
        return {"when": None, "when_text": UNKNOWN}
    day = timezone.localdate(moment)
    return {"when": RecordDate(day, day, Precision.DAY), "when_text": day_text(day)}


def _turns(collaboration: Collaboration) -> list[Step]:
    """That it became public, and that it was called off.

    What the secretariat brings in is of the public record, and did not become public here.
    """
    wards, steps = _wards_of(collaboration), []
    if collaboration.is_published and collaboration.record_id is None:
        day = _on_day_of(collaboration.published_at)
        steps.append(Step("公開", "連携事業の公開", actors=wards, **day))
    if collaboration.status == CollaborationStatus.CANCELLED:
        day, reason = _on_day_of(cancelled_at(collaboration)), collaboration.status_reason
        steps.append(Step("中止", "連携事業の中止", actors=wards, detail=reason, **day))
    return steps


def _origin_step(collaboration: Collaboration, user) -> Step:
    origin, day = Origin(collaboration.origin), collaboration.origin_date
    is_told = bool(day or collaboration.origin_text) or origin != Origin.OTHER
    of_record = collaboration.record_id is not None
    no_post = NO_POST if of_record else NO_POST_REGISTERED
    no_origin = NO_ORIGIN if of_record else NO_ORIGIN_REGISTERED
    return Step(
        kind="きっかけ",
        title=_ORIGINS[origin],
        when=RecordDate(day, day, Precision.DAY),
        when_text=day_text(day) if day else _undated(collaboration),
        actors=_parties_of(collaboration) if is_told else [],
        detail=collaboration.origin_text or ("" if is_told else no_origin),
        remark=no_post if origin == Origin.BOARD and day is None else "",
        milestones=_milestones_of_origin(collaboration, user),
    )


def _undated(collaboration: Collaboration) -> str:
    """An origin without a date: of a proposal we know that it came before the start."""
    start = collaboration.start
    has_begun = collaboration.status != CollaborationStatus.PLANNED
    if collaboration.origin in _BEFORE_START and has_begun and start.bounds:
        return f"{start}より前（{UNKNOWN}）"
    return UNKNOWN


def _parties_of(collaboration: Collaboration) -> list[Actors]:
    partners = [party.organization for party in collaboration.partners]
    texts = (collaboration.partner_text,) if collaboration.partner_text else ()
    if collaboration.is_of_all_wards:
        wards = Actors(WARDS, [], (collaboration.wards_text,))
    else:
        wards = Actors(WARDS, [party.organization for party in collaboration.wards])
    return [Actors("連携先", partners, texts), wards]


def _wards_of(collaboration: Collaboration) -> list[Actors]:
    return [actors for actors in _parties_of(collaboration) if actors.role == WARDS]


def _milestones_of_origin(collaboration: Collaboration, user) -> list[Milestone]:
    """What the chronology tells of the day of the origin about one of the partners.

    Not what refers to some record: that is told where the record is.
    """
    day = collaboration.origin_date
    if day is None:
        return []
    partners = [party.organization_id for party in collaboration.partners]
    of_the_day = Milestone.objects.visible_to(user).filter(
        earliest=day, latest=day, organizations__in=partners
    )
    unlinked = of_the_day.filter(agreements=None, collaborations=None, events=None)
    return list(unlinked.distinct())


def _bounds(collaboration: Collaboration, events: list[Event]) -> list[Step]:
    """Its start and its end, where no event tells of them."""
    start, end = collaboration.start, collaboration.end
    # One that is called off keeps its planned start, which never came if it still lies ahead.
    is_planned = collaboration.status == CollaborationStatus.PLANNED or (
        start.earliest is not None and start.earliest > today()
    )
    has_ended = collaboration.status == CollaborationStatus.ENDED
    steps = []
    if start.earliest and not any(event.earliest == start.earliest for event in events):
        title = "連携事業の開始（予定）" if is_planned else "連携事業の開始"
        steps.append(Step(START, title, start, str(start), actors=_parties_of(collaboration)))
    if has_ended and end.latest and not any(event.latest == end.latest for event in events):
        actors = _parties_of(collaboration)
        steps.append(Step("終了", "連携事業の終了", end, str(end), actors=actors))
    return steps


def _event_step(event: Event) -> Step:
    actors = [
        Actors(
            group.role,
            [part.organization for part in group.parts if part.organization],
            tuple(part.body_text for part in group.parts if part.body_text),
        )
        for group in role_groups(event)
    ]
    return Step(
        kind="イベント",
        title=event.title,
        url=event.get_absolute_url(),
        when=event.when,
        when_text=event.when_text,
        actors=actors,
        state=event.state_text,
        detail=event.summary,
        milestones=list(event.milestones.all()),
    )


def _agreement_step(agreement: Agreement) -> Step:
    sides = (
        ("特別区側", agreement.ward_side),
        ("相手方", agreement.counterparts),
        ("立会人", agreement.witnesses),
    )
    return Step(
        kind="協定",
        title=f"「{agreement.title}」を締結",
        url=agreement.get_absolute_url(),
        when=agreement.when,
        when_text=str(agreement.when),
        actors=[
            Actors(role, [party.organization for party in parties])
            for role, parties in sides
            if parties
        ],
        detail=agreement.summary,
        milestones=list(agreement.milestones.all()),
    )


def _report_step(report: YearReport, wards: list[Actors]) -> Step:
    year = report.fiscal_year
    visitors = f"来場者・参加者：{report.visitors_text}" if report.visitors_text else ""
    return Step(
        kind="年度実績",
        title=f"{fiscal_year_text(year)}の実績",
        when=RecordDate(*fiscal_year_bounds(year), Precision.FISCAL_YEAR),
        when_text=fiscal_year_text(year),
        actors=wards,
        state="" if report.is_accepted else report.get_status_display(),
        detail=report.result,
        remark=visitors,
    )


def _milestone_step(milestone: Milestone) -> Step:
    return Step(
        kind="沿革",
        title=milestone.title,
        url=milestone.get_absolute_url(),
        when=milestone.when,
        when_text=str(milestone.when),
        detail=milestone.detail_text,
    )


def _followers(collaboration: Collaboration, agreements: list[Agreement], user: Any) -> list[Step]:
    """Joint projects that began under an agreement which this one led to."""
    begun = collaboration.start.earliest
    led_to = [row for row in agreements if begun and row.latest and row.earliest > begun]
    if not led_to:
        return []
    rows = Collaboration.objects.visible_to(user).filter(
        origin=Origin.AGREEMENT,
        agreements__in=led_to,
        start_earliest__gte=min(row.latest for row in led_to if row.latest),
    )
    others = with_bodies(rows.exclude(pk=collaboration.pk).distinct())
    return [
        Step(
            kind="次の連携事業",
            title=other.title,
            url=other.get_absolute_url(),
            when=other.start,
            when_text=other.period_text,
            actors=_parties_of(other),
            detail=other.summary,
        )
        for other in others
    ]
