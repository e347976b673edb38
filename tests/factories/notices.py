"""Rows of notices."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from notices.enums import Pace, Reason
from notices.models import Notice, Preference, Watch
from tests.factories.members import SeatFactory
from tests.factories.proposals import ProposalFactory


class PreferenceFactory(DjangoModelFactory):
    """The defaults, kept."""

    class Meta:
        model = Preference

    seat = factory.SubFactory(SeatFactory)


class WatchFactory(DjangoModelFactory):
    """A seat that follows an open proposal."""

    class Meta:
        model = Watch

    seat = factory.SubFactory(SeatFactory)
    object = factory.SubFactory(ProposalFactory)


class NoticeFactory(DjangoModelFactory):
    """An unread notice of an open proposal, told now; a mail followed at once."""

    class Meta:
        model = Notice

    seat = factory.SubFactory(SeatFactory)
    key = factory.Sequence(lambda n: f"tests.happening:{n}")
    object = factory.SubFactory(ProposalFactory)
    reason = Reason.OWN
    text = factory.Sequence(lambda n: f"見本の動き{n}がありました")
    url = factory.LazyAttribute(lambda o: o.object.get_absolute_url())
    at = factory.LazyFunction(timezone.now)
    pace = Pace.NOW
    mailed_at = factory.Maybe(
        factory.LazyAttribute(lambda o: o.pace == Pace.NOW), factory.SelfAttribute("at"), None
    )
