"""Reads over several rooms: the map of prefectures, a prefecture's list, an organization."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from agreements.queries import Standing, ties_in
from chronicle.enums import Metric
from chronicle.models import StatedFigure
from core.models import public_sources
from members.enums import OrganizationKind
from members.models import (
    Membership,
    Municipality,
    MunicipalityChange,
    Organization,
    Prefecture,
)
from members.tiles import Tile


def tiles_of(standing: Standing) -> list[Tile]:
    """The 47 prefectures with the municipalities that an agreement reaches. Two queries."""
    counts = Counter(
        Municipality.objects.filter(pk__in=standing.municipality_ids)
        .order_by()
        .values_list("prefecture_id", flat=True)
    )
    return [
        Tile(prefecture, prefecture.pk in standing.prefecture_ids, counts[prefecture.pk])
        for prefecture in Prefecture.objects.all()
    ]


def map_sentence(tiles: Collection[Tile]) -> str:
    """北海道、青森県の2道県に色が付いています。 What the map shows, for those who do not see it."""
    names = [tile.prefecture.name for tile in tiles if tile.on]
    if not names:
        return "色の付いた地域はありません。"
    units = "".join(unit for unit in "都道府県" if any(name.endswith(unit) for name in names))
    return f"{'、'.join(names)}の{len(names)}{units}に色が付いています。"


def stated_members() -> list[StatedFigure]:
    """The member counts that the project published with a date, the earliest first."""
    figures = StatedFigure.objects.filter(
        metric=Metric.REGISTERED_MEMBERS, as_of_latest__isnull=False
    )
    return list(figures.order_by("as_of_latest", "pk").prefetch_related(public_sources()))


@dataclass(frozen=True)
class ListedMunicipality:
    """A row of a prefecture's list: what ties the municipality to the project today."""

    organization: Organization
    associations: list[Organization]
    own_agreements: int
    membership: Membership | None


def municipalities_of(prefecture: Prefecture, day: date) -> list[ListedMunicipality]:
    """The municipalities of ``prefecture`` on ``day``, in the order of their codes."""
    bodies = list(
        Organization.objects.municipalities()
        .filter(municipality__in=Municipality.objects.on(day).filter(prefecture=prefecture))
        .select_related("municipality", "prefecture")
    )
    memberships = {
        membership.organization_id: membership
        for membership in Membership.objects.on(day).filter(organization__in=bodies)
    }
    ties = ties_in(bodies, day)
    return [
        ListedMunicipality(
            body,
            ties.associations_of(body),
            ties.own_agreements[body.pk],
            memberships.get(body.pk),
        )
        for body in bodies
    ]


def ward_mayors() -> Organization | None:
    """特別区長会, which signs for the wards."""
    return Organization.objects.filter(kind=OrganizationKind.WARD_MAYORS).first()


def changes_of(municipality: Municipality) -> list[MunicipalityChange]:
    """The mergers and renames that made ``municipality``, or ended it."""
    changes = MunicipalityChange.objects.filter(Q(former=municipality) | Q(current=municipality))
    return list(changes.select_related("former__organization", "current__organization"))
