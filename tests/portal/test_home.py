"""Home and about."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import AgreementKind
from chronicle.enums import Metric
from core.enums import Qualifier
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.chronicle import (
    DisasterFactory,
    MilestoneFactory,
    NewsFactory,
    ReliefFactory,
    StatedFigureFactory,
)
from tests.factories.events import EventFactory
from tests.factories.members import (
    CompanyFactory,
    OfficeFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
)
from tests.portal.ties import bound_association

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = reverse("portal:home")
ABOUT = reverse("portal:about")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


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
        response = client.get(HOME)
        assert len(response.context["news_items"]) == 4
        # Below its picture, for those who are no members yet, and at the foot.
        assertContains(response, 'href="/join/">会員登録のご案内</a>', count=3)

    def test_home_leads_to_the_joint_projects_and_the_statistics(self, client: Client):
        response = client.get(HOME)
        assertContains(response, 'href="/collaborations/">連携事業を見る</a>')
        assertContains(response, 'href="/statistics/">統計・資料を見る</a>')
        assertContains(response, f'href="{ABOUT}">プロジェクトについて</a>', count=2)

    def test_home_shows_the_last_three_disasters_with_their_support(self, client: Client):
        for month in (1, 4, 7, 9):
            disaster = DisasterFactory(name=f"{month}月の大雨", earliest=date(2024, month, 1))
            ReliefFactory(disaster=disaster)
        response = client.get(HOME)
        names = [given.disaster.name for given in response.context["relief_given"]]
        assert names == ["9月の大雨", "7月の大雨", "4月の大雨"]
        assertContains(response, "最近の被災地支援（3件）")
        assertContains(response, 'href="/relief/">支援の一覧</a>')

    def test_home_shows_where_the_way_began_and_ends(self, client: Client):
        MilestoneFactory(title="取組を決定", newsletter_order=1)
        MilestoneFactory(title="あいだの会議", newsletter_order=2)
        MilestoneFactory(title="10年の講演会", newsletter_order=3)
        response = client.get(HOME)
        assert [step.title for step in response.context["landmarks"]] == [
            "取組を決定",
            "10年の講演会",
        ]
        assertContains(response, 'href="/timeline/">年表を見る</a>')

    def test_home_of_an_empty_portal_stands(self, client: Client):
        response = client.get(HOME)
        assertNotContains(response, "支援の一覧")
        assertNotContains(response, "年表を見る")
        assertContains(response, "イベントの記録はまだありません。")
        assertContains(response, "お知らせはまだありません。")

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
        for order in range(number):
            ReliefFactory(recipients=[OrganizationFactory()])
            MilestoneFactory(newsletter_order=order)
        with django_assert_num_queries(18):
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
