"""Agreements as of a day: who is bound, and which municipalities that reaches."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from agreements.enums import AgreementKind, Side
from agreements.models import Agreement, AgreementParty
from agreements.querysets import AgreementQuerySet
from core.models import public_sources
from members.enums import MunicipalityKind
from members.models import Municipality, Organization
from members.queries import associations_covering, covered_on

# How the list is divided: the two kinds that the figures count, and the rest.
_GROUPS = (
    ("広域連携協定", (AgreementKind.WIDE_AREA,)),
    ("包括連携協定", (AgreementKind.COMPREHENSIVE,)),
    ("その他の協定", (AgreementKind.MUTUAL, AgreementKind.FESTIVAL, AgreementKind.MEMORANDUM)),
)


def with_parties(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """``agreements`` with their parties, read in one further query."""
    return agreements.prefetch_related(_parties("parties"))


def with_all(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """``agreements`` with what their table for Excel reads, in two further queries."""
    parties = _parties("parties", "organization__municipality")
    return agreements.prefetch_related(parties, public_sources())


def _parties(path: str, *related: str) -> Prefetch:
    parties = AgreementParty.objects.select_related("organization__prefecture", *related)
    return Prefetch(path, parties)


@dataclass(frozen=True)
class Group:
    """The agreements under one heading of the list."""

    label: str
    agreements: list[Agreement]


def by_kind(agreements: list[Agreement]) -> list[Group]:
    """``agreements`` under their headings; a heading without any is left out."""
    groups = [
        Group(label, [agreement for agreement in agreements if agreement.kind in kinds])
        for label, kinds in _GROUPS
    ]
    return [group for group in groups if group.agreements]


@dataclass(frozen=True)
class Standing:
    """The figures of one day: 協定を結ぶ市長会・町村会, its 自治体, and 企業."""

    day: date
    associations: list[Organization]
    municipality_ids: set[int]
    companies: list[Organization]

    @property
    def prefecture_ids(self) -> set[str]:
        return {organization.prefecture_id for organization in self.associations}


def standing_on(day: date) -> Standing:
    """The wide-area and comprehensive agreements in force on ``day``, counted by parties.

    Counted by associations and companies, not by documents (data/README: agreements.csv);
    municipalities are computed from the register of that day.
    """
    in_force = Agreement.objects.in_force_on(day)
    associations = counterparts(in_force.wide_area())
    covered = covered_on(associations, day)
    return Standing(
        day=day,
        associations=associations,
        municipality_ids=set().union(*covered.values()),
        companies=counterparts(in_force.comprehensive()),
    )


def counterparts(agreements) -> list[Organization]:
    """The organizations on the counterpart side of ``agreements``, each once."""
    return list(
        Organization.objects.filter(
            agreement_parties__side=Side.COUNTERPART, agreement_parties__agreement__in=agreements
        )
        .distinct()
        .select_related("prefecture")
    )


@dataclass(frozen=True)
class Covered:
    """The municipalities of one association, as organizations in the order of their codes."""

    association: Organization
    municipalities: list[Organization]

    @property
    def kinds_text(self) -> str:
        """129町、15村."""
        kinds = Counter(body.municipality.kind for body in self.municipalities)
        return "、".join(f"{kinds[kind]}{kind}" for kind in MunicipalityKind if kinds[kind])


def covered_by(associations: list[Organization], day: date) -> list[Covered]:
    """What each of ``associations`` covers on ``day``; those that cover nothing are left out.

    Four queries, however many associations.
    """
    covered = covered_on(associations, day)
    bodies = Organization.objects.filter(
        municipality__in=set().union(*covered.values())
    ).select_related("municipality", "prefecture")
    groups = [
        Covered(
            association,
            [body for body in bodies if body.municipality_id in covered[association.pk]],
        )
        for association in associations
    ]
    return [group for group in groups if group.municipalities]


@dataclass(frozen=True)
class Reach:
    """An agreement that reaches a municipality, and through which association (or itself)."""

    agreement: Agreement
    through: Organization | None


def agreements_reaching(organization: Organization, day: date) -> list[Reach]:
    """The agreements in force on ``day`` that reach ``organization``, and why.

    First those it is a party of, then those of associations that cover it.
    """
    in_force = Agreement.objects.in_force_on(day)
    signed = with_parties(in_force.filter(organizations=organization))
    own = [Reach(agreement, None) for agreement in signed]
    if not organization.municipality_id:
        return own
    return own + reached_through_associations(organization.municipality, day)


def number_reaching(organization: Organization, day: date) -> int:
    """How many agreements in force on ``day`` reach ``organization``.

    Each once, and for a ward those that 特別区長会 has concluded as well. One query; five for a
    municipality.
    """
    in_force = Agreement.objects.in_force_on(day)
    reaching = Q(parties__organization=organization)
    if organization.municipality_id:
        covering = associations_covering(organization.municipality, day)
        reaching |= Q(
            kind=AgreementKind.WIDE_AREA,
            parties__side=Side.COUNTERPART,
            parties__organization__in=covering,
        )
    if organization.is_ward:
        reaching |= Q(pk__in=Agreement.objects.of_all_wards().order_by().values("pk"))
    return in_force.filter(reaching).order_by().values("pk").distinct().count()


def reached_through_associations(municipality: Municipality, day: date) -> list[Reach]:
    """The wide-area agreements that bind ``municipality`` through its associations."""
    parties = (
        AgreementParty.objects.filter(
            side=Side.COUNTERPART,
            organization__in=associations_covering(municipality, day),
            agreement__in=Agreement.objects.in_force_on(day).wide_area(),
        )
        .select_related("agreement", "organization")
        .prefetch_related(_parties("agreement__parties"))
        .order_by("agreement__latest", "pk")
    )
    return [Reach(party.agreement, party.organization) for party in parties]


@dataclass(frozen=True)
class Ties:
    """What ties municipalities to the project on a day: their associations, and their own."""

    associations: list[Organization]
    covered: dict[int, set[int]]
    own_agreements: Counter[int]

    def associations_of(self, body: Organization) -> list[Organization]:
        """The bound associations that cover ``body``."""
        return [
            association
            for association in self.associations
            if body.municipality_id in self.covered[association.pk]
        ]


def ties_in(bodies: list[Organization], day: date) -> Ties:
    """The ties of the municipalities ``bodies`` on ``day``, for a list of them.

    Through the associations of wide-area agreements, and the number of agreements that each
    is itself a party of. Five queries, however many municipalities.
    """
    in_force = Agreement.objects.in_force_on(day)
    associations = counterparts(in_force.wide_area())
    parties = AgreementParty.objects.filter(organization__in=bodies, agreement__in=in_force)
    return Ties(
        associations,
        covered_on(associations, day),
        Counter(parties.order_by().values_list("organization", flat=True)),
    )


def reached_on(day: date) -> Q:
    """The condition that an agreement reaches an organization on ``day`` (``agreements_reaching``).

    A party of one in force, or a municipality that an association of a wide-area one covers.
    Four queries are asked for it, however many organizations there are.
    """
    in_force = Agreement.objects.in_force_on(day)
    covered = covered_on(counterparts(in_force.wide_area()), day)
    parties = AgreementParty.objects.filter(agreement__in=in_force)
    return Q(pk__in=parties.order_by().values("organization")) | Q(
        municipality__in=set().union(*covered.values())
    )
