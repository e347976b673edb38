"""The search over the whole site: what it finds, for whom, and how it prints it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import CollaborationSide, Side
from chronicle.models import News
from core.dates import today
from core.enums import Level
from events.enums import EventStatus
from members.enums import OrganizationKind
from members.models import Seat
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.chronicle import (
    DisasterFactory,
    MilestoneFactory,
    NewsFactory,
    PageFactory,
    ReliefFactory,
)
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    AssociationFactory,
    BodyFactory,
    CompanyFactory,
    OrganizationFactory,
    PrefectureFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db

SEARCH = reverse("portal:site_search")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def counts(client: Client, query: str, **more: str) -> dict[str, int]:
    """The groups with their numbers, in the order of the page."""
    response = client.get(SEARCH, {"q": query, **more})
    assert response.status_code == 200
    return {part.group.slug: part.count for part in response.context["found"]}


def shown(client: Client, query: str) -> dict[str, list[str]]:
    """The titles shown, by group."""
    found = client.get(SEARCH, {"q": query}).context["found"]
    return {part.group.slug: [hit.title for hit in part.hits] for part in found}


@pytest.fixture
def one_of_each() -> None:
    """A row of every kind whose title says ホタルMap."""
    CompanyFactory(name="ホタルMap株式会社")
    CollaborationFactory(title="ホタルMapの事業")
    EventFactory(title="ホタルMapの催し")
    AgreementFactory(title="ホタルMapの協定")
    DisasterFactory(name="ホタルMapの大雨")
    MilestoneFactory(title="ホタルMapの会議")
    NewsFactory(title="ホタルMapのお知らせ")
    PageFactory(title="ホタルMapの使い方")


class TestSiteSearch:
    @pytest.mark.parametrize(
        "query", ["ホタルMap", "ほたるmap", "ﾎﾀﾙＭＡＰ", "ホタル", "map", "MAP　ほたる"]
    )
    @pytest.mark.usefixtures("one_of_each")
    def test_site_search_finds_every_kind_whatever_the_width_kana_and_case(
        self, client: Client, query: str
    ):
        CompanyFactory(name="ホテル株式会社")
        assert counts(client, query) == {
            "organizations": 1,
            "collaborations": 1,
            "events": 1,
            "agreements": 1,
            "relief": 1,
            "timeline": 1,
            "news": 1,
            "pages": 1,
        }

    @pytest.mark.usefixtures("one_of_each")
    def test_site_search_leads_to_each_row_and_to_each_group(self, client: Client):
        response = client.get(SEARCH, {"q": "ホタル"})
        for part in response.context["found"]:
            (hit,) = part.hits
            assertContains(response, f'<a href="{hit.url}">{hit.title}</a>')
            assertContains(response, f'<a href="#{part.group.slug}">{part.group.label}')
        assertContains(response, '「ホタル」に合うもの　<b class="num">8</b>件')
        assertContains(response, "<title>サイト内検索：ホタル｜")

    @pytest.mark.parametrize("query", [None, "", " ", "　"])
    @pytest.mark.usefixtures("one_of_each")
    def test_site_search_without_words_shows_the_form_alone(self, client: Client, query):
        response = client.get(SEARCH, {} if query is None else {"q": query})
        assertContains(response, "探す言葉")
        assert "found" not in response.context
        assertNotContains(response, "合うもの")

    def test_site_search_without_a_hit_says_what_to_try(self, client: Client):
        response = client.get(SEARCH, {"q": "<b>どこにもない"})
        assertContains(response, "「&lt;b&gt;どこにもない」に合うものはありませんでした。")
        assertContains(response, "言葉を短くするか")
        assertContains(response, reverse("portal:prefecture_list"))

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("あ" * 61, "60文字以内で入力してください（現在61文字）"),
            ("坂\x00井", "使えない文字が入っています"),
        ],
    )
    def test_site_search_refuses_calmly(self, client: Client, query: str, message: str):
        response = client.get(SEARCH, {"q": query})
        assertContains(response, message, count=2, status_code=400)
        assert "found" not in response.context

    def test_site_search_wants_every_word_and_takes_the_signs_of_like_as_letters(
        self, client: Client
    ):
        CompanyFactory(name="見本100%株式会社")
        assert counts(client, "100%") == {"organizations": 1}
        assert counts(client, "100_") == {}
        assert counts(client, "見本　株式") == {"organizations": 1}
        assert counts(client, "見本　市役所") == {}

    def test_site_search_marks_samples_and_what_is_unusual(self, client: Client):
        EventFactory(title="見本の催し", is_sample=True, status=EventStatus.CANCELLED)
        response = client.get(SEARCH, {"q": "催し"})
        (part,) = response.context["found"]
        assert part.hits[0].tags == ["物産展", "中止", "見本"]
        assertContains(response, "2024年（令和6年）10月5日</time>")

    def test_site_search_says_how_long_a_joint_project_runs(self, client: Client):
        CollaborationFactory(title="物産の事業")
        CollaborationFactory(title="物産の相談", start_earliest=None)
        response = client.get(SEARCH, {"q": "物産"})
        assertContains(response, "<span>2024年（令和6年）10月5日～（実施中）</span>")
        assertContains(response, "<span>時期は未確認</span>")


class TestSiteSearchOrganizations:
    @pytest.mark.parametrize(
        "query",
        ["坂井", "さかい", "ｻｶｲ", "旧丸岡町", "182109", "１８２１０９", "18210", "福井　坂井"],
    )
    def test_site_search_finds_a_body_by_name_kana_former_name_and_code(
        self, client: Client, office, query: str
    ):
        office.organization.municipality.former_names = "旧丸岡町"
        office.organization.municipality.save()
        office.organization.save()
        OrganizationFactory()
        assert shown(client, query) == {"organizations": ["福井県坂井市"]}

    def test_site_search_finds_a_prefecture_by_its_code(self, client: Client):
        BodyFactory(kind=OrganizationKind.PREFECTURE, name="島根県", prefecture=PrefectureFactory())
        assert shown(client, "320005") == {"organizations": ["島根県"]}

    def test_site_search_shows_the_very_name_first(self, client: Client):
        for code, name in (("32", "会津町"), ("18", "津山町"), ("26", "津町")):
            OrganizationFactory(municipality__prefecture__code=code, municipality__name=name)
        assert shown(client, "津") == {
            "organizations": ["京都府津町", "福井県津山町", "島根県会津町"]
        }

    def test_site_search_prints_kana_and_code_of_a_municipality(self, client: Client, office):
        assertContains(client.get(SEARCH, {"q": "坂井市"}), "サカイシ、団体コード 182109")


class TestSiteSearchThroughBodies:
    def test_site_search_finds_records_by_the_bodies_in_them_and_names_these(
        self, client: Client, office
    ):
        body, ward = office.organization, WardFactory(municipality__name="品川区")
        agreement = AgreementFactory(title="連携に関する協定")
        PartyFactory(agreement=agreement, organization=ward, side=Side.SPECIAL_WARDS)
        PartyFactory(agreement=agreement, organization=body)
        project = CollaborationFactory(title="かにの催し", summary="区内の水族館で開く")
        CollaborationPartyFactory(collaboration=project, organization=body)
        CollaborationPartyFactory(
            collaboration=project, organization=ward, side=CollaborationSide.WARD
        )
        EventRoleFactory(organization=body, event__title="物産展")
        MilestoneFactory(title="視察").organizations.add(body)
        ReliefFactory(disaster__name="見本の地震", recipients=[body])

        response = client.get(SEARCH, {"q": "さかいし"})

        contexts = {part.group.slug: part.hits[0].context for part in response.context["found"]}
        assert contexts == {
            "organizations": "サカイシ、団体コード 182109",
            "collaborations": "東京都品川区と福井県坂井市",
            "events": "見本会館",
            "agreements": "東京都品川区と福井県坂井市",
            "relief": "復興支援金の提供（山形県）",
            "timeline": "福井県坂井市",
        }

    def test_site_search_cuts_a_line_around_the_word(self, client: Client):
        NewsFactory(
            body=f"## 見出し\n\n{'あ' * 100}、[黄金がに](https://example.jp/)を展示します。"
        )
        response = client.get(SEARCH, {"q": "黄金ガニ"})
        context = response.context["found"][0].hits[0].context
        assert context == f"…{'あ' * 19}、黄金がにを展示します。"


class TestSiteSearchVisibility:
    def test_site_search_shows_the_public_only_what_is_published(
        self, client: Client, client_of: Callable[[Seat], Client], office, ward_lead, lead
    ):
        project = CollaborationFactory(title="ホタルの準備", published_at=None)
        CollaborationPartyFactory(
            collaboration=project, organization=ward_lead.organization, side=CollaborationSide.WARD
        )
        EventFactory(title="ホタルの下書き", status=EventStatus.DRAFT)
        NewsFactory(title="ホタルの会員向け", level=Level.MEMBERS)
        NewsFactory(title="ホタルの区向け", level=Level.WARDS)
        News.objects.filter(pk=NewsFactory(title="ホタルの取下げ").pk).update(status="withdrawn")

        assert shown(client, "ホタル") == {}
        assert shown(client_of(lead), "ホタル") == {"news": ["ホタルの会員向け"]}
        seen = shown(client_of(ward_lead), "ホタル")
        assert seen["collaborations"] == ["ホタルの準備"]
        assert set(seen["news"]) == {"ホタルの会員向け", "ホタルの区向け"}
        assert set(seen) == {"collaborations", "news"}

    def test_site_search_leaves_out_what_the_timeline_does_not_print_yet(self, client: Client):
        day = today() + timedelta(days=1)
        MilestoneFactory(title="雪まつりの予定", earliest=day)
        assert "雪まつりの予定" not in client.get(SEARCH, {"q": "雪まつり"}).content.decode()

    @pytest.mark.parametrize("slug", ["collaborations", "events", "news"])
    def test_site_search_shows_no_more_in_one_group(self, client: Client, slug: str):
        CollaborationFactory(title="ホタルの準備", published_at=None)
        EventFactory(title="ホタルの下書き", status=EventStatus.DRAFT)
        NewsFactory(title="ホタルの会員向け", level=Level.MEMBERS)
        NewsFactory(title="ホタルの本文")
        response = client.get(SEARCH, {"q": "ホタル", "in": slug})
        for hidden in ("ホタルの準備", "ホタルの下書き", "ホタルの会員向け"):
            assertNotContains(response, hidden)

    @pytest.mark.parametrize(("embedded", "number"), [(True, 1), (False, 0)])
    def test_site_search_finds_an_unfinished_page_in_the_demo_only(
        self, client: Client, settings, embedded: bool, number: int
    ):
        settings.EMBEDDED = embedded
        PageFactory(title="ホタルの規約", body="【事務局が定める】")
        assert counts(client, "ホタル").get("pages", 0) == number

    def test_site_search_never_finds_the_secretariats_notes(self, client: Client):
        CompanyFactory(name="見本株式会社", note="ホタルの件は未確認")
        AgreementFactory(note="ホタルの件は未確認", status_as_of="ホタル")
        assert counts(client, "ホタル") == {}


class TestSiteSearchInOneGroup:
    def test_site_search_shows_five_and_leads_to_all(self, client: Client):
        for number in range(1, 24):
            EventFactory(title=f"催し第{number}回", earliest=date(2024, 10, number))
        response = client.get(SEARCH, {"q": "催し"})
        (part,) = response.context["found"]
        assert (part.count, [hit.title for hit in part.hits]) == (
            23,
            [f"催し第{number}回" for number in (23, 22, 21, 20, 19)],
        )
        assertContains(response, "すべて見る（23件）</a>")
        assertContains(response, 'href="?q=%E5%82%AC%E3%81%97&amp;in=events"')

    def test_site_search_pages_through_one_group(self, client: Client):
        for number in range(1, 24):
            EventFactory(title=f"催し第{number}回", earliest=date(2024, 10, number))
        MilestoneFactory(title="催しの会議")
        response = client.get(SEARCH, {"q": "催し", "in": "events", "page": "2"})
        assert [hit.title for hit in response.context["hits"]] == [
            "催し第3回",
            "催し第2回",
            "催し第1回",
        ]
        assertContains(response, "件中 21～23件目を表示")
        assertContains(response, '<a href="?q=%E5%82%AC%E3%81%97&amp;in=timeline">あゆみ')
        assertContains(response, "すべての種類</a>")
        assertContains(response, 'in=events" aria-current="page">イベント')

    def test_site_search_in_a_group_without_a_hit_says_so(self, client: Client):
        MilestoneFactory(title="催しの会議")
        response = client.get(SEARCH, {"q": "催し", "in": "events"})
        assertContains(response, "「イベント」には、合うものがありませんでした。")
        assertContains(response, "in=timeline")

    def test_site_search_in_an_unknown_group_shows_all(self, client: Client):
        MilestoneFactory(title="催しの会議")
        assert counts(client, "催し", **{"in": "proposals"}) == {"timeline": 1}


class TestSiteSearchQueries:
    def rows(self, number: int) -> None:
        for _ in range(number):
            body = AssociationFactory(name=f"見本の会{number}")
            OrganizationFactory()
            CollaborationPartyFactory(organization=body)
            EventRoleFactory(organization=body)
            PartyFactory()
            ReliefFactory(recipients=[body])
            MilestoneFactory().organizations.add(body)
            NewsFactory()
            PageFactory()

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_site_search_asks_at_most_twice_for_a_group(
        self, client: Client, number: int, django_assert_num_queries
    ):
        self.rows(number)
        client.get(SEARCH)
        with django_assert_num_queries(13):  # one for words of one meaning, which are kept
            assert len(client.get(SEARCH, {"q": "見本"}).context["found"]) == 8

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_site_search_in_one_group_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        self.rows(number)
        client.get(SEARCH)
        with django_assert_num_queries(12):
            client.get(SEARCH, {"q": "見本", "in": "events"})
