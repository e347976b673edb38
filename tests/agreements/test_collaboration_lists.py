"""Lists of an organization's joint projects: what is not yet public, and what they ask."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agreements.queries import collaborations_of, unpublished_of
from tests.agreements.collaborations import project_of
from tests.factories.members import WardFactory

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def test_they_stand_first_for_those_who_see_them(ward_lead, staff, other_lead):
    public = project_of(ward_lead.organization)
    new = project_of(ward_lead.organization, published_at=None)
    ward = ward_lead.organization
    assert collaborations_of(ward, ward_lead.user) == [new, public]
    assert collaborations_of(ward, staff.user) == [new, public]
    assert collaborations_of(ward, other_lead.user) == [public]
    assert collaborations_of(ward, NOBODY) == [public]


def test_a_ward_is_reminded_of_those_it_carries(ward_lead):
    ward = ward_lead.organization
    new = project_of(ward, published_at=None)
    project_of(ward)
    project_of(WardFactory(), published_at=None)
    project_of(ward, published_at=None, scope="ward_mayors")
    assert unpublished_of(ward) == [new]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("raise_on_fetch")
def test_a_list_of_three_asks_as_much_as_of_one(number, ward_lead, django_assert_num_queries):
    for _ in range(number):
        project_of(ward_lead.organization)
    with django_assert_num_queries(3):
        for project in collaborations_of(ward_lead.organization, NOBODY):
            assert project.wards_text
            assert [party.organization.full_name for party in project.partners]
            assert list(project.themes.all()) == []
