"""Rows of the events' room."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from events.enums import EventKind, EventStatus
from events.models import Event, EventRole
from tests.factories.members import OrganizationFactory

# An organization's alone.
SUBMITTED_ONCE = (EventStatus.SUBMITTED, EventStatus.RETURNED)


class EventFactory(DjangoModelFactory):
    """A published event of one day, the secretariat's own; a submitted one has an ``owner``."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"見本の催し{n}")
    kind = EventKind.FAIR
    status = EventStatus.PUBLISHED
    owner = factory.LazyAttribute(
        lambda o: OrganizationFactory() if o.status in SUBMITTED_ONCE else None
    )
    held_confirmed = True
    earliest = date(2024, 10, 5)
    latest = factory.SelfAttribute("earliest")
    venue = "見本会館"


class EventRoleFactory(DjangoModelFactory):
    class Meta:
        model = EventRole

    event = factory.SubFactory(EventFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = EventRole.HOST
