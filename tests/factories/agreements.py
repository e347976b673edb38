"""Rows of the agreements' room."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from agreements.enums import (
    AgreementKind,
    CollaborationSide,
    CollaborationStatus,
    Side,
    YearReportMove,
    YearReportStatus,
)
from agreements.models import (
    Agreement,
    AgreementParty,
    Collaboration,
    CollaborationParty,
    YearReport,
    YearReportStep,
)
from tests.factories.members import AssociationFactory, OrganizationFactory


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


class CollaborationFactory(DjangoModelFactory):
    """A published joint project that began on one day; its parties are rows of their own.

    ``published_at=None`` makes one that its ward has not published yet.
    """

    class Meta:
        model = Collaboration

    title = factory.Sequence(lambda n: f"見本の連携事業{n}")
    status = CollaborationStatus.UNDER_WAY
    start_earliest = date(2024, 10, 5)
    start_latest = factory.SelfAttribute("start_earliest")
    published_at = datetime(2024, 9, 1, 0, 0, tzinfo=UTC)


class CollaborationPartyFactory(DjangoModelFactory):
    """A municipality as the partner; a ward has ``side=CollaborationSide.WARD``."""

    class Meta:
        model = CollaborationParty

    collaboration = factory.SubFactory(CollaborationFactory)
    side = CollaborationSide.PARTNER
    organization = factory.SubFactory(OrganizationFactory)


class YearReportFactory(DjangoModelFactory):
    """One that the secretariat has brought in itself: accepted."""

    class Meta:
        model = YearReport

    collaboration = factory.SubFactory(CollaborationFactory)
    fiscal_year = 2024
    result = "物産展を2回開いた"


class DraftReportFactory(YearReportFactory):
    status = YearReportStatus.DRAFT


class SubmittedReportFactory(YearReportFactory):
    """What waits for the secretariat."""

    status = YearReportStatus.SUBMITTED
    signature = "東京都品川区　企画課"
    submitted_at = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)


class ReturnedReportFactory(DraftReportFactory):
    """A draft again: the secretariat has sent it back."""

    returned_at = datetime(2026, 5, 7, 1, 0, tzinfo=UTC)
    return_reason = "来場者の数を確かめてください"


class YearReportStepFactory(DjangoModelFactory):
    class Meta:
        model = YearReportStep

    report = factory.SubFactory(SubmittedReportFactory)
    move = YearReportMove.SUBMIT
    status = factory.SelfAttribute("report.status")
    at = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)
    signature = "東京都品川区　企画課"
