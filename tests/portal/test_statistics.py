"""統計・資料: for which day the page counts, what it says of it, and its files."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.dates import Precision
from tests.downloads import csv_table
from tests.factories.chronicle import ReliefFactory, StatedFigureFactory
from tests.factories.members import (
    MembershipFactory,
    OrganizationFactory,
    ThemeFactory,
    WardFactory,
)
from tests.portal.figures import URL, shown_table
from tests.portal.ties import bound_association, event_of, project_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BY_YEAR = "連携事業の数（開始した年度別）"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


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
        project_of(WardFactory())
        event_of(attendance=10)
        ReliefFactory()
        StatedFigureFactory()
        response = client.get(URL, {"on": "2008-01-01"})
        assertNotContains(response, 'role="img"')
        assertContains(response, 'class="chart__none"', count=11)

    def test_statistics_is_the_same_for_everybody(
        self, client: Client, client_of, staff, ward_lead
    ):
        project_of(ward_lead.organization, published_at=None)
        project_of(ward_lead.organization)
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
            made = project_of(ward, partners=(town,))
            made.themes.add(ThemeFactory())
            project_of(ward, start_earliest=None, start_precision=Precision.BETWEEN)
            event_of(ward, association, attendance=100).collaborations.add(made)
            ReliefFactory(recipients=[town, association])
            StatedFigureFactory()
            MembershipFactory(organization=town)
        with django_assert_num_queries(26):
            client.get(URL)


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
