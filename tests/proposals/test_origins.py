"""もとになった提案: a ward says which proposal the joint project that it registers came from."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services as agreements
from agreements.enums import CollaborationStatus, Origin
from agreements.following import beginnings_of, origin_choices
from agreements.models import Collaboration
from core.errors import DomainError
from core.models import AuditEntry
from members.models import Seat
from proposals import services
from proposals.enums import Action, ProposalStatus
from proposals.models import Proposal
from tests.agreements.collaborations import complete, project_of
from tests.factories.agreements import YearReportFactory
from tests.factories.proposals import DraftFactory, ProposalFactory, WithdrawnFactory
from tests.proposals.refusals import refused
from tests.proposals.worlds import reread, sent, talking

pytestmark = pytest.mark.django_db

PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus
OPEN, AGREED, COMPLETED = ProposalStatus.OPEN, ProposalStatus.AGREED, ProposalStatus.COMPLETED


@pytest.fixture
def own(ward_lead: Seat) -> Proposal:
    return ProposalFactory(office=ward_lead.office)


@pytest.fixture
def project(ward_lead: Seat, lead: Seat) -> Collaboration:
    return project_of(
        ward_lead.organization, lead.organization, origin=Origin.BOARD, status=UNDER_WAY
    )


def choose(project: Collaboration, proposal: Proposal | None, by: Seat) -> Collaboration:
    project.refresh_from_db()
    data = {"proposal": str(proposal.pk) if proposal else ""}
    return agreements.update(project, data=data, by=by, version=project.version)


def status_of(proposal: Proposal) -> ProposalStatus:
    return Proposal.objects.get(pk=proposal.pk).status


def test_its_own_proposals_and_those_that_accepted_its_offer(lead, ward_lead, own):
    accepted = services.accept(talking(lead, ward_lead), by=lead).proposal
    talking(lead, ward_lead)
    DraftFactory(office=ward_lead.office)
    WithdrawnFactory(office=ward_lead.office)
    offered = {int(key) for key, _ in origin_choices(ward_lead, None)}
    assert offered == {own.pk, accepted.pk}


def test_an_offer_that_came_to_nothing_gives_no_say_over_anothers_proposal(
    lead, ward_lead, project
):
    offer = services.accept(talking(lead, ward_lead), by=lead)
    begun = offer.collaboration
    agreements.cancel(begun, reason="中止のため。", by=ward_lead, version=begun.version)
    assert origin_choices(ward_lead, None) == []
    with refused(DomainError, match="自区の提案"):
        choose(project, offer.proposal, ward_lead)
    assert status_of(offer.proposal) == OPEN


def test_what_an_offer_has_started_is_not_asked(lead, ward_lead, own):
    started = services.accept(talking(lead, ward_lead), by=lead).collaboration
    assert origin_choices(ward_lead, started) == []
    choose(started, own, ward_lead)
    assert not started.proposals.exists()


def test_the_proposal_follows_its_project(lead, ward_lead, own, project):
    choose(project, own, ward_lead)
    assert status_of(own) == AGREED
    row = AuditEntry.objects.get(action=Action.FOLLOW_OFFERS)
    assert row.object_id == str(own.pk)
    project.refresh_from_db()
    agreements.cancel(project, reason="中止のため。", by=ward_lead, version=project.version)
    assert status_of(own) == OPEN


def test_a_project_that_is_over_and_has_reported_completes_it(ward_lead, own, project):
    YearReportFactory(collaboration=project)
    Collaboration.objects.filter(pk=project.pk).update(
        status=ENDED, end_earliest="2026-03-31", end_latest="2026-03-31"
    )
    choose(project, own, ward_lead)
    own.refresh_from_db()
    assert own.status == COMPLETED
    assert own.ended_at


def test_another_choice_and_none_at_all_let_the_former_go(ward_lead, own, project):
    other = ProposalFactory(office=ward_lead.office)
    choose(project, own, ward_lead)
    choose(project, other, ward_lead)
    assert (status_of(own), status_of(other)) == (OPEN, AGREED)
    choose(project, None, ward_lead)
    assert status_of(other) == OPEN
    assert not project.proposals.exists()
    text = other.steps.last().text
    assert "結び付けの解除" in text  # nothing was called off


def test_only_of_the_board_and_only_what_is_its_own(lead, ward_lead, own, project):
    foreign = ProposalFactory(office=lead.office)
    with refused(DomainError, match="自区の提案"):
        choose(project, foreign, ward_lead)
    Collaboration.objects.filter(pk=project.pk).update(origin=Origin.ASSEMBLY)
    with refused(DomainError, match="掲示板"):
        choose(project, own, ward_lead)


def test_a_colleague_ward_keeps_what_it_did_not_choose(ward_lead, other_ward, own, project, staff):
    project.parties.create(organization=other_ward.organization, side="ward")
    choose(project, own, ward_lead)
    assert [key for key, _ in origin_choices(other_ward, project)] == [str(own.pk)]
    others = ProposalFactory(office=other_ward.office)
    services.hide(own, by=staff, reason="確認のため。")
    assert origin_choices(other_ward, project) == []  # nor what would not be kept
    for chosen in (None, others):
        choose(project, chosen, other_ward)
        assert project.proposals.get() == own


def test_pages_tell_it_to_who_may_read_the_proposal(lead, ward_lead, own, project, client_of):
    choose(project, own, ward_lead)
    assert [item.title for item in beginnings_of(project, reread(lead))] == [own.title]
    Collaboration.objects.filter(pk=project.pk).update(published_at="2026-11-01T00:00:00Z")
    page = client_of(lead).get(f"{project.get_absolute_url()}chain/")
    assertContains(page, own.title)
    page = client_of(lead).get(own.get_absolute_url())
    assertContains(page, "この提案から始まった連携事業")
    assertContains(page, project.title)


def test_the_form_asks_for_it(ward_lead, own, theme, client_of, lead):
    client = client_of(ward_lead)
    create = reverse("agreements:collaboration_create")
    assertContains(client.get(create), "もとになった提案")
    answers = complete(ward_lead, theme, proposal=str(own.pk))
    wrong = client.post(create, sent(**answers, step="check") | {"origin": "総会での提案"})
    assertContains(wrong, "きっかけが「掲示板」のときだけ選べます", status_code=422)
    assertContains(client.post(create, sent(**answers, step="check")), own.title)
    client.post(create, sent(**answers, step="done"))
    project = Collaboration.objects.get()
    assert project.proposals.get() == own
    update = reverse("agreements:collaboration_update", args=[project.pk])
    form = client.get(update).context["form"]
    assert form["proposal"].value() == str(own.pk)


def test_a_ward_without_such_a_proposal_is_not_asked(ward_lead, lead, client_of):
    ProposalFactory(office=lead.office)
    page = client_of(ward_lead).get(reverse("agreements:collaboration_create"))
    assertNotContains(page, "もとになった提案")
