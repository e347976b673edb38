"""The agreements' pages: what they state for a day, and what they answer to a bad one."""

from datetime import date
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agreements.enums import AgreementKind, ItemsBasis, Renewal, Side
from agreements.models import Agreement
from core.dates import Precision
from core.enums import Confidence
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory
from tests.factories.members import (
    AssociationFactory,
    CompanyFactory,
    CoverageFactory,
    OrganizationFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("agreements:agreement_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def sentence(response) -> str:
    """The page's answer for its day, as a reader sees it."""
    html = response.content.decode()
    start = html.index('<p class="standing">')
    return unescape(strip_tags(html[start : html.index("</p>", start)]))


def bound_association(signed: date, **coverage) -> Agreement:
    """A wide-area agreement of 特別区長会 with an association that covers the towns of 島根県."""
    agreement = AgreementFactory(earliest=signed)
    PartyFactory(agreement=agreement, side=Side.SPECIAL_WARDS, organization=SecretariatFactory())
    association = AssociationFactory()
    CoverageFactory(organization=association, **coverage)
    PartyFactory(agreement=agreement, organization=association)
    return agreement


class TestAgreementList:
    def test_agreement_list_states_the_figures_of_today_in_both_eras(self, client: Client):
        bound_association(date(2016, 4, 26))
        OrganizationFactory.create_batch(3)
        company = AgreementFactory(kind=AgreementKind.COMPREHENSIVE, earliest=date(2018, 8, 23))
        PartyFactory(agreement=company, organization=CompanyFactory())

        response = client.get(LIST)

        assert sentence(response) == (
            "2026年（令和8年）11月22日現在、市長会・町村会1団体（3自治体）、企業1社と協定を結んでいます。"
        )
        assertContains(response, '<h2 id="group-1" class="mark-head">広域連携協定</h2>')
        assertContains(response, '<h2 id="group-2" class="mark-head">包括連携協定</h2>')

    def test_agreement_list_on_the_day_of_signing_and_the_day_before(self, client: Client):
        agreement = bound_association(date(2019, 5, 1))
        OrganizationFactory.create_batch(2)

        before, on = client.get(f"{LIST}?on=2019-04-30"), client.get(f"{LIST}?on=2019-05-01")

        assert sentence(before) == (
            "2019年（平成31年）4月30日現在、市長会・町村会、企業と結んでいる協定はありません。"
        )
        assertContains(before, "この日に結ばれていた協定の記録はありません。")
        assert sentence(on) == (
            "2019年（令和元年）5月1日現在、市長会・町村会1団体（2自治体）と協定を結んでいます。"
        )
        assertContains(on, agreement.title)

    def test_agreement_list_counts_an_unsure_date_from_the_day_it_is_certain(self, client: Client):
        agreement = bound_association(date(2018, 3, 16))
        Agreement.objects.filter(pk=agreement.pk).update(
            latest=date(2018, 4, 16), precision=Precision.BETWEEN
        )
        assert "協定はありません" in sentence(client.get(f"{LIST}?on=2018-04-15"))
        assert "1団体" in sentence(client.get(f"{LIST}?on=2018-04-16"))
        assertContains(client.get(LIST), "日付未確認")

    def test_agreement_list_marks_an_ended_agreement_and_no_longer_counts_it(self, client: Client):
        agreement = bound_association(date(2016, 4, 26))
        Agreement.objects.filter(pk=agreement.pk).update(terminated_on=date(2020, 4, 1))
        assertContains(client.get(LIST), "終了</span>")
        assert "協定はありません" in sentence(client.get(LIST))
        assert "1団体" in sentence(client.get(f"{LIST}?on=2020-03-31"))
        assertNotContains(client.get(f"{LIST}?on=2020-04-01"), agreement.title)

    def test_agreement_list_takes_the_day_in_parts_and_leads_to_the_short_address(
        self, client: Client
    ):
        response = client.get(LIST, {"on_y": "令和元", "on_m": "９", "on_d": "5"})
        assertRedirects(response, f"{LIST}?on=2019-09-05", fetch_redirect_response=False)

    def test_agreement_list_shows_the_day_asked_for_as_people_write_it(self, client: Client):
        response = client.get(f"{LIST}?on=2017-02-07")
        for part in ("2017", "2", "7"):
            assertContains(response, f'value="{part}"')

    @pytest.mark.parametrize("query", ["", "?on=", "?on_y=&on_m=&on_d="])
    def test_agreement_list_without_a_day_answers_for_today(self, client: Client, query: str):
        assert "2026年（令和8年）11月22日現在" in sentence(client.get(f"{LIST}{query}"))

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            ("2018-13-01", "調べたい日の月は、1から12までの数字で入力してください"),
            ("平成99-1-1", "調べたい日を確認してください。平成は31年4月30日までです"),
            ("2019-02-29", "調べたい日を確認してください。2019年2月に29日はありません"),
            ("2018-05", "調べたい日の日を入力してください"),
            ("xyz", "調べたい日の月を入力してください"),
            (
                "2026-11-23",
                "調べたい日は、今日（2026年（令和8年）11月22日）までの日付にしてください",
            ),
        ],
    )
    def test_agreement_list_refuses_what_is_no_day_and_keeps_it(
        self, client: Client, asked: str, message: str
    ):
        response = client.get(LIST, {"on": asked})
        assertContains(response, message, count=2, status_code=400)
        assertContains(response, "<title>エラー：連携協定｜", status_code=400)
        for part in asked.split("-"):
            assertContains(response, f'value="{part.lstrip("0")}"', status_code=400)
        assert "2026年（令和8年）11月22日現在" in sentence(response)

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_agreement_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            bound_association(date(2016, 4, 26))
            OrganizationFactory()
        with django_assert_num_queries(9):
            client.get(LIST)


class TestAgreementDetail:
    def test_agreement_detail_leads_to_the_timeline_when_its_year_is_sure(self, client: Client):
        known = AgreementFactory(earliest=date(2016, 4, 26), latest=date(2016, 4, 26))
        unsure = AgreementFactory(
            earliest=date(2018, 3, 1), latest=date(2018, 4, 30), precision=Precision.BETWEEN
        )

        link = '<a href="/timeline/2016/">平成28年度（2016年度）の年表</a>'
        assertContains(client.get(known.get_absolute_url()), link)
        assertNotContains(client.get(unsure.get_absolute_url()), "の年表</a>")

    def test_agreement_detail_shows_what_the_record_holds(self, client: Client):
        agreement = AgreementFactory(
            title="連携協力に関する協定書",
            items="住民同士の交流\n防災減災",
            item_count=5,
            term_years=1,
            renews=Renewal.AUTO,
            notice_months=1,
            place="東京区政会館",
            summary="2団体が一つの協定書で締結",
        )
        company = CompanyFactory(name="今の名の株式会社")
        PartyFactory(agreement=agreement, organization=company, name_at_signing="昔の名の株式会社")
        ceremony = EventFactory(title="締結式", earliest=date(2016, 4, 26))
        ceremony.agreements.add(agreement)

        response = client.get(agreement.get_absolute_url())

        assertContains(response, '<time datetime="2016-04-26">2016年（平成28年）4月26日</time>')
        assertContains(response, "今の名の株式会社</a>（締結時の名称：昔の名の株式会社）")
        assertContains(response, "<li>防災減災</li>")
        assertContains(response, "ほか3項目（名称は未確認）")
        assertContains(
            response,
            "締結の日から1年、以後1年ごとに自動更新（満了の日の1か月前までに通知がない場合）",
        )
        assertContains(response, "東京区政会館")
        assertContains(response, "2団体が一つの協定書で締結")
        assertContains(response, ceremony.get_absolute_url())

    def test_agreement_detail_invents_no_term_and_no_title(self, client: Client):
        agreement = AgreementFactory(title="見本県町村会との連携協定", title_is_descriptive=True)
        response = client.get(agreement.get_absolute_url())
        assertContains(response, "<dt>有効期間</dt><dd>未確認</dd>")
        assertContains(response, "正式な題名が未確認のため")

    def test_agreement_detail_keeps_what_is_for_the_secretariat(self, client: Client):
        agreement = AgreementFactory(
            note="ないしょの覚え書き",
            confidence=Confidence.LOW,
            items_basis=ItemsBasis.REPORT,
            status_as_of="2024-01-16",
        )
        agreement.sources.add(
            SourceFactory(title="公開の資料", url="https://example.jp/", date_text="2017-02"),
            SourceFactory(title="非公開の資料", public=False),
        )
        response = client.get(agreement.get_absolute_url())
        assertContains(response, '<a href="https://example.jp/">「公開の資料」（外部サイト）</a>')
        assertContains(response, "2017年（平成29年）2月")
        for hidden in ("ないしょ", "非公開の資料", "報道・報告", "2024-01-16", "確かさ"):
            assertNotContains(response, hidden)

    def test_agreement_detail_names_the_municipalities_of_the_day(self, client: Client):
        agreement = bound_association(date(2016, 4, 26))
        stays = OrganizationFactory()
        joins = OrganizationFactory(municipality__valid_from=date(2018, 10, 1))
        url = agreement.get_absolute_url()

        today, earlier = client.get(url), client.get(f"{url}?on=2018-09-30")
        too_early = client.get(f"{url}?on=2016-04-25")

        assertContains(today, "2自治体（2町）")
        assertContains(earlier, "1自治体（1町）")
        assertContains(earlier, stays.get_absolute_url())
        assertNotContains(earlier, joins.get_absolute_url())
        assertContains(
            too_early,
            "2016年（平成28年）4月25日にこの協定が結ばれていたことは、確かめられていません",
        )

    def test_agreement_detail_of_two_agreements_of_one_title_differ_in_their_titles(
        self, client: Client
    ):
        agreements = AgreementFactory.create_batch(2, title="連携・協力に関する協定")
        pages = []
        for agreement in agreements:
            PartyFactory(agreement=agreement)
            pages.append(client.get(agreement.get_absolute_url()).content.decode())
        titles = {page[page.index("<title>") : page.index("</title>")] for page in pages}
        assert len(titles) == 2

    def test_agreement_detail_without_associations_asks_for_no_day(self, client: Client):
        agreement = AgreementFactory(kind=AgreementKind.MUTUAL)
        PartyFactory(agreement=agreement, organization=OrganizationFactory())
        response = client.get(f"{agreement.get_absolute_url()}?on=2018-13-01")
        assertNotContains(response, "調べたい日")

    def test_agreement_detail_refuses_what_is_no_day(self, client: Client):
        agreement = bound_association(date(2016, 4, 26))
        response = client.get(f"{agreement.get_absolute_url()}?on=2018-13-01")
        assertContains(response, "調べたい日の月は、1から12まで", count=2, status_code=400)

    def test_agreement_detail_that_does_not_exist_is_404(self, client: Client):
        for pk in (0, 10**30):
            assert client.get(f"{LIST}{pk}/").status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_agreement_detail_asks_as_much_for_three_parties_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        agreement = bound_association(date(2016, 4, 26))
        for _ in range(number):
            CoverageFactory(organization=PartyFactory(agreement=agreement).organization)
            OrganizationFactory()
        with django_assert_num_queries(11):
            client.get(agreement.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "未確認"),
        ({"term_years": 3}, "締結の日から3年（更新の有無は未確認）"),
        (
            {"term_years": 3, "renews": Renewal.NONE, "ends_on": date(2019, 4, 25)},
            "締結の日から3年（2019年（平成31年）4月25日まで）、更新なし",
        ),
        ({"term_years": 1, "renews": Renewal.AUTO}, "締結の日から1年、以後1年ごとに自動更新"),
    ],
)
def test_the_term_is_told_as_far_as_it_is_known(fields: dict, text: str):
    assert AgreementFactory(earliest=date(2016, 4, 26), **fields).term_text == text


def test_every_agreement_is_visible_to_everybody(lead, staff):
    agreement = AgreementFactory()
    for user in (AnonymousUser(), lead.user, staff.user):
        assert list(Agreement.objects.visible_to(user)) == [agreement]
