"""What the figures of a day are counted from; each part is read once, when first asked for.

Every figure counts what everybody may see and what was certain by its day, so that it is the
same for every reader. Samples never enter one (domain.md).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser

from agreements.enums import CollaborationStatus, Side
from agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty
from agreements.queries import History, history_until
from chronicle.queries import relief_by_prefecture
from core.dates import RecordDate
from events.enums import EventStatus
from events.models import Event, EventRole
from members.enums import ASSOCIATION_KINDS, MunicipalityKind, OrganizationKind
from members.models import Municipality, Organization, Prefecture, Theme

EVERYBODY = AnonymousUser()

# Wards lie in it: their ties with its government are no ties with a region.
_TOKYO = "13"
_BODY = (
    "organization",
    "organization__kind",
    "organization__prefecture",
    "organization__municipality__kind",
)


class Body(NamedTuple):
    """An organization in an agreement, a joint project or an event."""

    pk: int | None
    kind: str | None
    prefecture: str | None
    municipality_kind: str | None

    @property
    def is_ward(self) -> bool:
        return self.municipality_kind == MunicipalityKind.WARD

    @property
    def is_ward_mayors(self) -> bool:
        return self.kind == OrganizationKind.WARD_MAYORS

    @property
    def region(self) -> str | None:
        """The prefecture that it stands for: as its government, a municipality or an association.

        None for wards, the government of Tokyo, companies and committees.
        """
        if self.kind == OrganizationKind.MUNICIPALITY:
            return None if self.is_ward else self.prefecture
        if self.kind == OrganizationKind.PREFECTURE:
            return None if self.prefecture == _TOKYO else self.prefecture
        return self.prefecture if self.kind in ASSOCIATION_KINDS else None


@dataclass(frozen=True)
class Parts:
    """The bodies of one record: single wards, whether all of them, and the regions."""

    wards: set[int] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    with_ward_mayors: bool = False

    @classmethod
    def of(cls, bodies: list[Body]) -> "Parts":
        return cls(
            {body.pk for body in bodies if body.is_ward},
            {region for body in bodies if (region := body.region)},
            any(body.is_ward_mayors for body in bodies),
        )


@dataclass(frozen=True)
class Project:
    """A joint project. ``is_common``: 特別区長会 carries it, for all 23 wards."""

    pk: int
    title: str
    start: RecordDate
    is_common: bool
    parts: Parts
    themes: list[int]

    @property
    def fiscal_year(self) -> int | None:
        """The one in which it began; None when its date leaves several open."""
        return self.start.fiscal_year


@dataclass(frozen=True)
class Happening:
    """An event that was not called off; ``was_held`` once that is confirmed."""

    pk: int
    when: RecordDate
    was_held: bool
    attendance: int | None
    attendance_qualifier: str
    attendance_text: str
    parts: Parts
    agreements: set[int]
    projects: set[int]

    @property
    def fiscal_year(self) -> int | None:
        return self.when.fiscal_year


class Reading:
    """The public record as of ``day``."""

    def __init__(self, day: date) -> None:
        self.day = day

    @cached_property
    def history(self) -> History:
        """The wide-area and comprehensive agreements. Four queries."""
        return history_until(self.day)

    @cached_property
    def agreements(self) -> dict[int, Parts]:
        """Who is bound by each agreement in force; witnesses are not. One query."""
        in_force = Agreement.objects.visible_to(EVERYBODY).in_force_on(self.day)
        parties = AgreementParty.objects.filter(agreement__in=in_force).exclude(side=Side.WITNESS)
        return _parts(parties.order_by().values_list("agreement", *_BODY))

    @cached_property
    def projects(self) -> list[Project]:
        """The joint projects whose start was certain, by their start. Three queries."""
        started = self._started(Collaboration.objects.started_by(self.day))
        rows = started.order_by("start_latest", "pk")
        parties = CollaborationParty.objects.filter(collaboration__in=started)
        parts = _parts(parties.order_by().values_list("collaboration", *_BODY))
        themes = defaultdict(list)
        links = Collaboration.themes.through.objects.filter(collaboration__in=started)
        for project, theme in links.values_list("collaboration", "theme"):
            themes[project].append(theme)
        return [
            Project(
                row.pk,
                row.title,
                row.start,
                row.is_of_all_wards,
                parts.get(row.pk, Parts()),
                themes[row.pk],
            )
            for row in rows
        ]

    @cached_property
    def projects_without_start(self) -> list[Collaboration]:
        """Those of which no start is known at all: never certain by any day. One query."""
        unknown = Collaboration.objects.filter(start_latest=None)
        return list(self._started(unknown).order_by("title"))

    @staticmethod
    def _started(collaborations):
        """Published real ones, neither planned only nor cancelled."""
        return (
            collaborations.visible_to(EVERYBODY)
            .real()
            .filter(status__in=(CollaborationStatus.UNDER_WAY, CollaborationStatus.ENDED))
        )

    @cached_property
    def events(self) -> list[Happening]:
        """The events over by the day, neither postponed nor cancelled. Four queries."""
        past = (
            Event.objects.visible_to(EVERYBODY)
            .real()
            .certain_by(self.day)
            .filter(status=EventStatus.PUBLISHED)
        )
        roles = EventRole.objects.filter(event__in=past, organization__isnull=False)
        parts = _parts(roles.order_by().values_list("event", *_BODY))
        agreements, projects = (
            _links(link.through, past, name)
            for link, name in (
                (Event.agreements, "agreement"),
                (Event.collaborations, "collaboration"),
            )
        )
        return [
            Happening(
                event.pk,
                event.when,
                event.held_confirmed,
                event.attendance,
                event.attendance_qualifier,
                event.attendance_text,
                parts.get(event.pk, Parts()),
                agreements[event.pk],
                projects[event.pk],
            )
            for event in past.order_by("latest", "pk")
        ]

    @cached_property
    def relief_by_prefecture(self) -> dict[str, int]:
        """After how many disasters each prefecture received support. Three queries."""
        totals = relief_by_prefecture(self.day)
        return {total.prefecture.pk: total.disasters for total in totals if total.prefecture}

    @cached_property
    def wards(self) -> list[Organization]:
        """The wards of the day in the order of their codes. One query."""
        standing = Municipality.objects.on(self.day)
        wards = Organization.objects.wards().filter(municipality__in=standing)
        return list(wards.select_related("municipality", "prefecture"))

    @cached_property
    def prefectures(self) -> list[Prefecture]:
        """In the order of their codes. One query."""
        return list(Prefecture.objects.all())

    @cached_property
    def themes(self) -> list[Theme]:
        """In the secretariat's order. One query."""
        return list(Theme.objects.all())


def _parts(rows) -> dict[int, Parts]:
    """Rows of a record's key and a body, by record."""
    bodies = defaultdict(list)
    for record, *body in rows:
        bodies[record].append(Body(*body))
    return {record: Parts.of(found) for record, found in bodies.items()}


def _links(through, events, name: str) -> dict[int, set[int]]:
    links = defaultdict(set)
    for event, other in through.objects.filter(event__in=events).values_list("event", name):
        links[event].add(other)
    return links
