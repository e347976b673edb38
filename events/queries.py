"""Reads over events: the fiscal years of past ones, their bodies, and a body's events."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q

from agreements.models import Agreement, Collaboration
from core.dates import Precision, RecordDate
from core.models import public_sources
from events.enums import EventKind
from events.models import Event, EventRole
from events.querysets import EventQuerySet
from members.models import Organization

# The order of the roles on an event's page; those of other names stand between the two.
_FIRST, _LAST = EventRole.HOST, EventRole.PARTICIPANT


@dataclass(frozen=True)
class Archive:
    """Past events by fiscal year and kind.

    Each event stands once: under the fiscal year it certainly lies in, or under None when
    its dates leave several open. ``kinds`` counts all of them, ``ids`` only the kind chosen.
    """

    ids: dict[int | None, list[int]]
    kinds: dict[EventKind, int]

    @property
    def years(self) -> list[tuple[int | None, int]]:
        """Each fiscal year with its number of events, the latest first, None last."""
        known = sorted((year for year in self.ids if year is not None), reverse=True)
        unsure = [None] if None in self.ids else []
        return [(year, len(self.ids[year])) for year in [*known, *unsure]]


def archive_of(past: EventQuerySet, kind: str = "") -> Archive:
    """The archive of ``past``, of one ``kind`` or, when it is empty, of all. One query."""
    ids: dict[int | None, list[int]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    for pk, kind_of, *when in past.values_list("pk", "kind", "earliest", "latest", "precision"):
        kinds[kind_of] += 1
        if kind in ("", kind_of):
            ids[RecordDate(*when).fiscal_year].append(pk)
    return Archive(dict(ids), {known: kinds[known] for known in EventKind if kinds[known]})


def listed(past: EventQuerySet, ids: list[int]) -> list[Event]:
    """The events ``ids`` of ``past``, the latest first; those without a known date last."""
    events = past.filter(pk__in=ids)
    return sorted(events, key=lambda event: event.precision == Precision.BETWEEN)


def with_bodies(events: EventQuerySet) -> EventQuerySet:
    """``events`` with the bodies that had a part in them, read in one further query."""
    roles = EventRole.objects.select_related("organization__prefecture")
    return events.prefetch_related(Prefetch("roles", roles))


def with_all(events: EventQuerySet, user) -> EventQuerySet:
    """``events`` with what their table for Excel reads, as far as ``user`` may see it."""
    return with_bodies(events).prefetch_related(
        "themes",
        Prefetch("agreements", Agreement.objects.visible_to(user)),
        Prefetch("collaborations", Collaboration.objects.visible_to(user)),
        public_sources(),
    )


def linkable_to(project: Collaboration, user) -> EventQuerySet:
    """The events that ``project`` may be linked to and ``user`` sees, the latest first.

    One of its organizations has a part in them; and those that it is linked to already.
    """
    bodies = project.parties.order_by().values("organization")
    parts = EventRole.objects.filter(organization__in=bodies).order_by()
    chosen = Q(pk__in=parts.values("event")) | Q(collaborations=project)
    latest_first = (F("latest").desc(nulls_first=True), "-pk")
    return Event.objects.visible_to(user).filter(chosen).distinct().order_by(*latest_first)


@dataclass(frozen=True)
class RoleGroup:
    """The bodies that had the same role in an event."""

    role: str
    parts: list[EventRole]


def role_groups(event: Event) -> list[RoleGroup]:
    """The bodies of ``event`` by role: hosts first, participants last."""
    groups: dict[str, list[EventRole]] = {}
    for part in event.roles.all():
        groups.setdefault(part.role, []).append(part)
    ordered = sorted(groups, key=lambda role: (role != _FIRST, role == _LAST))
    return [RoleGroup(role, groups[role]) for role in ordered]


@dataclass(frozen=True)
class Appearance:
    """An event that an organization had a part in, with its roles: 主催、参加."""

    event: Event
    roles: str


def appearances_of(organization: Organization, user, day: date) -> list[Appearance]:
    """The events of ``organization`` that ``user`` may see: coming ones first, then the latest.

    Samples are left out once they are over: they are no part of the record. Two queries.
    """
    roles: dict[int, list[str]] = defaultdict(list)
    for event_id, role in organization.event_roles.values_list("event", "role"):
        roles[event_id].append(role)
    events = Event.objects.visible_to(user).filter(pk__in=roles)
    listed = [*events.coming(day), *events.past(day).real()] if roles else []
    return [Appearance(event, "、".join(roles[event.pk])) for event in listed]
