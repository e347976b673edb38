"""Rows of the agreements' room."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from agreements.enums import AgreementKind, Side
from agreements.models import Agreement, AgreementParty
from tests.factories.members import AssociationFactory


class AgreementFactory(DjangoModelFactory):
    """A wide-area agreement of one day; its parties are rows of their own."""

    class Meta:
        model = Agreement

    title = factory.Sequence(lambda n: f"見本の協定{n}")
    kind = AgreementKind.WIDE_AREA
    earliest = date(2016, 4, 26)
    latest = factory.SelfAttribute("earliest")


class PartyFactory(DjangoModelFactory):
    """An association as the counterpart."""

    class Meta:
        model = AgreementParty

    agreement = factory.SubFactory(AgreementFactory)
    side = Side.COUNTERPART
    organization = factory.SubFactory(AssociationFactory)
