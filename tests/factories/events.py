"""Rows of the events' room."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from events.enums import EventKind, EventStatus
from events.models import Event, EventRole
from tests.factories.members import OrganizationFactory


class EventFactory(DjangoModelFactory):
    """A published event of one day."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"見本の催し{n}")
    kind = EventKind.FAIR
    status = EventStatus.PUBLISHED
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
