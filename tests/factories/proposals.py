"""Rows of the board."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core import dates
from core.enums import Level
from members.models import Theme
from proposals.enums import ProposalKind, ProposalStatus
from proposals.models import Proposal, ProposalVersion, Reply
from tests.factories.members import OfficeFactory, SeatFactory, ThemeFactory


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
    withdrawn_at = factory.LazyFunction(timezone.now)
    withdrawal_reason = "予算が付かなかったため。"


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
