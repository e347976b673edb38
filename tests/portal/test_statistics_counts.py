"""統計・資料: which joint projects, events and members are counted, and which are not."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import CollaborationStatus
from core.dates import Precision
from core.enums import Qualifier
from events.enums import EventStatus
from tests.factories.chronicle import StatedFigureFactory
from tests.factories.members import (
    MembershipFactory,
    OrganizationFactory,
    ThemeFactory,
    WardFactory,
)
from tests.portal.figures import URL, shown_chart, shown_table, table_on_page
from tests.portal.ties import event_of, project_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BY_YEAR = "連携事業の数（開始した年度別）"
EVENTS = "イベントの数（年度別）"
VISITORS = "来場者・参加者の数（年度別）"
PREFECTURES = "都道府県別の協定、連携事業、被災地支援"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


class TestProjects:
    def test_only_published_real_ones_that_have_begun_are_counted(self):
        ward = WardFactory()
        project_of(ward, published_at=None)
        project_of(ward, is_sample=True)
        project_of(ward, status=CollaborationStatus.PLANNED)
        project_of(ward, status=CollaborationStatus.CANCELLED)
        project_of(ward, status=CollaborationStatus.ENDED)
        assert table_on_page(BY_YEAR).numbers("連携事業（件）")["令和6年度（2024年度）"] == 1

    def test_one_counts_from_the_day_on_which_its_start_is_certain(self):
        project_of(
            start_earliest=date(2018, 4, 1),
            start_latest=date(2019, 3, 31),
            start_precision=Precision.FISCAL_YEAR,
        )
        assert "始まったことが確かめられる連携事業はありません" in (
            Client().get(URL, {"on": "2019-03-30"}).text
        )
        assert table_on_page(BY_YEAR, on="2019-03-31").numbers("連携事業（件）") == {
            "平成30年度（2018年度）": 1
        }

    def test_a_start_that_may_lie_in_two_fiscal_years_is_named_beside_the_chart(self):
        project_of(start_earliest=date(2022, 4, 1))
        project_of(
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
        project_of(ward, partners=(town,))
        project_of(
            ward,
            partners=(town,),
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
        project_of(one)
        project_of(one, other, scope="ward_mayors")
        shown = table_on_page("連携事業の数（区別）")
        assert shown.column("区の事業（件）") == {one.name: "1", other.name: "0"}
        assert set(shown.numbers("23区共通の事業（件）").values()) == {1}

    def test_a_project_of_two_themes_counts_for_both(self):
        sports, food = ThemeFactory(name="スポーツ"), ThemeFactory(name="食")
        project_of().themes.set([sports, food])
        project_of().themes.set([food])
        shown = table_on_page("連携事業の数（分野別）").numbers("連携事業（件）")
        assert (shown["スポーツ"], shown["食"]) == (1, 2)


class TestEvents:
    def test_announced_ones_stand_apart_and_those_called_off_nowhere(self):
        event_of()
        event_of(held_confirmed=False)
        event_of(is_sample=True)
        for status in (EventStatus.DRAFT, EventStatus.POSTPONED, EventStatus.CANCELLED):
            event_of(status=status)
        shown = table_on_page(EVENTS)
        assert shown.rows[0] == ["令和6年度（2024年度）", "1", "1"]

    def test_one_counts_from_its_last_day(self):
        event_of(earliest=date(2024, 10, 5), latest=date(2024, 10, 6))
        assert "年度を特定できるイベントはありません" in (
            Client().get(URL, {"on": "2024-10-05"}).text
        )
        assert table_on_page(EVENTS, on="2024-10-06").numbers("開催（件）") == {
            "令和6年度（2024年度）": 1
        }

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
        event_of()
        for number, word in stated:
            event_of(attendance=number, attendance_qualifier=word)
        shown = table_on_page(VISITORS)
        assert shown.column("公表された数の合計")["令和6年度（2024年度）"] == text
        assert shown.numbers("公表されたイベント（件）")["令和6年度（2024年度）"] == len(stated)

    def test_visitors_of_an_announced_event_are_not_counted(self):
        event_of(attendance=100)
        event_of(attendance=300_000, held_confirmed=False)
        assert (
            table_on_page(VISITORS).column("公表された数の合計")["令和6年度（2024年度）"] == "100人"
        )

    def test_an_event_of_an_unsure_year_stands_below(self):
        event_of()
        event_of(earliest=date(2021, 1, 1), latest=date(2021, 12, 31), precision=Precision.YEAR)
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
        shown = table_on_page("会員登録自治体の数（会員登録の記録から計算）", on="2024-04-01")
        assert shown.rows == [["2024年（令和6年）4月1日現在", "1"]]
