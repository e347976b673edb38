"""Rows that tie organizations to the project."""

from agreements.enums import Side
from members.models import Organization
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import AssociationFactory, CoverageFactory, SecretariatFactory


def bound_association(**fields) -> Organization:
    """An association of 島根県 that has signed a wide-area agreement and covers its towns."""
    association = AssociationFactory(**fields)
    CoverageFactory(organization=association)
    agreement = AgreementFactory(title=f"{association.name}との連携協定")
    PartyFactory(agreement=agreement, organization=SecretariatFactory(), side=Side.SPECIAL_WARDS)
    PartyFactory(agreement=agreement, organization=association)
    return association
