"""Rows of the board."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core import dates
from core.enums import Level
from members.enums import Role
from members.models import Theme
from proposals.enums import OfferMove, OfferStatus, OpeningGround, ProposalKind, ProposalStatus
from proposals.models import (
    Offer,
    OfferDraft,
    OfferStep,
    Proposal,
    ProposalVersion,
    Reply,
    Report,
    TalkMessage,
    TalkOpening,
)
from tests.factories.members import (
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    SecretariatFactory,
    ThemeFactory,
    WardFactory,
)


class ProposalFactory(DjangoModelFactory):
    """An open proposal of a municipality, published now, with one theme."""

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    organization = factory.SelfAttribute("office.organization")
    signature = factory.SelfAttribute("office.signature")
    kind = ProposalKind.PROVIDE
    title = factory.Sequence(lambda n: f"見本の提案{n}")
    body = "特産品を紹介する催しを、区内で一緒に開く相手を探しています。"
    wished_from = factory.LazyFunction(lambda: dates.add_months(dates.today().replace(day=1), 3))
    status = ProposalStatus.OPEN
    published_at = factory.LazyFunction(timezone.now)
    changed_at = factory.LazyFunction(timezone.now)
    active_at = factory.SelfAttribute("changed_at")
    ends_on = factory.LazyFunction(lambda: dates.today() + timedelta(days=90))

    @factory.post_generation
    def themes(self, create: bool, extracted: list[Theme] | None, **kwargs) -> None:
        if create:
            self.themes.set([ThemeFactory(name="産業")] if extracted is None else extracted)


class DraftFactory(ProposalFactory):
    """A draft that only its organization sees."""

    status = ProposalStatus.DRAFT
    published_at = None


class ExpiredFactory(ProposalFactory):
    """An open proposal whose end date was yesterday."""

    ends_on = factory.LazyFunction(lambda: dates.today() - timedelta(days=1))


class WithdrawnFactory(ProposalFactory):
    """A proposal that its organization has taken off the board."""

    status = ProposalStatus.WITHDRAWN
    ended_at = factory.LazyFunction(timezone.now)
    ending_reason = "予算が付かなかったため。"


class VersionFactory(DjangoModelFactory):
    """The first version of an open proposal, for all members."""

    class Meta:
        model = ProposalVersion

    proposal = factory.SubFactory(ProposalFactory)
    number = 1
    fields = factory.LazyAttribute(lambda o: o.proposal.content())
    level = Level.MEMBERS
    signature = factory.SelfAttribute("proposal.signature")
    valid_from = factory.LazyFunction(timezone.now)
    valid_until = factory.LazyFunction(timezone.now)


class ReplyFactory(DjangoModelFactory):
    """A reply to an open proposal by another organization."""

    class Meta:
        model = Reply

    proposal = factory.SubFactory(ProposalFactory)
    seat = factory.SubFactory(SeatFactory)
    organization = factory.SelfAttribute("seat.office.organization")
    signature = factory.SelfAttribute("seat.office.signature")
    body = "詳しくお聞かせください。"


class OfferDraftFactory(DjangoModelFactory):
    """What a ward is going to offer on a member's proposal; nobody else knows of it."""

    class Meta:
        model = OfferDraft

    proposal = factory.SubFactory(ProposalFactory)
    office = factory.SubFactory(OfficeFactory, organization=factory.SubFactory(WardFactory))
    organization = factory.SelfAttribute("office.organization")
    message = "共同の催しを考えています。"
    saved_at = factory.LazyFunction(timezone.now)


class OfferFactory(DjangoModelFactory):
    """A ward's offer on a member's proposal, just raised; ``message`` begins its talk."""

    class Meta:
        model = Offer
        skip_postgeneration_save = True

    proposal = factory.SubFactory(ProposalFactory)
    office = factory.SubFactory(OfficeFactory, organization=factory.SubFactory(WardFactory))
    organization = factory.SelfAttribute("office.organization")
    signature = factory.SelfAttribute("office.signature")
    raised_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def message(self, create: bool, extracted: str | None, **kwargs) -> None:
        if not create:
            return
        OfferStep.objects.create(
            offer=self,
            move=OfferMove.RAISE,
            status=OfferStatus.INTERESTED,
            at=self.raised_at,
            signature=self.signature,
        )
        MessageFactory(offer=self, body=extracted or "詳しくお聞かせください。")


class MessageFactory(DjangoModelFactory):
    """What the offering side says."""

    class Meta:
        model = TalkMessage

    offer = factory.SubFactory(OfferFactory)
    organization = factory.SelfAttribute("offer.organization")
    signature = factory.SelfAttribute("offer.signature")
    body = "日程を相談させてください。"
    sent_at = factory.LazyFunction(timezone.now)


class OpeningFactory(DjangoModelFactory):
    """A seat of the secretariat reads a talk, for three days from now on."""

    class Meta:
        model = TalkOpening

    offer = factory.SubFactory(OfferFactory)
    ground = OpeningGround.REQUEST
    reason = "事実を確認するため。"
    seat = factory.SubFactory(
        SeatFactory,
        office__organization=factory.SubFactory(SecretariatFactory),
        office__is_main=False,
        role=Role.STAFF,
    )
    signature = factory.SelfAttribute("seat.office.signature")
    opened_at = factory.LazyFunction(timezone.now)
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))


class ReportFactory(DjangoModelFactory):
    """A member's report of a proposal; it waits for the secretariat."""

    class Meta:
        model = Report

    ground = OpeningGround.REPORT
    proposal = factory.SubFactory(ProposalFactory)
    organization = factory.SubFactory(OrganizationFactory)
    signature = factory.SelfAttribute("organization.full_name")
    reason = "個人の連絡先が書かれています。"
    reported_at = factory.LazyFunction(timezone.now)
