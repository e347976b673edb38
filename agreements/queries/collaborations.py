"""Joint projects: the list under its conditions, and all that a page prints of them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, When

from agreements.enums import (
    Action,
    CollaborationScope,
    CollaborationSide,
    CollaborationStatus,
    Origin,
)
from agreements.models import Agreement, Collaboration, CollaborationParty
from agreements.querysets import CollaborationQuerySet
from core import audit
from core.dates import RecordDate
from core.models import public_sources
from core.prepared import Prepared, columns
from members.models import Municipality, Organization, Prefecture, Theme


@dataclass(frozen=True)
class Conditions:
    """What the list is narrowed to; every empty one keeps all.

    ``started`` holds the ids that a fiscal year leaves (``Years.ids``); None is no condition.
    """

    words: str = ""
    ward: Municipality | None = None
    prefecture: Prefecture | None = None
    theme: Theme | None = None
    started: tuple[int, ...] | None = None
    origins: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


def found(user, conditions: Conditions) -> CollaborationQuerySet:
    """The joint projects that ``user`` may see and that meet ``conditions``, unordered."""
    rows = Collaboration.objects.visible_to(user).matching(conditions.words)
    if conditions.ward:
        rows = rows.filter(_joined_by(CollaborationSide.WARD, municipality=conditions.ward))
    if conditions.prefecture:
        rows = rows.filter(_joined_by(CollaborationSide.PARTNER, prefecture=conditions.prefecture))
    if conditions.theme:
        rows = rows.filter(themes=conditions.theme)
    if conditions.started is not None:
        rows = rows.filter(pk__in=conditions.started)
    if conditions.origins:
        rows = rows.filter(origin__in=conditions.origins)
    if conditions.statuses:
        rows = rows.filter(status__in=conditions.statuses)
    return rows


def _joined_by(side: CollaborationSide, **of_organization) -> Q:
    """The condition that an organization of some kind is on ``side``."""
    named = {f"organization__{name}": value for name, value in of_organization.items()}
    parties = CollaborationParty.objects.filter(side=side, **named).order_by()
    # Of keys, because a join would show a project once for each of its partners.
    return Q(pk__in=parties.values("collaboration"))


def with_bodies(collaborations: CollaborationQuerySet) -> CollaborationQuerySet:
    """``collaborations`` with their parties and themes, read in two further queries."""
    parties = CollaborationParty.objects.select_related(
        "organization__municipality", "organization__prefecture"
    )
    return collaborations.prefetch_related(Prefetch("parties", parties), "themes")


def with_all(collaborations: CollaborationQuerySet, user) -> CollaborationQuerySet:
    """``collaborations`` with all that the record ties to them and ``user`` may see.

    Bodies, themes, agreements, events and sources: five further queries.
    """
    # The events' room stands above this one: its rows are reached by their relation alone.
    events = Collaboration._meta.get_field("events").related_model._default_manager
    return with_bodies(collaborations).prefetch_related(
        Prefetch("agreements", Agreement.objects.visible_to(user)),
        Prefetch("events", events.visible_to(user).order_by("earliest", "pk")),
        public_sources(),
    )


def latest_first(collaborations: CollaborationQuerySet) -> CollaborationQuerySet:
    """Those not yet published first, then the latest start; an unknown start comes last."""
    is_public = Case(When(published_at=None, then=0), default=1)
    return collaborations.order_by(is_public, F("start_latest").desc(nulls_last=True), "-pk")


@dataclass(frozen=True)
class Years:
    """Joint projects by the fiscal year in which they certainly began.

    A project whose start leaves several years open, or is not known, stands under None.
    """

    ids: dict[int | None, tuple[int, ...]]

    @property
    def listed(self) -> list[int]:
        """Every fiscal year from the first one with a project to the last, the latest first."""
        known = [year for year in self.ids if year is not None]
        return list(range(max(known), min(known) - 1, -1)) if known else []

    @property
    def has_unsure(self) -> bool:
        return None in self.ids


def years_of(collaborations: CollaborationQuerySet) -> Years:
    """The fiscal years in which ``collaborations`` began. One query."""
    ids: dict[int | None, list[int]] = defaultdict(list)
    bounds = ("start_earliest", "start_latest", "start_precision")
    for pk, *start in collaborations.order_by("pk").values_list("pk", *bounds):
        ids[RecordDate(*start).fiscal_year].append(pk)
    return Years({year: tuple(keys) for year, keys in ids.items()})


def origin_counts(user, conditions: Conditions) -> dict[str, int]:
    """How many joint projects each origin would give under the other conditions."""
    rows = found(user, replace(conditions, origins=()))
    return rows.aggregate(
        **{origin: Count("pk", filter=Q(origin=origin)) for origin in Origin.values}
    )


def status_counts(user, conditions: Conditions) -> dict[str, int]:
    """How many joint projects each state would give under the other conditions."""
    rows = found(user, replace(conditions, statuses=()))
    return rows.aggregate(
        **{status: Count("pk", filter=Q(status=status)) for status in CollaborationStatus.values}
    )


def collaborations_of(organization: Organization, user) -> list[Collaboration]:
    """The joint projects of ``organization`` that ``user`` may see, in the order of the list.

    A sample stands among them and says 見本. Three queries.
    """
    joined = CollaborationParty.objects.filter(organization=organization).order_by()
    rows = Collaboration.objects.visible_to(user).filter(pk__in=joined.values("collaboration"))
    return list(with_bodies(latest_first(rows)))


def cancelled_at(collaboration: Collaboration) -> datetime | None:
    """When a joint project was called off, as the log keeps it; None where that is not known."""
    entries = audit.history_of(collaboration).filter(action=Action.CANCEL_COLLABORATION)
    return entries.values_list("at", flat=True).first()


def unpublished_of(organization: Organization) -> list[Collaboration]:
    """The joint projects that ``organization``, a ward, carries and has not published yet."""
    return _unpublished_of.instances(Collaboration, organization.pk)


def carried_by(ward: int) -> CollaborationQuerySet:
    """The joint projects that the ward of this id carries; one of all wards together is the
    secretariat's."""
    carried = CollaborationParty.objects.filter(organization=ward, side=CollaborationSide.WARD)
    return Collaboration.objects.filter(
        pk__in=carried.order_by().values("collaboration"), scope=CollaborationScope.WARDS
    )


def _unpublished(ward: int) -> QuerySet:
    return latest_first(carried_by(ward).filter(published_at=None)).values_list(
        *columns(Collaboration)
    )


_unpublished_of = Prepared(_unpublished, int)
