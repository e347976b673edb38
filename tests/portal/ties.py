"""Rows that tie organizations to the project."""

from agreements.enums import CollaborationSide, Side
from agreements.models import Agreement, Collaboration
from events.models import Event
from members.models import Organization
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import AssociationFactory, CoverageFactory, SecretariatFactory


def agreement_of(ward_side: Organization, counterpart: Organization, **fields) -> Agreement:
    """An agreement of two organizations, one on either side."""
    agreement = AgreementFactory(**fields)
    PartyFactory(agreement=agreement, organization=ward_side, side=Side.SPECIAL_WARDS)
    PartyFactory(agreement=agreement, organization=counterpart)
    return agreement


def project_of(
    *wards: Organization, partners: tuple[Organization, ...] = (), **fields
) -> Collaboration:
    """A published joint project of ``wards`` that began on 2024-10-05."""
    project = CollaborationFactory(**fields)
    for ward in wards:
        CollaborationPartyFactory(
            collaboration=project, organization=ward, side=CollaborationSide.WARD
        )
    for partner in partners:
        CollaborationPartyFactory(collaboration=project, organization=partner)
    return project


def event_of(*bodies: Organization, **fields) -> Event:
    """An event that ``bodies`` had a part in."""
    event = EventFactory(**fields)
    for body in bodies:
        EventRoleFactory(event=event, organization=body)
    return event


def bound_association(**fields) -> Organization:
    """An association of 島根県 that has signed a wide-area agreement and covers its towns."""
    association = AssociationFactory(**fields)
    CoverageFactory(organization=association)
    agreement_of(SecretariatFactory(), association, title=f"{association.name}との連携協定")
    return association
