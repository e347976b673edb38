"""The search for municipalities, and a prefecture's list of them."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from members.enums import MunicipalityKind
from members.tiles import level_labels
from tests.factories.agreements import PartyFactory
from tests.factories.chronicle import StatedFigureFactory
from tests.factories.members import (
    AssociationFactory,
    CompanyFactory,
    CoverageFactory,
    MembershipFactory,
    OrganizationFactory,
    PrefectureFactory,
)
from tests.portal.ties import bound_association

pytestmark = pytest.mark.django_db

PREFECTURES = reverse("portal:prefecture_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


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
        with django_assert_num_queries(14):  # one for words of one meaning, which are kept
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
