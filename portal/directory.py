"""会員名簿: whom members may turn to, by what they look for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import models
from django.db.models import Case, Count, Q, When

from agreements.queries import reached_on
from members.contacts import readable_fields
from members.enums import ASSOCIATION_KINDS, MunicipalityKind
from members.models import Membership, Office, Organization, Prefecture, Seat, Theme, User
from members.querysets import OrganizationQuerySet

CODE, KANA = "code", "kana"


class DirectoryKind(models.TextChoices):
    """What sort of body somebody looks for; the value stands in the address."""

    CITY = "city", "市"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    WARD = "ward", "特別区"
    ASSOCIATION = "association", "市長会・町村会"
    OTHER = "other", "その他の団体"

    @property
    def condition(self) -> Q:
        if self in _MUNICIPALITIES:
            return Q(municipality__kind=_MUNICIPALITIES[self])
        associations = Q(kind__in=ASSOCIATION_KINDS)
        return associations if self is self.ASSOCIATION else Q(municipality=None) & ~associations


_MUNICIPALITIES = {
    DirectoryKind.CITY: MunicipalityKind.CITY,
    DirectoryKind.TOWN: MunicipalityKind.TOWN,
    DirectoryKind.VILLAGE: MunicipalityKind.VILLAGE,
    DirectoryKind.WARD: MunicipalityKind.WARD,
}


class Wish(models.TextChoices):
    """What a profile may offer to whoever reads it; the value is the field."""

    SEEKS = "seeks", "求めることがある"
    PROVIDES = "provides", "提供できることがある"


@dataclass(frozen=True)
class Conditions:
    """What the directory is narrowed to; every empty one keeps all."""

    words: str = ""
    prefecture: Prefecture | None = None
    kinds: tuple[str, ...] = ()
    theme: Theme | None = None
    wishes: tuple[str, ...] = ()
    reached: bool = False


def found(conditions: Conditions, day: date) -> OrganizationQuerySet:
    """The organizations of the directory on ``day`` that meet ``conditions``, unordered."""
    bodies = Organization.objects.in_directory(day).reached_by(conditions.words)
    if conditions.prefecture:
        bodies = bodies.filter(prefecture=conditions.prefecture)
    if conditions.kinds:
        bodies = bodies.filter(_any(DirectoryKind(kind).condition for kind in conditions.kinds))
    if conditions.theme:
        bodies = bodies.filter(themes=conditions.theme)
    if conditions.wishes:
        bodies = bodies.filter(_any(~Q(**{wish: ""}) for wish in conditions.wishes))
    return bodies.filter(reached_on(day)) if conditions.reached else bodies


def _any(conditions: Iterable[Q]) -> Q:
    together = Q()
    for condition in conditions:
        together |= condition
    return together


def ordered(bodies: OrganizationQuerySet, sort: str) -> OrganizationQuerySet:
    """By code, as all lists of municipalities; or by kana, what has none coming last."""
    if sort != KANA:
        return bodies.order_by(*Organization._meta.ordering)
    return bodies.order_by(Case(When(kana="", then=1), default=0), "kana", "pk")


def kind_counts(conditions: Conditions, day: date) -> dict[str, int]:
    """How many organizations each kind would give under the other conditions."""
    bodies = found(replace(conditions, kinds=()), day)
    counts = {kind.value: Count("pk", filter=kind.condition) for kind in DirectoryKind}
    return bodies.order_by().aggregate(**counts)


@dataclass(frozen=True)
class Listed:
    """A row of the directory. ``office`` is the one to turn to, ``others`` how many more."""

    organization: Organization
    membership: Membership | None
    office: Office | None
    phone: str
    leads: list[Seat]
    others: int

    @property
    def kind_text(self) -> str:
        """市, 町, 村 or 特別区; of any other body its kind."""
        return (self.organization.municipality or self.organization).get_kind_display()

    @property
    def is_sample(self) -> bool:
        membership, office = self.membership, self.office
        return bool((membership and membership.is_sample) or (office and office.is_sample))


def listed(bodies: Iterable[Organization], user: User, day: date) -> list[Listed]:
    """``bodies`` with their contact, as far as ``user`` may read it.

    The main office, or the first one. Three queries, however many.
    """
    bodies = list(bodies)
    memberships = {
        row.organization_id: row
        for row in Membership.objects.on(day).filter(organization__in=bodies)
    }
    offices = defaultdict(list)
    for office in Office.objects.visible_to(user).filter(organization__in=bodies):
        offices[office.organization_id].append(office)
    firsts = {pk: found[0] for pk, found in offices.items()}
    leads = _leads(firsts.values(), user, day)
    rows = []
    for body in bodies:
        office = firsts.get(body.pk)
        if office:
            office.organization = body
        may_call = office is not None and "phone" in readable_fields(office, user)
        rows.append(
            Listed(
                organization=body,
                membership=memberships.get(body.pk),
                office=office,
                phone=office.phone if office and may_call else "",
                leads=leads[office.pk] if office else [],
                others=max(len(offices[body.pk]) - 1, 0),
            )
        )
    return rows


def _leads(offices: Iterable[Office], user: User, day: date) -> dict[int, list[Seat]]:
    """Who leads each of ``offices`` on ``day``, by its id."""
    seats = Seat.objects.on(day).active().leads().visible_to(user).filter(office__in=list(offices))
    leads: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats.with_user().order_by("pk"):
        leads[seat.office_id].append(seat)
    return leads
