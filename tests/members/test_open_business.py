"""What is open when a person leaves: each room's part, and that no room forgets its own."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from agreements.enums import (
    CollaborationScope,
    CollaborationSide,
    CollaborationStatus,
    YearReportStatus,
)
from agreements.models import YearReport
from core.dates import fiscal_year_bounds, fiscal_year_of, today
from events.enums import EventStatus
from events.models import EventRole
from members import handover
from members.enums import ApplicationStatus
from members.handover import Business
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    DraftReportFactory,
    PartyFactory,
)
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    ApplicationFactory,
    HandoverFactory,
    InvitationFactory,
    OfficeFactory,
)
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    OfferDraftFactory,
    OfferFactory,
    ProposalFactory,
    ReplyFactory,
    WithdrawnFactory,
)

pytestmark = pytest.mark.django_db

OWNERS = {"members.Organization", "members.Office", "members.Seat"}


def test_every_row_of_an_organization_is_answered_for():
    """A new model with a key to an organization, an office or a seat fails here until its room
    says what of it a successor has to know (``members.handover``)."""
    owned = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model._meta.label in OWNERS
    }
    answered = [label for part in handover.all_business().values() for label in part.models]
    assert sorted(answered) == sorted(owned)


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(ValueError, match="registered already"):
        handover.register("members.offices", Business(()))


def listed(seat) -> dict[str, list[str]]:
    """The texts under each heading."""
    return {
        group.heading: [item.text for item in group.items] for group in handover.open_business(seat)
    }


def item(seat, heading) -> handover.Item:
    [found] = [group for group in handover.open_business(seat) if group.heading == heading]
    [one] = found.items
    return one


@pytest.fixture
def office(office):
    """Confirmed today, so that nothing of its own is open."""
    office.confirmed_at = timezone.now()
    office.save()
    return office


class TestProposals:
    def test_by_what_is_to_do(self, lead, other_lead):
        own = {"organization": lead.organization, "office": lead.office}
        opened, answered = ProposalFactory(**own), ProposalFactory(**own)
        unanswered, expired, draft = (
            ProposalFactory(**own),
            ExpiredFactory(**own),
            DraftFactory(**own),
        )
        WithdrawnFactory(**own)
        ProposalFactory()
        for proposal, said_by in ((answered, other_lead), (answered, lead), (unanswered, lead)):
            ReplyFactory(proposal=proposal, organization=said_by.organization)
        ReplyFactory(proposal=unanswered, organization=other_lead.organization)
        ReplyFactory(
            proposal=opened,
            organization=other_lead.organization,
            hidden_at=timezone.now(),
            hidden_reason="見本",
        )
        found = listed(lead)
        assert list(found) == [
            "まだ答えていない返信がある連携提案",
            "募集中・協議中の連携提案",
            "下書きの連携提案",
        ]
        assert found["まだ答えていない返信がある連携提案"] == [str(unanswered)]
        assert sorted(found["募集中・協議中の連携提案"]) == sorted(
            map(str, (opened, answered, expired))
        )
        assert found["下書きの連携提案"] == [str(draft)]
        assert handover.counterparts_of(lead) == [other_lead.organization]

    def test_a_hidden_reply_makes_no_counterpart(self, lead, other_lead):
        ReplyFactory(
            proposal=ProposalFactory(organization=lead.organization, office=lead.office),
            organization=other_lead.organization,
            hidden_at=timezone.now(),
            hidden_reason="見本",
        )
        assert handover.counterparts_of(lead) == []


class TestCollaborations:
    def project(self, ward, partner, **fields):
        project = CollaborationFactory(**{"status": CollaborationStatus.UNDER_WAY, **fields})
        for organization, side in (
            (ward.organization, CollaborationSide.WARD),
            (partner.organization, CollaborationSide.PARTNER),
        ):
            CollaborationPartyFactory(collaboration=project, organization=organization, side=side)
        return project

    def test_under_way_for_both_sides(self, lead, ward_lead):
        project = self.project(ward_lead, lead)
        self.project(ward_lead, lead, status=CollaborationStatus.ENDED)
        assert listed(lead) == {"実施中の連携事業": [str(project)]}
        assert handover.counterparts_of(lead) == [ward_lead.organization]
        assert handover.counterparts_of(ward_lead) == [lead.organization]

    def test_unpublished_ones_are_the_wards_to_publish(self, lead, ward_lead):
        project = self.project(
            ward_lead, lead, status=CollaborationStatus.PLANNED, published_at=None
        )
        assert "公開前の連携事業" not in listed(lead)
        assert listed(ward_lead)["公開前の連携事業"] == [str(project)]

    def test_the_last_years_report_is_named_while_it_is_missing(self, lead, ward_lead):
        year = fiscal_year_of(today()) - 1
        first, last = fiscal_year_bounds(year)
        project = self.project(ward_lead, lead, start_earliest=first, start_latest=last)
        assert "年度実績がまだありません" in item(lead, "実施中の連携事業").extra
        report = DraftReportFactory(collaboration=project, fiscal_year=year)
        # A draft is its wards' own: their partner does not learn that it is begun.
        assert "年度実績がまだありません" in item(lead, "実施中の連携事業").extra
        assert "年度実績が下書きのままです" in item(ward_lead, "実施中の連携事業").extra
        YearReport.objects.filter(pk=report.pk).update(status=YearReportStatus.ACCEPTED)
        assert item(lead, "実施中の連携事業").extra == "実施中"

    def test_what_all_wards_carry_tells_nobody(self, lead, ward_lead):
        self.project(ward_lead, lead, scope=CollaborationScope.WARD_MAYORS)
        assert listed(lead)
        assert not listed(ward_lead).get("実施中の連携事業")
        assert handover.counterparts_of(lead) == []


def test_agreements_in_force_are_listed_and_nobody_is_told(lead, ward_lead):
    agreement = AgreementFactory()
    for seat in (lead, ward_lead):
        PartyFactory(agreement=agreement, organization=seat.organization)
    PartyFactory(
        agreement=AgreementFactory(terminated_on=today() - timedelta(days=1)),
        organization=lead.organization,
    )
    assert listed(lead) == {"結んでいる協定": [agreement.distinct_title]}
    assert handover.counterparts_of(lead) == []


def test_coming_events_of_the_host(lead, ward_lead, other_lead):
    coming = {"earliest": today(), "latest": today()}
    event = EventFactory(**coming)
    EventRoleFactory(event=event, organization=lead.organization)
    EventRoleFactory(event=event, organization=ward_lead.organization)
    EventRoleFactory(event=event, organization=other_lead.organization, role=EventRole.PARTICIPANT)
    for hidden in (
        EventFactory(earliest=today() - timedelta(days=9), latest=today() - timedelta(days=8)),
        EventFactory(**coming, status=EventStatus.DRAFT),
    ):
        EventRoleFactory(event=hidden, organization=lead.organization)
    assert listed(lead) == {"これから開くイベント": [str(event)]}
    assert "これから開くイベント" not in listed(other_lead)
    assert handover.counterparts_of(lead) == [ward_lead.organization]


def test_what_waits_in_the_own_room(lead):
    OfficeFactory(organization=lead.organization, name="総務課", is_main=False)
    InvitationFactory(office=lead.office)
    application = ApplicationFactory(organization=lead.organization)
    ApplicationFactory(organization=lead.organization, status=ApplicationStatus.REJECTED)
    assert listed(lead) == {
        "確認が必要な登録情報": ["総務課の登録情報"],
        "処理中の会員登録申請": [f"受付番号 {application.number}"],
        "返事を待っている招待": ["企画政策課の副担当への招待"],
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(lead, other_lead, ward_lead, rows, raise_on_fetch, django_assert_num_queries):
    """As many for three rows of each kind as for one."""
    for _ in range(rows):
        own = {"organization": lead.organization, "office": lead.office}
        for organization in (other_lead.organization, ward_lead.organization):
            ReplyFactory(proposal=ProposalFactory(**own), organization=organization)
        OfferFactory(proposal=ProposalFactory(**own))
        DraftFactory(**own)
        OfferDraftFactory(office=lead.office)
        InvitationFactory(office=lead.office)
        OfficeFactory(organization=lead.organization, is_main=False)
        project = CollaborationFactory(status=CollaborationStatus.UNDER_WAY)
        event = EventFactory(earliest=today(), latest=today())
        EventFactory(status=EventStatus.DRAFT, owner=lead.organization)
        agreement = AgreementFactory()
        for seat in (lead, ward_lead):
            CollaborationPartyFactory(collaboration=project, organization=seat.organization)
            EventRoleFactory(event=event, organization=seat.organization)
            PartyFactory(agreement=agreement, organization=seat.organization)
    seat = type(lead).objects.with_office().with_user().get(pk=lead.pk)
    # offices, applications, invitations; projects, parties, themes, reports; agreements, their
    # parties; offers, their drafts, proposals, replies; unpublished events; events, their roles,
    # the hosts
    with django_assert_num_queries(17):
        groups = handover.open_business(seat)
    assert len(groups) == 11


def test_a_handover_is_no_business_of_its_own(lead):
    HandoverFactory(seat=lead)
    assert listed(lead) == {}
