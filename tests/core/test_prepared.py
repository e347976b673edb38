"""A prepared query answers as its queryset does, whatever it is asked."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from core.prepared import Prepared, columns
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet
from tests.factories.proposals import DraftFactory, ProposalFactory

pytestmark = pytest.mark.django_db


def ending(organization: int, other: int, day: date) -> ProposalQuerySet:
    """Of two organizations, what ends by a day; the day stands in it twice."""
    found = Proposal.objects.filter(organization__in=[organization, other])
    near = found.filter(Q(ends_on__lt=day) | Q(ends_on=day), published_at__isnull=False)
    return near.order_by("pk").values_list("pk", "title", "ends_on", "published_at", "hidden_at")


prepared = Prepared(ending, int, int, date)


def test_it_answers_as_the_queryset_does(lead, other_lead, ward_lead, django_assert_num_queries):
    for seat in (lead, other_lead, ward_lead):
        for days in (5, 10):
            ProposalFactory(office=seat.office, ends_on=date(2027, 1, 1) + timedelta(days=days))
        DraftFactory(office=seat.office)
    bodies = [seat.office.organization_id for seat in (lead, other_lead, ward_lead)]
    for one, other in ((bodies[0], bodies[1]), (bodies[2], bodies[0])):
        for day in (date(2027, 1, 6), date(2027, 1, 8), date(2027, 2, 1), date(2020, 1, 1)):
            with django_assert_num_queries(1):
                rows = prepared(one, other, day)
            assert rows == list(ending(one, other, day))


def test_its_rows_can_be_instances(lead):
    proposal = ProposalFactory(office=lead.office)
    with_id = Prepared(
        lambda pk: Proposal.objects.filter(pk=pk).values_list(*columns(Proposal)), int
    )
    [found] = with_id.instances(Proposal, proposal.pk)
    assert found == proposal
    assert all(getattr(found, name) == getattr(proposal, name) for name in columns(Proposal))
    assert with_id.instances(Proposal, proposal.pk + 1) == []


def test_no_row_has_a_number_that_no_column_holds(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert prepared(2**63, 1, date(2027, 1, 1)) == []


def test_what_is_known_to_be_empty_is_not_asked(django_assert_num_queries):
    nothing = Prepared(lambda: Proposal.objects.none().values_list("pk"))
    with django_assert_num_queries(0):
        assert nothing() == []


def test_a_parameter_that_does_not_stand_in_the_query_is_refused():
    lost = Prepared(lambda pk: Proposal.objects.filter(pk=pk + 1).values_list("pk"), int)
    with pytest.raises(ValueError, match="as it is given"):
        lost(1)
