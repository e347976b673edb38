"""Dates of the record in the database: both bounds or none, in their order."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.models import Dated
from tests.factories.agreements import AgreementFactory
from tests.factories.chronicle import DisasterFactory, MilestoneFactory
from tests.factories.events import EventFactory

FACTORIES = (AgreementFactory, DisasterFactory, EventFactory, MilestoneFactory)
DAY, NEXT_DAY = date(2024, 10, 5), date(2024, 10, 6)

pytestmark = pytest.mark.django_db


def test_every_dated_table_is_tried_here():
    assert {factory._meta.model for factory in FACTORIES} == set(Dated.__subclasses__())


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("bounds", [(DAY, None), (None, DAY), (NEXT_DAY, DAY)])
def test_a_half_date_or_a_reversed_one_is_refused(factory, bounds):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(earliest=bounds[0], latest=bounds[1])
    assert not factory._meta.model.objects.exists()


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("bounds", [(None, None), (DAY, DAY), (DAY, NEXT_DAY)])
def test_both_bounds_or_none_are_kept(factory, bounds):
    row = factory(earliest=bounds[0], latest=bounds[1])
    assert (row.when.earliest, row.when.latest) == bounds
