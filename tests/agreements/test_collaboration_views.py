"""The pages that read joint projects: the list under conditions, and one of them."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import CollaborationScope, CollaborationStatus, Origin
from core.enums import Confidence
from events.enums import EventStatus
from tests.agreements.collaborations import project_of
from tests.downloads import offered
from tests.factories.agreements import AgreementFactory, PartyFactory, YearReportFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory
from tests.factories.members import OrganizationFactory, SeatFactory, ThemeFactory, WardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("agreements:collaboration_list")
CREATE = reverse("agreements:collaboration_create")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def titles(response) -> list[str]:
    return [project.title for project in response.context["collaborations"]]


class TestCollaborationList:
    def test_collaboration_list_prints_wards_partners_and_the_period(
        self, client: Client, ward_lead, lead
    ):
        project = project_of(
            ward_lead.organization, lead.organization, title="港の朝市", origin=Origin.BOARD
        )
        project.themes.add(ThemeFactory(name="観光"))
        response = client.get(LIST)
        for text in (
            f'<a href="{project.get_absolute_url()}">港の朝市</a>',
            "東京都品川区",
            "福井県坂井市",
            "2024年（令和6年）10月5日～（実施中）",
            "きっかけ：掲示板",
            "分野：観光",
            '<span class="vh">状態：</span>実施中',
        ):
            assertContains(response, text)
        assertNotContains(response, CREATE)

    def test_collaboration_list_names_all_wards_by_their_body_and_the_first_partners(
        self, client: Client
    ):
        partners = OrganizationFactory.create_batch(8)
        project_of(WardFactory(), *partners, scope=CollaborationScope.WARD_MAYORS)
        response = client.get(LIST)
        assertContains(response, "特別区長会（1区）")
        assertContains(response, "ほか2団体")
        assertContains(response, partners[5].name)
        assertNotContains(response, partners[6].name)

    def test_collaboration_list_shows_own_unpublished_ones_first(
        self, client: Client, client_of, ward_lead, lead, other_lead, staff
    ):
        project_of(ward_lead.organization, lead.organization, title="公開中")
        project_of(
            ward_lead.organization,
            lead.organization,
            title="まだ先",
            published_at=None,
            start_earliest=date(2009, 1, 1),
        )
        for seat in (ward_lead, lead, staff):
            response = client_of(seat).get(LIST)
            assert titles(response) == ["まだ先", "公開中"]
            assertContains(response, "公開前", count=1)
        for visitor in (client, client_of(other_lead)):
            assert titles(visitor.get(LIST)) == ["公開中"]

    def test_collaboration_list_offers_registering_to_those_who_may(
        self, client: Client, client_of, ward_lead, lead, staff
    ):
        assertContains(client_of(ward_lead).get(LIST), f'href="{CREATE}"')
        for visitor in (client, client_of(lead), client_of(staff)):
            assertNotContains(visitor.get(LIST), CREATE)

    def test_collaboration_list_lets_the_wards_seat_register(self, client_of, lead, ward_lead):
        seat = SeatFactory(user=lead.user, office=ward_lead.office, role="deputy")
        assertContains(client_of(lead).get(LIST), f'href="{CREATE}?seat={seat.pk}"')

    def test_collaboration_list_narrows_and_says_how(self, client: Client, ward_lead):
        project_of(ward_lead.organization, title="品川の事業")
        project_of(WardFactory(), title="別の事業", status=CollaborationStatus.ENDED)
        response = client.get(f"{LIST}?ward=131091&status=under_way&year=2024")
        assert titles(response) == ["品川の事業"]
        assertContains(response, "特別区：品川区")
        assertContains(response, f'<a href="{LIST}?status=under_way&amp;year=2024">特別区：品川区')
        assertContains(response, f'<a class="clear" href="{LIST}">')
        assertContains(response, '<option value="131091" selected>品川区</option>')
        assertContains(response, '<span class="num">1件</span>')

    def test_collaboration_list_says_what_the_fiscal_year_means(self, client: Client, ward_lead):
        nothing = {"start_earliest": None, "start_latest": None}
        project_of(ward_lead.organization, title="時期が不明", **nothing)
        project_of(ward_lead.organization, title="令和6年度から")
        assertContains(client.get(LIST), "計画中の事業は、予定の年度で探せます")
        assert titles(client.get(f"{LIST}?year=2024")) == ["令和6年度から"]
        assert titles(client.get(f"{LIST}?year=unknown")) == ["時期が不明"]

    def test_collaboration_list_without_a_match_leads_back(self, client: Client, ward_lead):
        project_of(ward_lead.organization)
        response = client.get(f"{LIST}?q=ありえない言葉")
        assertContains(response, "条件に合う連携事業はありませんでした。")
        assertContains(response, f'<a class="btn btn--line" href="{LIST}">条件をすべて外す</a>')
        assert offered(response) == {}

    def test_collaboration_list_without_any_record(self, client: Client):
        assertContains(client.get(LIST), "連携事業の記録はまだありません。")

    @pytest.mark.parametrize(
        ("query", "sentence", "field"),
        [
            ("year=1999", "開始した年度は、選択肢の中から選んでください", "id_year"),
            ("ward=x", "特別区は、選択肢の中から選んでください", "id_ward"),
            ("status=open", "状態は、選択肢の中から選んでください", "id_status_0"),
        ],
    )
    def test_collaboration_list_refuses_what_is_no_choice_at_its_field(
        self, client: Client, ward_lead, query, sentence, field
    ):
        project_of(ward_lead.organization, title="残る")
        response = client.get(f"{LIST}?{query}&q=残る")
        assertContains(response, f'<a href="#{field}">{sentence}</a>', status_code=400)
        assertContains(response, "<title>エラー：連携事業｜", status_code=400)
        assertContains(response, 'value="残る"', status_code=400)

    def test_collaboration_list_has_pages_that_keep_the_conditions(self, client: Client):
        ward = WardFactory()
        for _ in range(21):
            project_of(ward)
        first, second = client.get(f"{LIST}?status=under_way"), client.get(f"{LIST}?page=2")
        assertContains(first, "?status=under_way&amp;page=2")
        assert len(titles(second)) == 1
        assert titles(client.get(f"{LIST}?page=99")) == titles(second)

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_collaboration_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            project_of(WardFactory()).themes.add(ThemeFactory())
        client.get(LIST)
        with django_assert_num_queries(10):
            client.get(LIST)


class TestCollaborationDetail:
    def test_collaboration_detail_tells_what_the_record_holds(
        self, client: Client, ward_lead, lead
    ):
        project = project_of(
            ward_lead.organization,
            lead.organization,
            title="港の朝市",
            origin=Origin.ASSEMBLY,
            origin_date=date(2015, 2, 16),
            origin_text="区長会総会で提案を受ける",
            summary="朝市を開く",
            funding="地方創生推進交付金（国）",
            partner_text="ほか8町",
        )
        project.themes.add(ThemeFactory(name="産業"))
        agreement, event = AgreementFactory(title="連携の協定"), EventFactory(title="朝市まつり")
        PartyFactory(agreement=agreement)
        project.agreements.add(agreement)
        project.events.add(event, EventFactory(title="下書きの催し", status=EventStatus.DRAFT))
        YearReportFactory(
            collaboration=project, visitors=260_000, visitors_qualifier="約", result="2回開いた"
        )
        response = client.get(project.get_absolute_url())
        for text in (
            "2024年（令和6年）10月5日～（実施中）",
            f'<a href="{ward_lead.organization.get_absolute_url()}">東京都品川区</a>',
            f'<a href="{lead.organization.get_absolute_url()}">福井県坂井市</a>',
            "ほか8町",
            '総会での提案　<time datetime="2015-02-16">2015年（平成27年）2月16日</time>',
            "区長会総会で提案を受ける",
            "地方創生推進交付金（国）",
            f'<a href="{agreement.get_absolute_url()}">連携の協定</a>',
            f'<a href="{event.get_absolute_url()}">朝市まつり</a>',
            "令和6年度（2024年度）",
            "2回開いた",
            "約260,000人",
            f'href="{reverse("portal:collaboration_chain", args=[project.pk])}"',
        ):
            assertContains(response, text)
        assertNotContains(response, "下書きの催し")
        assertNotContains(response, "修正する")
        assertContains(client.get(agreement.get_absolute_url()), project.get_absolute_url())
        assertContains(client.get(event.get_absolute_url()), project.get_absolute_url())

    def test_collaboration_detail_folds_the_wards_of_all_of_them(self, client: Client):
        ward = WardFactory()
        project = project_of(ward, scope=CollaborationScope.WARD_MAYORS)
        response = client.get(project.get_absolute_url())
        assertContains(response, "<summary>特別区長会（1区）</summary>")
        assertContains(response, ward.get_absolute_url())

    def test_collaboration_detail_says_when_nothing_is_known(self, client: Client, ward_lead):
        nothing = {"start_earliest": None, "start_latest": None}
        project = project_of(ward_lead.organization, **nothing)
        assertContains(client.get(project.get_absolute_url()), "時期は未確認")

    def test_collaboration_detail_keeps_the_secretariats_notes(self, client: Client, ward_lead):
        project = project_of(
            ward_lead.organization,
            note="ないしょの覚え書き",
            confidence=Confidence.LOW,
            status_as_of="2017-10-27",
        )
        project.sources.add(
            SourceFactory(title="公開の資料", url="https://example.jp/"),
            SourceFactory(title="非公開の資料", public=False),
        )
        response = client.get(project.get_absolute_url())
        assertContains(response, '<a href="https://example.jp/">「公開の資料」（外部サイト）</a>')
        for hidden in ("ないしょ", "非公開の資料", "2017-10-27", "確かさ"):
            assertNotContains(response, hidden)

    def test_collaboration_detail_before_publishing_is_for_its_organizations(
        self, client: Client, client_of, ward_lead, lead, reader, other_lead, staff
    ):
        project = project_of(ward_lead.organization, lead.organization, published_at=None)
        address = project.get_absolute_url()
        for seat in (ward_lead, lead, reader, staff):
            assertContains(client_of(seat).get(address), "公開前の連携事業です")
        for visitor in (client, client_of(other_lead)):
            assert visitor.get(address).status_code == 404

    @pytest.mark.parametrize(
        ("status", "published", "verbs"),
        [
            (CollaborationStatus.PLANNED, False, {"publish", "update", "start", "cancel"}),
            (CollaborationStatus.UNDER_WAY, True, {"update", "end", "cancel"}),
            (CollaborationStatus.ENDED, True, {"update"}),
            (CollaborationStatus.CANCELLED, True, {"update"}),
        ],
    )
    def test_collaboration_detail_offers_what_the_ward_may_do(
        self, client_of, ward_lead, lead, staff, status, published, verbs
    ):
        new = {} if published else {"published_at": None}
        project = project_of(ward_lead.organization, lead.organization, status=status, **new)
        address = project.get_absolute_url()
        page = client_of(ward_lead).get(address).content.decode()
        offered_verbs = {
            verb
            for verb in ("publish", "update", "start", "end", "cancel")
            if f'href="{address}{verb}/"' in page
        }
        assert offered_verbs == verbs
        for seat in (lead, staff):
            assertNotContains(client_of(seat).get(address), f"{address}update/")

    def test_collaboration_detail_of_a_cancelled_one_says_why(self, client: Client, ward_lead):
        project = project_of(
            ward_lead.organization,
            status=CollaborationStatus.CANCELLED,
            status_reason="会場が使えなくなったため",
        )
        response = client.get(project.get_absolute_url())
        assertContains(response, "この連携事業は中止になりました")
        assertContains(response, "会場が使えなくなったため")

    def test_collaboration_detail_that_does_not_exist_is_404(self, client: Client):
        for pk in (0, 10**30):
            assert client.get(f"{LIST}{pk}/").status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_collaboration_detail_asks_as_much_for_three_parts_as_for_one(
        self, client: Client, ward_lead, number: int, django_assert_num_queries
    ):
        project = project_of(ward_lead.organization, *OrganizationFactory.create_batch(number))
        for year in range(number):
            project.events.add(EventFactory())
            project.agreements.add(AgreementFactory())
            YearReportFactory(collaboration=project, fiscal_year=2020 + year)
        client.get(project.get_absolute_url())
        with django_assert_num_queries(7):
            client.get(project.get_absolute_url())
