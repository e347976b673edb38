"""A proposal and the joint project that came of it: each page leads to the other, for readers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services as agreements
from agreements.following import beginnings_of
from agreements.models import Collaboration
from agreements.services.telling import tell_followers
from core.enums import Level
from core.models import OutboxMail
from members.enums import Role
from members.models import Seat, User
from notices.models import Notice
from proposals import services
from proposals.models import Offer, Proposal, ProposalStep
from proposals.queries import seats_following
from tests.factories.agreements import CollaborationFactory
from tests.factories.members import SeatFactory, WardFactory
from tests.factories.notices import WatchFactory
from tests.proposals.worlds import SAID, raised, talking

pytestmark = pytest.mark.django_db

HEADING = "この提案から始まった連携事業"


@pytest.fixture
def offer(lead, ward_lead) -> Offer:
    """What the ward has offered on 「朝市」, accepted."""
    return services.accept(talking(lead, ward_lead, title="朝市"), by=lead)


def publish(offer: Offer, by: Seat) -> Collaboration:
    project = offer.collaboration
    agreements.update(project, data={"title": "秋の朝市"}, by=by, version=project.version)
    return agreements.publish(project, by=by, version=project.version + 1)


def known(offer: Offer, seat: Seat) -> list[tuple[str, bool]]:
    """What the seat's user may know of the beginning: each title, and whether it has a page."""
    user = User.objects.get(pk=seat.user_id)
    return [(item.title, bool(item.url)) for item in beginnings_of(offer.collaboration, user)]


POST = ("朝市", True)
OFFERED = "東京都品川区からの申し出を受諾"


def test_proposal_detail_names_the_project_to_whom_may_read_it(
    client_of, offer, lead, ward_lead, other_lead, staff
):
    page = offer.proposal.get_absolute_url()
    for seat in (lead, ward_lead, staff):
        response = client_of(seat).get(page)
        assertContains(response, HEADING)
        assertContains(response, offer.collaboration.get_absolute_url())
        assertContains(response, '<span class="vh">状態：</span>計画中')
        assertContains(response, "公開前")
    assertNotContains(client_of(other_lead).get(page), HEADING)
    publish(offer, ward_lead)
    response = client_of(other_lead).get(page)
    assertContains(response, "秋の朝市")
    assertNotContains(response, "公開前")


def test_proposal_detail_asks_for_no_project_before_anything_is_agreed(client_of, lead, ward_lead):
    offer = talking(lead, ward_lead)
    assertNotContains(client_of(lead).get(offer.proposal.get_absolute_url()), HEADING)


def test_collaboration_detail_tells_its_organizations_where_it_came_from(
    client_of, client: Client, offer, lead, ward_lead, other_lead
):
    project = publish(offer, ward_lead)
    page, post = project.get_absolute_url(), f'href="{offer.proposal.get_absolute_url()}"'
    talk = f'href="{offer.get_absolute_url()}"'
    for seat in (lead, ward_lead):
        response = client_of(seat).get(page)
        assertContains(response, post)
        assertContains(response, talk)
    response = client_of(other_lead).get(page)
    assertContains(response, post)
    assertNotContains(response, talk)
    response = client.get(page)
    for hidden in (post, talk, "提案と申し出", OFFERED):
        assertNotContains(response, hidden)


def test_beginnings_are_for_their_readers(offer, lead, ward_lead, other_lead, staff):
    for seat in (lead, ward_lead, staff):
        assert known(offer, seat) == [POST, (OFFERED, True)]
    assert known(offer, other_lead) == [POST, (OFFERED, False)]


def test_beginnings_of_a_proposal_for_the_wards(lead, ward_lead, staff):
    """A ward's own, to a member's offer; a member who has not offered does not read it."""
    ward = SeatFactory(office__organization=WardFactory())
    offer = services.accept(talking(lead, ward_lead, title="朝市"), by=lead)
    Proposal.objects.filter(pk=offer.proposal_id).update(level=Level.WARDS)
    assert known(offer, ward) == [POST, (OFFERED, False)]
    assert known(offer, SeatFactory()) == []


def test_beginnings_of_what_was_hidden_since(offer, lead, ward_lead, other_lead, staff):
    services.hide(offer.proposal, by=staff, reason="確認のため")
    assert known(offer, lead) == [POST, (OFFERED, True)]
    assert known(offer, ward_lead) == [(OFFERED, True)]
    assert known(offer, other_lead) == []


def test_beginnings_name_no_offer_that_the_project_does_not_name(offer, lead, ward_lead, staff):
    """Another ward's offer had joined, and that ward is out again."""
    second = SeatFactory(office__organization=WardFactory())
    other = services.raise_offer(offer.proposal, by=second, message=SAID)
    other = services.start_talk(other, by=lead)
    services.accept(other, by=lead, joins=offer.collaboration)
    stranger = SeatFactory()
    assert len(known(offer, stranger)) == 3
    offer.collaboration.parties.filter(organization=second.organization).delete()
    assert known(offer, stranger) == [POST, (OFFERED, False)]
    assert len(known(offer, second)) == 3
    assert beginnings_of(CollaborationFactory(), User.objects.get(pk=lead.user_id)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_both_pages(
    client_of, lead, ward_lead, number, raise_on_fetch, django_assert_num_queries
):
    offer = services.accept(talking(lead, ward_lead), by=lead)
    for _ in range(number - 1):
        ward = SeatFactory(office__organization=WardFactory(), role=Role.LEAD)
        other = services.raise_offer(offer.proposal, by=ward, message=SAID)
        services.accept(services.start_talk(other, by=lead), by=lead)
    client = client_of(lead)
    for page in (offer.proposal, offer.collaboration):
        client.get(page.get_absolute_url())  # fills what is kept for a minute
    with django_assert_num_queries(11):  # one more than before anything is agreed
        client.get(offer.proposal.get_absolute_url())
    with django_assert_num_queries(13):
        client.get(offer.collaboration.get_absolute_url())


# --- a step that follows from the offers is nobody's ---------------------------------------


def test_third_parties_never_learn_who_has_stepped_down(client_of, lead, ward_lead, other_lead):
    """By no page, list, version, file, search or mail: the step itself does not know it."""
    follower = WatchFactory(seat=other_lead, object=raised(lead, ward_lead, title="朝市").proposal)
    proposal = follower.object
    offer = services.start_talk(proposal.offers.get(), by=lead)
    services.step_down(offer, by=ward_lead, reason="内密の理由")
    services.change(
        proposal, by=lead, version=Proposal.objects.get().version, data={"scale": "10団体"}
    )
    second = services.start_talk(
        services.raise_offer(proposal, by=ward_lead, message=SAID), by=lead
    )
    services.accept(second, by=lead)
    moves = {step.move: step.signature for step in ProposalStep.objects.all()}
    assert moves == dict.fromkeys(("talks_begin", "talks_end", "agree"), "")
    name, client = ward_lead.organization.name, client_of(other_lead)
    for page in (
        proposal.get_absolute_url(),
        f"{proposal.get_absolute_url()}history/",
        f"/proposals/?q={proposal.title}",
        f"/proposals/export.csv?q={proposal.title}",
        f"/search/?q={proposal.title}",
        "/notices/",
    ):
        response = client.get(page)
        assertContains(response, proposal.title)
        assertNotContains(response, name)
    assertNotContains(client.get(f"/search/?q={name}"), proposal.title)
    told = Notice.objects.filter(seat=other_lead)
    assert told.count() == 4
    assert not any(name in notice.text for notice in told)
    assert not OutboxMail.objects.filter(to=other_lead.user.email, body__contains=name).exists()


@pytest.mark.parametrize("is_public", [True, False])
def test_followers_are_told_with_as_many_queries_for_one_as_for_30(offer, ward_lead, is_public):
    project = publish(offer, ward_lead) if is_public else offer.collaboration
    numbers = []
    for followers in (1, 30):
        while len(seats_following(project)) < followers:
            WatchFactory(object=offer.proposal)
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            tell_followers(project, f"tests.move:{followers}", "動き", by=ward_lead)
        numbers.append(len(queries))
        assert Notice.objects.filter(reason="watched").count() == (followers if is_public else 0)
    assert numbers[0] == numbers[1]
