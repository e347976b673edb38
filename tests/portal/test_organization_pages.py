"""The page of any body: what the record holds of it."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import CollaborationScope, CollaborationSide, Side
from events.models import EventRole
from members.enums import OrganizationKind
from members.models import Membership, Municipality, Organization
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.chronicle import MilestoneFactory, ReliefFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    AssociationFactory,
    BodyFactory,
    CompanyFactory,
    MembershipFactory,
    MunicipalityChangeFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
    WardFactory,
)
from tests.portal.ties import bound_association

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


class TestOrganizationDetail:
    def test_organization_detail_shows_the_profile(self, client: Client):
        body = OrganizationFactory(
            introduction="海と山の町です。",
            website="https://www.example.lg.jp/",
            municipality__district="見本郡",
            municipality__former_names="旧見本村",
        )
        response = client.get(body.get_absolute_url())
        for text in (
            f"<h1>{body.full_name}</h1>",
            "ミホンチョウ",
            body.municipality.code,
            "見本郡",
            "旧見本村",
            "海と山の町です。",
            "https://www.example.lg.jp/（外部サイト）",
        ):
            assertContains(response, text)

    def test_organization_detail_says_why_an_agreement_reaches_it(self, client: Client):
        association = bound_association(name="島根県町村会")
        town = OrganizationFactory()
        PartyFactory(agreement=AgreementFactory(title="個別の協定書"), organization=town)

        response = client.get(town.get_absolute_url())

        assertContains(response, "島根県町村会の構成自治体として")
        assertContains(response, "個別の協定書")
        assertContains(response, "当事者として", count=1)
        reaches = response.context["record"].reaches
        assert [reach.through for reach in reaches] == [None, association]

    def test_organization_detail_of_an_association_names_what_it_covers(self, client: Client):
        association = bound_association()
        towns = OrganizationFactory.create_batch(2)
        response = client.get(association.get_absolute_url())
        assertContains(response, "2自治体（2町）")
        for town in towns:
            assertContains(response, town.get_absolute_url())

    def test_organization_detail_of_a_ward_tells_its_own_agreements_from_those_of_all_wards(
        self, client: Client
    ):
        ward, mayors = WardFactory(), SecretariatFactory()
        bound_association(name="見本県町村会")
        shared = AgreementFactory(title="区と特別区長会の覚書")
        for signer in (ward, mayors):
            PartyFactory(agreement=shared, organization=signer, side=Side.SPECIAL_WARDS)

        response = client.get(ward.get_absolute_url())

        record = response.context["record"]
        assert [reach.agreement for reach in record.reaches] == [shared]
        assert [reach.agreement.title for reach in record.for_all_wards] == [
            "見本県町村会との連携協定"
        ]
        assertContains(response, f'<a href="{mayors.get_absolute_url()}">特別区長会</a>')
        assertContains(response, "23区を代表して結んだ協定を見る（1件）")
        assertContains(response, "特別区長会が代表して", count=1)

    def test_organization_detail_of_a_ward_leads_to_the_relief_that_was_given(self, client: Client):
        response = client.get(WardFactory().get_absolute_url())
        assertContains(response, '特別区が被災自治体へ行った支援は、<a href="/relief/">')
        assertContains(response, "連携事業、イベント、あゆみの記録はありません。")

    def test_organization_detail_of_the_ward_mayors_lists_what_all_wards_carry(
        self, client: Client
    ):
        together = CollaborationFactory(title="23区の事業", scope=CollaborationScope.WARD_MAYORS)
        CollaborationFactory(title="1区の事業")
        response = client.get(SecretariatFactory().get_absolute_url())
        assert response.context["record"].collaborations == [together]

    def test_organization_detail_lists_its_events_with_its_roles(self, client: Client):
        body = OrganizationFactory()
        event = EventFactory(title="物産展")
        for role in (EventRole.HOST, EventRole.PARTICIPANT):
            EventRoleFactory(event=event, organization=body, role=role)
        coming = EventFactory(title="次の物産展", earliest=date(2027, 1, 1))
        EventRoleFactory(event=coming, organization=body, role=EventRole.PARTICIPANT)
        EventRoleFactory(event=EventFactory(title="下書きの", status="draft"), organization=body)
        response = client.get(body.get_absolute_url())
        appearances = response.context["record"].appearances
        shown = [(part.event.title, part.roles) for part in appearances]
        assert shown == [("次の物産展", "参加"), ("物産展", "主催、参加")]
        assertNotContains(response, "下書きの")

    def test_organization_detail_tells_of_a_new_name(self, client: Client):
        change = MunicipalityChangeFactory()
        old = OrganizationFactory(municipality=change.former)
        new = OrganizationFactory(municipality=change.current)
        assertContains(client.get(old.get_absolute_url()), new.get_absolute_url())
        response = client.get(new.get_absolute_url())
        assertContains(response, "2018年（平成30年）10月1日　町から市へ")
        assertContains(response, old.get_absolute_url())

    @pytest.mark.parametrize(
        ("fields", "offered"),
        [
            ({}, True),
            ({"valid_from": date(2100, 4, 1)}, False),
            ({"valid_until": date(2100, 3, 31)}, True),
            ({"valid_until": date(2020, 3, 31)}, False),
        ],
    )
    def test_organization_detail_offers_to_apply_while_the_municipality_is_there(
        self, client: Client, fields, offered
    ):
        body = OrganizationFactory()
        Municipality.objects.filter(pk=body.municipality_id).update(**fields)
        page = client.get(body.get_absolute_url())
        assert ("会員登録を申請する" in page.content.decode()) is offered

    def test_organization_detail_never_shows_contacts_to_the_public(
        self, client: Client, client_of, office, other_lead
    ):
        url = office.organization.get_absolute_url()
        for hidden in (office.name, office.phone, office.email, office.address):
            assertNotContains(client.get(url), hidden)
        response = client_of(other_lead).get(url)
        assertContains(response, office.get_absolute_url())
        assertNotContains(response, office.phone)

    def test_organization_detail_marks_a_member_and_a_sample(self, client: Client):
        membership = MembershipFactory(joined=date(2020, 4, 1), is_sample=True)
        response = client.get(membership.organization.get_absolute_url())
        assertContains(response, "会員</span>")
        assertContains(response, "見本</span>")
        assertContains(response, "2020年（令和2年）4月1日から")
        Membership.objects.update(left=date(2021, 3, 31))
        assertNotContains(client.get(membership.organization.get_absolute_url()), "会員</span>")

    def test_organization_detail_of_a_company_without_any_tie(self, client: Client):
        response = client.get(CompanyFactory().get_absolute_url())
        assertContains(response, "つながりのある協定の記録はありません。")
        assertContains(response, "連携事業、イベント、被災地支援、あゆみの記録はありません。")
        assertNotContains(response, "このページの内容")

    def test_organization_detail_of_a_prefecture_bears_its_code(self, client: Client):
        response = client.get(prefecture_body().get_absolute_url())
        assertContains(response, '<dd class="num">320005</dd>')
        assertContains(response, '<span aria-current="page">島根県（都道府県）</span>')


class TestOrganizationDetailLists:
    def test_organization_detail_lists_published_joint_projects_to_the_public(
        self, client: Client, client_of, office, ward_lead
    ):
        shown = CollaborationFactory(title="公開の事業")
        hidden = CollaborationFactory(title="準備中の事業", published_at=None)
        for project in (shown, hidden):
            CollaborationPartyFactory(collaboration=project, organization=office.organization)
            CollaborationPartyFactory(
                collaboration=project,
                organization=ward_lead.organization,
                side=CollaborationSide.WARD,
            )
        url = office.organization.get_absolute_url()
        response = client.get(url)
        assert response.context["record"].collaborations == [shown]
        assertNotContains(response, "準備中の事業")
        assertContains(client_of(ward_lead).get(url), "準備中の事業")
        ward = client.get(ward_lead.organization.get_absolute_url())
        assertContains(ward, 'href="/collaborations/?ward=131091"')

    def test_organization_detail_folds_long_lists(self, client: Client):
        body = OrganizationFactory()
        for number in range(12):
            event = EventFactory(title=f"第{number}回の催し")
            EventRoleFactory(event=event, organization=body)
        CollaborationPartyFactory.create_batch(11, organization=body)
        for milestone in MilestoneFactory.create_batch(11):
            milestone.organizations.add(body)
        response = client.get(body.get_absolute_url())
        assertContains(response, "第0回の催し")
        assertContains(response, "ほかのイベントを見る（2件）")
        assertContains(response, "ほかの連携事業を見る（1件）")
        assertContains(response, "ほかの出来事を見る（1件）")
        assertContains(response, '<a href="#events">イベント<span class="num">（12件）</span></a>')

    def test_organization_detail_shows_the_relief_it_received(self, client: Client):
        town, neighbour = OrganizationFactory.create_batch(2)
        ReliefFactory(disaster__name="見本の地震", recipients=[town])
        ReliefFactory(disaster__name="となりの地震", recipients=[neighbour])
        response = client.get(town.get_absolute_url())
        assertContains(response, "見本の地震")
        assertContains(response, "復興支援金")
        assertNotContains(response, "となりの地震")

    def test_organization_detail_of_a_prefecture_tells_its_relief_from_that_of_its_bodies(
        self, client: Client
    ):
        prefecture, elsewhere = (
            prefecture_body(),
            OrganizationFactory(municipality__prefecture__code="18"),
        )
        town, association = OrganizationFactory(), AssociationFactory()
        ReliefFactory(disaster__name="県の地震", recipients=[prefecture])
        ReliefFactory(disaster__name="町の地震", recipients=[town, association, elsewhere])

        response = client.get(prefecture.get_absolute_url())

        record = response.context["record"]
        assert [given.disaster.name for given in record.received] == ["県の地震"]
        assert [given.disaster.name for given in record.received_within] == ["町の地震"]
        assert set(record.received_within[0].recipients) == {town, association}
        assertContains(response, "島根県の、ほかの団体への支援</h3>")
        assertNotContains(client.get(town.get_absolute_url()), "県の地震")

    def test_organization_detail_prints_a_milestone_once(self, client: Client):
        body = OrganizationFactory()
        party = PartyFactory(organization=body)
        host = EventRoleFactory(organization=body)
        draft = EventRoleFactory(organization=body, event__status="draft")
        agreement, event, hidden, alone = (
            MilestoneFactory(title=f"{name}の沿革") for name in ("協定", "催し", "下書き", "会議")
        )
        agreement.agreements.add(party.agreement)
        event.events.add(host.event)
        hidden.events.add(draft.event)
        for milestone in (agreement, event, hidden, alone):
            milestone.organizations.add(body)
        MilestoneFactory(title="よその沿革")

        response = client.get(body.get_absolute_url())

        assert response.context["record"].milestones == [alone, hidden]
        assertContains(response, alone.get_absolute_url())
        assertNotContains(response, "よその沿革")


def prefecture_body() -> Organization:
    """島根県 itself."""
    return BodyFactory(
        kind=OrganizationKind.PREFECTURE, name="島根県", prefecture=PrefectureFactory()
    )


def ties_of(body: Organization) -> None:
    """One more row in each section of the page of ``body``."""
    bound_association()
    PartyFactory(organization=body)
    EventRoleFactory(organization=body)
    project = CollaborationFactory(scope=CollaborationScope.WARD_MAYORS)
    CollaborationPartyFactory(collaboration=project, organization=body)
    CollaborationPartyFactory(collaboration=project, side=CollaborationSide.WARD)
    ReliefFactory(recipients=[body])
    ReliefFactory(recipients=[OrganizationFactory()])
    MilestoneFactory().organizations.add(body)


class TestOrganizationDetailQueries:
    """As many queries for three rows in each section as for one, whatever kind of body."""

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.parametrize(
        ("make", "queries"),
        [
            (OrganizationFactory, 25),
            (WardFactory, 23),
            (prefecture_body, 20),
            (CompanyFactory, 17),
            (bound_association, 22),
            (SecretariatFactory, 17),
        ],
        ids=["municipality", "ward", "prefecture", "company", "association", "ward mayors"],
    )
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_organization_detail_asks_as_much_for_three_as_for_one(
        self, client: Client, make, queries: int, number: int, django_assert_num_queries
    ):
        body = make()
        for _ in range(number):
            ties_of(body)
        with django_assert_num_queries(queries):
            client.get(body.get_absolute_url())
