"""Home, about, the search for municipalities, and the page of any body."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import AgreementKind, Side
from chronicle.enums import Metric
from core.enums import Qualifier
from events.models import EventRole
from members.enums import MunicipalityKind
from members.models import Membership, Organization
from portal.queries import level_labels
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.chronicle import NewsFactory, PageFactory, StatedFigureFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    AssociationFactory,
    CompanyFactory,
    CoverageFactory,
    MembershipFactory,
    MunicipalityChangeFactory,
    OfficeFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db

HOME = reverse("portal:home")
ABOUT = reverse("portal:about")
PREFECTURES = reverse("portal:prefecture_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def bound_association(**fields) -> Organization:
    """An association of 島根県 that has signed a wide-area agreement and covers its towns."""
    association = AssociationFactory(**fields)
    CoverageFactory(organization=association)
    agreement = AgreementFactory(title=f"{association.name}との連携協定")
    PartyFactory(agreement=agreement, organization=SecretariatFactory(), side=Side.SPECIAL_WARDS)
    PartyFactory(agreement=agreement, organization=association)
    return association


class TestHome:
    def test_home_shows_the_figures_of_today_and_the_stated_one_apart(self, client: Client):
        bound_association()
        OrganizationFactory.create_batch(2)
        company = AgreementFactory(kind=AgreementKind.COMPREHENSIVE)
        PartyFactory(agreement=company, organization=CompanyFactory())
        StatedFigureFactory(
            metric=Metric.CONNECTED_MUNICIPALITIES,
            value=1100,
            qualifier=Qualifier.OVER,
            as_of_earliest=date(2024, 10, 1),
            as_of_latest=date(2024, 12, 31),
            description="これまでにつながりを持った自治体",
        )
        response = client.get(HOME)
        assertContains(response, "<dd>1<small>団体</small></dd>")
        assertContains(response, "<dd>2<small>自治体</small></dd>")
        assertContains(response, "<dd>1<small>社</small></dd>")
        assertContains(response, "<dd>1,100<small>自治体超</small></dd>")
        assertContains(response, "公表値</span>")
        assertContains(
            response,
            "協定の数は、2026年（令和8年）11月22日現在の記録から計算しています。"
            "公表値は、2024年（令和6年）10月～12月の時点で公表された数です。",
        )

    def test_home_without_the_stated_figure_claims_none(self, client: Client):
        assertNotContains(client.get(HOME), "公表値")

    def test_home_map_tells_which_prefectures_are_coloured(self, client: Client):
        bound_association()
        PrefectureFactory(code="13")
        response = client.get(HOME)
        assertContains(response, "島根県の1県に色が付いています。")
        assertContains(response, ' class="tokyo"><rect', count=1)
        assertContains(response, ' class="on"><rect', count=1)

    def test_home_without_agreements_colours_nothing(self, client: Client):
        assertContains(client.get(HOME), "色の付いた地域はありません。")

    def test_home_shows_the_next_three_events(self, client: Client):
        for month in (9, 6, 3, 1):
            EventFactory(title=f"{month}月の催し", earliest=date(2027, month, 1))
        EventFactory(title="終わった催し")
        response = client.get(HOME)
        assertContains(response, "これからのイベント</h3>")
        assert [event.title for event in response.context["events"]] == [
            "1月の催し",
            "3月の催し",
            "6月の催し",
        ]

    def test_home_shows_the_latest_events_when_none_is_coming(self, client: Client):
        EventFactory(title="終わった催し")
        EventFactory(title="終わった見本", is_sample=True)
        response = client.get(HOME)
        assertContains(response, "最近のイベント</h3>")
        assertContains(response, "終わった催し")
        assertNotContains(response, "終わった見本")

    def test_home_shows_four_news_and_the_way_to_membership(self, client: Client):
        NewsFactory.create_batch(5)
        page = PageFactory(slug="membership", title="会員登録のご案内")
        response = client.get(HOME)
        assert len(response.context["news_items"]) == 4
        assertContains(response, f'href="{page.get_absolute_url()}">会員登録のご案内</a>')

    def test_home_of_an_empty_portal_stands(self, client: Client):
        response = client.get(HOME)
        assertContains(response, "イベントの記録はまだありません。")
        assertContains(response, "お知らせはまだありません。")
        assertNotContains(response, "会員登録のご案内")

    def test_home_of_a_member_leads_to_the_members_home(self, client_of, lead):
        assertContains(client_of(lead).get(HOME), "会員ホームを開く")

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_home_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            bound_association()
            OrganizationFactory()
        EventFactory.create_batch(number, earliest=date(2027, 1, 1))
        NewsFactory.create_batch(number)
        with django_assert_num_queries(13):
            client.get(HOME)


class TestAbout:
    def test_about_tells_the_purpose_and_the_figures_of_today(self, client: Client):
        bound_association()
        OrganizationFactory()
        OfficeFactory(
            organization=SecretariatFactory(), desk_heading="プロジェクトについて", phone="03-1-2"
        )
        response = client.get(ABOUT)
        assertContains(response, "信頼関係・絆をさらに強化し双方が発展していくために")
        assertContains(response, "<b>1</b>自治体")
        assertContains(response, "03-1-2", count=2)

    def test_about_query_count(self, client: Client, django_assert_num_queries):
        bound_association()
        OrganizationFactory()
        with django_assert_num_queries(8):
            client.get(ABOUT)


class TestPrefectureList:
    def test_prefecture_list_counts_what_an_agreement_reaches(self, client: Client):
        bound_association()
        OrganizationFactory.create_batch(12)
        PrefectureFactory(code="18")
        response = client.get(PREFECTURES)
        assertContains(
            response,
            '<li class="t32"><a class="lv2" href="/municipalities/32/">島根'
            '<b>12<span class="vh">自治体</span></b></a></li>',
            html=True,
        )
        assertContains(
            response,
            '<li class="t18"><a href="/municipalities/18/">福井'
            '<b>0<span class="vh">自治体</span></b></a></li>',
            html=True,
        )
        assertContains(response, "全国で12自治体")

    def test_prefecture_list_has_five_classes(self):
        assert level_labels() == ["0", "1～9", "10～19", "20～39", "40以上"]

    def test_prefecture_list_prints_the_stated_members_with_their_days(self, client: Client):
        StatedFigureFactory(value=213)
        StatedFigureFactory(value=250, as_of_earliest=None, as_of_latest=None)
        response = client.get(PREFECTURES)
        assertContains(response, '<time datetime="2017-02-27">2017年（平成29年）2月27日</time>')
        assertContains(response, "213自治体")
        assertNotContains(response, "250自治体")

    @pytest.mark.parametrize("query", ["坂井", "さかい", "ｻｶｲ", "182109", "１８２１０９", "18210"])
    def test_prefecture_list_finds_by_name_kana_and_code(self, client: Client, office, query: str):
        OrganizationFactory()
        response = client.get(PREFECTURES, {"q": query})
        assert list(response.context["found"]) == [office.organization]
        assertContains(response, "福井県坂井市</a>")
        assertContains(response, f"<title>市区町村を探す：{query}｜")

    def test_prefecture_list_finds_other_bodies_too(self, client: Client):
        company = CompanyFactory(name="見本生命保険相互会社")
        response = client.get(PREFECTURES, {"q": "生命保険"})
        assertContains(response, company.get_absolute_url())

    def test_prefecture_list_without_a_hit_says_what_to_do(self, client: Client):
        response = client.get(PREFECTURES, {"q": "<b>どこにもない"})
        assertContains(response, "条件に合う団体はありませんでした。")
        assertContains(response, "「&lt;b&gt;どこにもない」")

    @pytest.mark.parametrize("query", ["", " ", "　"])
    def test_prefecture_list_without_words_searches_nothing(self, client: Client, query: str):
        OrganizationFactory()
        assert client.get(PREFECTURES, {"q": query}).context["found"] is None

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("あ" * 61, "60文字以内で入力してください（現在61文字）"),
            ("坂\x00井", "使えない文字が入っています"),
        ],
    )
    def test_prefecture_list_refuses_calmly(self, client: Client, query: str, message: str):
        response = client.get(PREFECTURES, {"q": query})
        assertContains(response, message, count=2, status_code=400)
        assert response.context["found"] is None

    def test_prefecture_list_in_pages_of_fifty(self, client: Client):
        OrganizationFactory.create_batch(51)
        response = client.get(PREFECTURES, {"q": "見本", "page": "2"})
        assert len(response.context["found"]) == 1
        assertContains(response, "件中 51～51件目を表示")

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_prefecture_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            bound_association()
            OrganizationFactory()
            StatedFigureFactory()
        with django_assert_num_queries(13):
            client.get(PREFECTURES, {"q": "見本"})


class TestMunicipalityList:
    def test_municipality_list_shows_each_with_its_ties(self, client: Client, office):
        association = AssociationFactory(prefecture=office.organization.prefecture)
        CoverageFactory(organization=association)
        PartyFactory(organization=association)
        town = OrganizationFactory(municipality__prefecture__code="18")
        PartyFactory(organization=office.organization)
        MembershipFactory(organization=office.organization, is_sample=True)

        response = client.get("/municipalities/18/")

        rows = response.context["rows"]
        assert [row.organization for row in rows] == [office.organization, town]
        assert [row.own_agreements for row in rows] == [1, 0]
        assert [row.associations for row in rows] == [[], [association]]
        assertContains(response, "個別の協定1件")
        assertContains(response, "会員</span>", count=1)
        assertContains(response, "見本</span>", count=1)
        assertContains(response, "サカイシ")
        assertContains(response, "182109")

    def test_municipality_list_is_of_today(self, client: Client):
        kept = OrganizationFactory(municipality__kind=MunicipalityKind.VILLAGE)
        OrganizationFactory(municipality__valid_until=date(2018, 9, 30))
        OrganizationFactory(municipality__valid_from=date(2027, 4, 1))
        rows = client.get("/municipalities/32/").context["rows"]
        assert [row.organization for row in rows] == [kept]

    def test_municipality_list_forgets_a_membership_that_ended(self, client: Client):
        MembershipFactory(left=date(2026, 11, 21))
        assertNotContains(client.get("/municipalities/32/"), "会員</span>")

    @pytest.mark.parametrize("code", ["00", "48", "1", "abc", "320001"])
    def test_municipality_list_of_an_unknown_prefecture_is_404(self, client: Client, code: str):
        PrefectureFactory()
        assert client.get(f"/municipalities/{code}/").status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_municipality_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            bound_association()
            MembershipFactory()
        with django_assert_num_queries(11):
            client.get("/municipalities/32/")


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
        assert association not in [reach.agreement for reach in response.context["reaches"]]

    def test_organization_detail_of_an_association_names_what_it_covers(self, client: Client):
        association = bound_association()
        towns = OrganizationFactory.create_batch(2)
        response = client.get(association.get_absolute_url())
        assertContains(response, "2自治体（2町）")
        for town in towns:
            assertContains(response, town.get_absolute_url())

    def test_organization_detail_of_a_ward_leads_to_the_agreements_of_all_wards(
        self, client: Client
    ):
        mayors = SecretariatFactory()
        response = client.get(WardFactory().get_absolute_url())
        assertContains(response, f'<a href="{mayors.get_absolute_url()}">特別区長会のページ</a>')

    def test_organization_detail_lists_its_events_with_its_roles(self, client: Client):
        body = OrganizationFactory()
        event = EventFactory(title="物産展")
        for role in (EventRole.HOST, EventRole.PARTICIPANT):
            EventRoleFactory(event=event, organization=body, role=role)
        coming = EventFactory(title="次の物産展", earliest=date(2027, 1, 1))
        EventRoleFactory(event=coming, organization=body, role=EventRole.PARTICIPANT)
        EventRoleFactory(event=EventFactory(title="下書きの", status="draft"), organization=body)
        response = client.get(body.get_absolute_url())
        shown = [(part.event.title, part.roles) for part in response.context["appearances"]]
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
        assertContains(response, "イベントの記録はありません。")

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_organization_detail_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        body = OrganizationFactory()
        for _ in range(number):
            bound_association()
            PartyFactory(organization=body)
            EventRoleFactory(organization=body)
        with django_assert_num_queries(16):
            client.get(body.get_absolute_url())

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_organization_detail_of_an_association_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        association = bound_association()
        OrganizationFactory.create_batch(number)
        with django_assert_num_queries(11):
            client.get(association.get_absolute_url())
