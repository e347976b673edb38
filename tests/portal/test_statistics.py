"""統計・資料: what is counted and what is not, for which day, and what the page says of it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agreements.enums import AgreementKind, CollaborationSide, CollaborationStatus, Side
from agreements.models import Agreement
from core.dates import Precision
from core.enums import Qualifier
from events.enums import EventStatus
from members.enums import OrganizationKind
from portal.queries import even_levels, level_labels
from tests.downloads import csv_table
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.chronicle import DisasterFactory, ReliefFactory, StatedFigureFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    AssociationFactory,
    BodyFactory,
    CompanyFactory,
    CoverageFactory,
    MembershipFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
    ThemeFactory,
    WardFactory,
)
from tests.portal.figures import URL, ShownTable, shown_chart, shown_table

pytestmark = pytest.mark.django_db

BY_YEAR = "連携事業の数（開始した年度別）"
EVENTS = "イベントの数（年度別）"
VISITORS = "来場者・参加者の数（年度別）"
TIES = "区別・都道府県別のつながりの数"
PREFECTURES = "都道府県別の協定、連携事業、被災地支援"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def table(name: str, **query: str) -> ShownTable:
    return shown_table(Client().get(URL, query).text, name)


def project(*wards, partners=(), **fields):
    """A published joint project of ``wards`` that began on 2024-10-05."""
    made = CollaborationFactory(**fields)
    for ward in wards:
        CollaborationPartyFactory(
            collaboration=made, organization=ward, side=CollaborationSide.WARD
        )
    for partner in partners:
        CollaborationPartyFactory(collaboration=made, organization=partner)
    return made


def agreement(ward_side, counterpart, **fields):
    made = AgreementFactory(**fields)
    PartyFactory(agreement=made, side=Side.SPECIAL_WARDS, organization=ward_side)
    PartyFactory(agreement=made, organization=counterpart)
    return made


def event(*bodies, **fields):
    made = EventFactory(**fields)
    for body in bodies:
        EventRoleFactory(event=made, organization=body)
    return made


def bound_association():
    association = AssociationFactory()
    CoverageFactory(organization=association)
    agreement(SecretariatFactory(), association)
    return association


class TestStatistics:
    def test_statistics_says_for_which_day_it_counts(self, client: Client):
        bound_association()
        today, earlier = client.get(URL), client.get(URL, {"on": "2019-05-01"})
        assertContains(today, "2026年（令和8年）11月22日現在")
        assertContains(today, "<title>統計・資料｜")
        assertContains(earlier, "<title>統計・資料（2019年（令和元年）5月1日現在）｜")
        assertContains(earlier, "2019年（令和元年）5月1日現在、")

    def test_statistics_takes_the_day_in_parts(self, client: Client):
        response = client.get(URL, {"on_y": "令和元", "on_m": "９", "on_d": "5"})
        assertRedirects(response, f"{URL}?on=2019-09-05", fetch_redirect_response=False)

    @pytest.mark.parametrize("asked", ["2026-11-23", "2018-13-01", "xyz"])
    def test_statistics_refuses_what_is_no_day_and_answers_for_today(
        self, client: Client, asked: str
    ):
        bound_association()
        response = client.get(URL, {"on": asked})
        assertContains(response, "<title>エラー：統計・資料｜", status_code=400)
        assertContains(response, "2026年（令和8年）11月22日現在", status_code=400)
        assertNotContains(response, "?on=", status_code=400)

    def test_statistics_of_a_portal_without_records_says_so(self, client: Client):
        response = client.get(URL)
        assertNotContains(response, 'role="img"')
        for sentence in (
            "この日までに結ばれていたことが確かめられる協定はありません。",
            "この日までに対象となっていたことが確かめられる自治体はありません。",
            "この日までに始まったことが確かめられる連携事業はありません。",
            "この日までに行われ、年度を特定できるイベントはありません。",
            "この日までに来場者・参加者の数が公表され、年度を特定できるイベントはありません。",
            "この日までに起きた災害への支援の記録はありません。",
            "この日までに公表された会員登録の数はありません。",
            "この日までに確かめられたつながりはありません。",
        ):
            assertContains(response, sentence)

    def test_statistics_before_everything_draws_nothing(self, client: Client):
        bound_association()
        project(WardFactory())
        event(attendance=10)
        ReliefFactory()
        StatedFigureFactory()
        response = client.get(URL, {"on": "2008-01-01"})
        assertNotContains(response, 'role="img"')
        assertContains(response, 'class="chart__none"', count=11)

    def test_statistics_is_the_same_for_everybody(
        self, client: Client, client_of, staff, ward_lead
    ):
        project(ward_lead.organization, published_at=None)
        project(ward_lead.organization)
        tables = [
            shown_table(reader.get(URL).text, BY_YEAR)
            for reader in (client, client_of(staff), client_of(ward_lead))
        ]
        assert tables[0].numbers("連携事業（件）")["令和6年度（2024年度）"] == 1
        assert tables[1:] == tables[:1] * 2

    def test_statistics_offers_each_table_as_a_file_of_the_same_day(self, client: Client):
        bound_association()
        OrganizationFactory()
        today = client.get(URL, {"map": "relief"})
        assertContains(today, 'href="/statistics/associations.csv"')
        assertContains(today, 'href="/statistics/agreements.xlsx"')
        asked = client.get(URL, {"on": "2019-05-01", "map": "relief"})
        assertContains(asked, 'href="/statistics/associations.csv?on=2019-05-01"')
        assertContains(
            asked, 'href="/statistics/associations.csv?on=2019-05-01&amp;encoding=cp932"'
        )

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_statistics_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            association = bound_association()
            ward, town = WardFactory(), OrganizationFactory()
            made = project(ward, partners=[town])
            made.themes.add(ThemeFactory())
            project(ward, start_earliest=None, start_precision=Precision.BETWEEN)
            event(ward, association, attendance=100).collaborations.add(made)
            ReliefFactory(recipients=[town, association])
            StatedFigureFactory()
            MembershipFactory(organization=town)
        with django_assert_num_queries(26):
            client.get(URL)


class TestProjects:
    def test_only_published_real_ones_that_have_begun_are_counted(self):
        ward = WardFactory()
        project(ward, published_at=None)
        project(ward, is_sample=True)
        project(ward, status=CollaborationStatus.PLANNED)
        project(ward, status=CollaborationStatus.CANCELLED)
        project(ward, status=CollaborationStatus.ENDED)
        assert table(BY_YEAR).numbers("連携事業（件）")["令和6年度（2024年度）"] == 1

    def test_one_counts_from_the_day_on_which_its_start_is_certain(self):
        project(
            start_earliest=date(2018, 4, 1),
            start_latest=date(2019, 3, 31),
            start_precision=Precision.FISCAL_YEAR,
        )
        assert "始まったことが確かめられる連携事業はありません" in (
            Client().get(URL, {"on": "2019-03-30"}).text
        )
        assert table(BY_YEAR, on="2019-03-31").numbers("連携事業（件）") == {
            "平成30年度（2018年度）": 1
        }

    def test_a_start_that_may_lie_in_two_fiscal_years_is_named_beside_the_chart(self):
        project(start_earliest=date(2022, 4, 1))
        project(
            title="港の催し",
            start_earliest=date(2009, 1, 1),
            start_latest=date(2009, 12, 31),
            start_precision=Precision.YEAR,
        )
        html = Client().get(URL).text
        shown = shown_table(html, BY_YEAR).numbers("連携事業（件）")
        assert next(iter(shown.items())) == ("令和4年度（2022年度）", 1)
        assert list(shown.items())[-1] == ("年度を特定できないもの", 1)
        assert len(shown_chart(html, "projects-by-year").values) == len(shown) - 1
        assert (
            "開始した年度を特定できない1件は、図に含めていません：港の催し（2009年（平成21年））。"
        ) in html

    def test_an_unknown_start_is_named_and_never_counted(self):
        ward, town = WardFactory(), OrganizationFactory()
        project(ward, partners=[town])
        project(
            ward,
            partners=[town],
            title="いつからか続く交流",
            start_earliest=None,
            start_precision=Precision.BETWEEN,
        )
        html = Client().get(URL).text
        assert "開始時期が未確認の1件は、どの数にも含めていません：いつからか続く交流。" in html
        assert set(shown_table(html, "連携事業の数（区別）").numbers("計（件）").values()) == {1}
        assert shown_table(html, PREFECTURES).numbers("連携事業（件）")["島根県"] == 1

    def test_a_project_of_all_wards_counts_for_each_ward_apart_from_its_own(self):
        one, other = WardFactory(), WardFactory()
        project(one)
        project(one, other, scope="ward_mayors")
        shown = table("連携事業の数（区別）")
        assert shown.column("区の事業（件）") == {one.name: "1", other.name: "0"}
        assert set(shown.numbers("23区共通の事業（件）").values()) == {1}

    def test_a_project_of_two_themes_counts_for_both(self):
        sports, food = ThemeFactory(name="スポーツ"), ThemeFactory(name="食")
        project().themes.set([sports, food])
        project().themes.set([food])
        shown = table("連携事業の数（分野別）").numbers("連携事業（件）")
        assert (shown["スポーツ"], shown["食"]) == (1, 2)


class TestEvents:
    def test_announced_ones_stand_apart_and_those_called_off_nowhere(self):
        event()
        event(held_confirmed=False)
        event(is_sample=True)
        for status in (EventStatus.DRAFT, EventStatus.POSTPONED, EventStatus.CANCELLED):
            event(status=status)
        shown = table(EVENTS)
        assert shown.rows[0] == ["令和6年度（2024年度）", "1", "1"]

    def test_one_counts_from_its_last_day(self):
        event(earliest=date(2024, 10, 5), latest=date(2024, 10, 6))
        assert "年度を特定できるイベントはありません" in (
            Client().get(URL, {"on": "2024-10-05"}).text
        )
        assert table(EVENTS, on="2024-10-06").numbers("開催（件）") == {"令和6年度（2024年度）": 1}

    @pytest.mark.parametrize(
        ("stated", "text"),
        [
            ([], "公表なし"),
            ([(57000, Qualifier.OVER)], "57,000人超"),
            ([(30000, Qualifier.ABOUT_TOTAL)], "延べ約30,000人"),
            ([(164, Qualifier.EXACT)], "164人"),
            ([(164, Qualifier.EXACT), (116, Qualifier.EXACT)], "280人"),
            ([(3800, Qualifier.ABOUT), (116, Qualifier.EXACT)], "約3,916人"),
            ([(57000, Qualifier.OVER), (3000, Qualifier.OVER)], "約60,000人"),
        ],
    )
    def test_a_published_number_keeps_its_word_and_a_sum_is_about(self, stated, text):
        event()
        for number, word in stated:
            event(attendance=number, attendance_qualifier=word)
        shown = table(VISITORS)
        assert shown.column("公表された数の合計")["令和6年度（2024年度）"] == text
        assert shown.numbers("公表されたイベント（件）")["令和6年度（2024年度）"] == len(stated)

    def test_visitors_of_an_announced_event_are_not_counted(self):
        event(attendance=100)
        event(attendance=300_000, held_confirmed=False)
        assert table(VISITORS).column("公表された数の合計")["令和6年度（2024年度）"] == "100人"

    def test_an_event_of_an_unsure_year_stands_below(self):
        event()
        event(earliest=date(2021, 1, 1), latest=date(2021, 12, 31), precision=Precision.YEAR)
        response = Client().get(URL)
        assert shown_table(response.text, EVENTS).rows[-1] == ["年度を特定できないもの", "1", "0"]
        assertContains(response, "年度を特定できない1件は、図に含めていません。")


class TestMembers:
    def test_published_figures_stand_alone_until_there_are_members(self, client: Client):
        StatedFigureFactory()
        StatedFigureFactory(metric="wards", value=23)
        MembershipFactory(is_sample=True)
        response = client.get(URL)
        assert shown_chart(response.text, "members").values == ["213"]
        assertContains(response, "公表値</span>\n会員登録自治体の数")
        assertNotContains(response, "members-counted")

    def test_a_figure_counts_from_the_day_by_which_it_is_certain(self, client: Client):
        StatedFigureFactory(as_of_earliest=date(2024, 10, 1), as_of_latest=date(2024, 12, 31))
        before, on = (client.get(URL, {"on": f"2024-12-{day}"}) for day in (30, 31))
        assertContains(before, "この日までに公表された会員登録の数はありません。")
        assertContains(on, "2024年（令和6年）10月～12月は213自治体と公表されています。")

    def test_a_figure_that_stays_out_of_charts_is_left_out(self, client: Client):
        StatedFigureFactory(in_charts=False)
        assertContains(client.get(URL), "この日までに公表された会員登録の数はありません。")

    def test_counted_members_stand_in_a_figure_of_their_own(self, client: Client):
        StatedFigureFactory()
        town, city = OrganizationFactory(), OrganizationFactory()
        MembershipFactory(organization=town, joined=date(2024, 4, 1))
        MembershipFactory(organization=city, joined=date(2024, 10, 1), left=date(2025, 3, 31))
        html = client.get(URL).text
        assert shown_chart(html, "members").values == ["213"]
        assert shown_chart(html, "members-counted").values == ["2", "1", "1"]
        shown = shown_table(html, "会員登録自治体の数（会員登録の記録から計算）")
        assert shown.rows == [
            ["令和6年度（2024年度）末", "2"],
            ["令和7年度（2025年度）末", "1"],
            ["2026年（令和8年）11月22日現在", "1"],
        ]

    def test_members_who_joined_later_are_not_there_yet(self, client: Client):
        MembershipFactory(joined=date(2024, 4, 1))
        assertNotContains(client.get(URL, {"on": "2024-03-31"}), "members-counted")
        shown = table("会員登録自治体の数（会員登録の記録から計算）", on="2024-04-01")
        assert shown.rows == [["2024年（令和6年）4月1日現在", "1"]]


class TestTies:
    """Ties between a ward and 島根県, where the factories' towns lie."""

    @staticmethod
    def ties() -> dict[str, int]:
        """The wards' ties with 島根県 by the row's name; empty when there is no matrix."""
        html = Client().get(URL).text
        if "この日までに確かめられたつながりはありません" in html:
            return {}
        return {
            name: number
            for name, number in shown_table(html, TIES).numbers("島根").items()
            if number
        }

    @pytest.fixture
    def ward(self):
        return WardFactory()

    @pytest.fixture
    def town(self):
        return OrganizationFactory()

    def test_an_agreement_a_project_and_an_event_are_three_ties(self, ward, town):
        agreement(ward, town, kind=AgreementKind.MUTUAL)
        project(ward, partners=[town])
        event(ward, town)
        assert self.ties() == {ward.name: 3}

    def test_what_all_wards_share_stands_in_one_row(self, ward, town):
        mayors = SecretariatFactory()
        agreement(mayors, AssociationFactory())
        project(ward, partners=[town], scope="ward_mayors")
        event(mayors, town)
        assert self.ties() == {"23区共通": 3}

    def test_a_tie_with_several_municipalities_of_a_prefecture_is_one(self, ward, town):
        project(ward, partners=[town, OrganizationFactory(), AssociationFactory()])
        assert self.ties() == {ward.name: 1}

    def test_a_tie_of_two_wards_counts_for_both(self, ward, town):
        other = WardFactory()
        agreement(ward, town).parties.create(side=Side.SPECIAL_WARDS, organization=other)
        assert self.ties() == {ward.name: 1, other.name: 1}

    def test_an_event_of_a_project_and_a_signing_are_no_further_ties(self, ward, town):
        signed = agreement(ward, town)
        made = project(ward, partners=[town])
        event(ward, town).collaborations.add(made)
        event(ward, town).agreements.add(signed)
        assert self.ties() == {ward.name: 2}

    def test_an_event_of_a_project_that_ties_elsewhere_is_a_tie(self, ward, town):
        elsewhere = OrganizationFactory(
            municipality__code="032069", municipality__prefecture__code="03"
        )
        event(ward, town).collaborations.add(project(ward, partners=[elsewhere]))
        assert self.ties() == {ward.name: 1}

    def test_what_is_not_certain_ties_nobody(self, ward, town):
        event(ward, town, held_confirmed=False)
        event(ward, town, is_sample=True)
        project(ward, partners=[town], status=CollaborationStatus.PLANNED)
        project(ward, partners=[town], is_sample=True)
        agreement(ward, town)
        Agreement.objects.update(terminated_on=date(2020, 4, 1))
        assert self.ties() == {}

    def test_companies_committees_and_witnesses_tie_no_prefecture(self, ward):
        shimane = PrefectureFactory()
        agreement(ward, CompanyFactory(prefecture=shimane))
        committee = BodyFactory(kind=OrganizationKind.COMMITTEE, prefecture=shimane)
        witnessed = agreement(ward, committee)
        PartyFactory(agreement=witnessed, side=Side.WITNESS, organization=AssociationFactory())
        assert self.ties() == {}

    def test_the_government_of_a_prefecture_ties_it_but_not_that_of_tokyo(self, ward):
        shimane, tokyo = PrefectureFactory(), PrefectureFactory(code="13")
        for prefecture in (shimane, tokyo):
            body = BodyFactory(kind=OrganizationKind.PREFECTURE, prefecture=prefecture)
            agreement(ward, body)
        assert self.ties() == {ward.name: 1}
        assert "東京" not in table(TIES).headings

    def test_a_town_of_tokyo_ties_it(self, ward):
        island = OrganizationFactory(
            municipality__prefecture__code="13", municipality__code="133612"
        )
        project(ward, WardFactory(), partners=[island])
        shown = table(TIES)
        assert shown.numbers("東京")[ward.name] == 1
        assert shown.numbers("都道府県の数")[ward.name] == 1


class TestMap:
    @pytest.mark.parametrize(
        ("most", "legend"),
        [
            (0, ["0"]),
            (1, ["0", "1以上"]),
            (2, ["0", "1", "2以上"]),
            (4, ["0", "1", "2", "3", "4以上"]),
            (5, ["0", "1～2", "3～4", "5以上"]),
            (7, ["0", "1～2", "3～4", "5～6", "7以上"]),
            (40, ["0", "1～10", "11～20", "21～30", "31以上"]),
        ],
    )
    def test_its_classes_have_one_width_and_reach_the_highest_number(self, most, legend):
        assert level_labels(even_levels(most)) == legend

    def test_the_choice_is_a_link_that_keeps_the_day(self, client: Client):
        response = client.get(URL, {"on": "2019-05-01", "map": "relief"})
        assertContains(
            response, '<a href="?on=2019-05-01&amp;map=projects#map-section">連携事業</a>'
        )
        assertContains(
            response,
            '<a href="?on=2019-05-01&amp;map=relief#map-section" aria-current="true">被災地支援</a>',
        )

    @pytest.mark.parametrize("asked", ["", "?map=", "?map=xyz"])
    def test_agreements_are_shown_first(self, client: Client, asked: str):
        response = client.get(f"{URL}{asked}")
        assertContains(response, 'map=agreements#map-section" aria-current="true">協定</a>')

    def test_another_day_keeps_what_the_map_counts(self, client: Client):
        page = client.get(reverse("portal:statistics"), {"map": "relief"}).content.decode()
        assert '<input type="hidden" name="map" value="relief">' in page
        day = {"on_y": "令和元", "on_m": "9", "on_d": "5", "map": "relief"}
        answer = client.get(reverse("portal:statistics"), day)
        assert answer["Location"] == "/statistics/?on=2019-09-05&map=relief"

    def test_the_three_maps_count_three_things(self, client: Client):
        town = OrganizationFactory()
        agreement(WardFactory(), town)
        for _ in range(2):
            project(WardFactory(), partners=[town])
        for day in (5, 6, 7):
            disaster = DisasterFactory(earliest=date(2024, 7, day))
            ReliefFactory(disaster=disaster, recipients=[town])
        for kind, number, level in (("agreements", 1, 1), ("projects", 2, 2), ("relief", 3, 3)):
            response = client.get(URL, {"map": kind})
            tile = f'<li class="t32"><a class="lv{level}" href="/municipalities/32/">島根'
            assertContains(response, f"{tile}<b>{number}<span")
        assert table(PREFECTURES).rows[-1] == ["島根県", "1", "2", "3"]

    def test_tokyo_is_marked(self, client: Client):
        PrefectureFactory(code="13")
        assertContains(client.get(URL), '<li class="t13">')
        assertContains(client.get(URL), '<span class="tokyo"></span>特別区のある東京都</li>')


class TestStatisticsExport:
    @staticmethod
    def address(slug: str, ending: str = "csv") -> str:
        return reverse("portal:statistics_export", args=[slug, ending])

    @pytest.mark.parametrize("slug", ["members-counted", "nothing", "0"])
    def test_statistics_export_of_a_figure_that_does_not_exist_is_404(
        self, client: Client, slug: str
    ):
        assert client.get(self.address(slug)).status_code == 404

    def test_statistics_export_of_another_ending_is_404(self, client: Client):
        assert client.get(self.address("ties", "pdf")).status_code == 404

    @pytest.mark.parametrize("asked", ["2026-11-23", "2018-13-01", "xyz"])
    def test_statistics_export_refuses_what_is_no_day(self, client: Client, asked: str):
        assert client.get(self.address("ties"), {"on": asked}).status_code == 400

    def test_statistics_export_answers_for_the_day(self, client: Client):
        bound_association()
        OrganizationFactory.create_batch(2)
        before, on = (
            csv_table(client.get(self.address("associations"), {"on": f"2016-04-{day}"}))
            for day in (25, 26)
        )
        heading = ["市長会・町村会", "都道府県", "市", "町", "村", "自治体", "締結日"]
        assert before == [heading]
        assert on[0] == heading
        assert on[1][1:] == ["島根県", "0", "2", "0", "2", "2016年（平成28年）4月26日"]
        assert on[2] == ["合計（1団体）", "", "0", "2", "0", "2", ""]

    def test_statistics_export_of_members_once_there_are_some(self, client: Client):
        MembershipFactory(joined=date(2026, 4, 1))
        assert csv_table(client.get(self.address("members-counted")))[1:] == [
            ["2026年（令和8年）11月22日現在", "1"]
        ]

    def test_statistics_export_reads_no_more_than_its_figure(
        self, client: Client, django_assert_num_queries
    ):
        bound_association()
        with django_assert_num_queries(4):
            client.get(self.address("associations"))
