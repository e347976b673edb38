"""Reads over several tables of the members' room."""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from core.dates import today
from members.enums import Role
from members.models import (
    Coverage,
    CoverageException,
    Municipality,
    Office,
    Organization,
    Seat,
    User,
)


def covered_on(organizations: list[Organization], day: date) -> dict[int, set[int]]:
    """The ids of the municipalities that each association covers on ``day``.

    Keyed by organization id. Computed from the register of that day by each association's
    rule, then its dated exceptions. Three queries, however many associations.
    """
    keys = [organization.pk for organization in organizations]
    covered: dict[int, set[int]] = defaultdict(set)
    coverages = list(Coverage.objects.on(day).filter(organization__in=keys))
    prefectures = {coverage.prefecture_id for coverage in coverages}
    municipalities = list(
        Municipality.objects.on(day)
        .filter(prefecture__in=prefectures)
        .order_by()
        .values_list("pk", "prefecture_id", "kind")
    )
    for coverage in coverages:
        covered[coverage.organization_id].update(
            pk
            for pk, prefecture, kind in municipalities
            if prefecture == coverage.prefecture_id and kind in coverage.kinds
        )
    for exception in CoverageException.objects.on(day).filter(organization__in=keys):
        change = covered[exception.organization_id]
        (change.add if exception.included else change.discard)(exception.municipality_id)
    return covered


def municipalities_covered_on(organization: Organization, day: date):
    """The municipalities that one association covers on ``day``, in the order of their codes."""
    return (
        Municipality.objects.filter(pk__in=covered_on([organization], day)[organization.pk])
        .select_related("prefecture", "organization")
        .order_by("code")
    )


def associations_covering(municipality: Municipality, day: date) -> list[Organization]:
    """The associations that cover ``municipality`` on ``day``."""
    candidates = Organization.objects.filter(
        Q(coverages__prefecture=municipality.prefecture_id)
        | Q(coverage_exceptions__municipality=municipality)
    ).distinct()
    covered = covered_on(list(candidates), day)
    return [
        organization for organization in candidates if municipality.pk in covered[organization.pk]
    ]


def desks() -> list[Office]:
    """The two offices that answer questions, for the foot of every page."""
    return list(Office.objects.desks().select_related("organization"))


def roster(office: Office, user: User) -> list[Seat]:
    """Who sits at ``office`` today, as far as ``user`` may know: leads first, then deputies."""
    seats = office.seats.on(today()).active().visible_to(user).with_user().order_by("pk")
    return sorted(seats, key=lambda seat: list(Role).index(Role(seat.role)))
