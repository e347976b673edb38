"""A ward chooses the events of its joint project while the secretariat works on one of them."""

import pytest

from core.errors import StaleVersion
from events.services import link_events, publish
from members.enums import Role
from tests.agreements.collaborations import project_of
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import SeatFactory, SecretariatFactory, WardFactory
from tests.proposals.racing import DONE, Act, overtake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("is_published_first", [True, False])
def test_a_draft_is_published_while_its_joint_project_chooses_its_events(is_published_first):
    ward = SeatFactory(office__organization=WardFactory())
    staff = SeatFactory(office__organization=SecretariatFactory(), role=Role.STAFF)
    project, draft = project_of(ward.organization), EventFactory(status="draft")
    other = EventRoleFactory(organization=ward.organization).event
    project.events.add(draft)
    acts = [
        Act(lambda: publish(draft, by=staff)),
        Act(lambda: link_events(project, [other], by=ward, version=1)),
    ]
    ways = [act.ready("service") for act in (acts if is_published_first else reversed(acts))]
    ends = overtake(*ways)
    if is_published_first:
        assert ends == (DONE, str(StaleVersion()))
        assert set(project.events.all()) == {draft}
    else:
        assert ends == (DONE, DONE)
        assert set(project.events.all()) == {draft, other}
    draft.refresh_from_db()
    assert draft.status == "published"
