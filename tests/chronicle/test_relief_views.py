"""The pages of the relief over rows made for the purpose; the record's own: test_relief_printed."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from chronicle.enums import ReliefKind
from chronicle.models import Disaster
from chronicle.queries import latest_relief
from core.dates import Precision
from tests.downloads import csv_table
from tests.factories.chronicle import (
    DisasterFactory,
    MilestoneFactory,
    ReliefFactory,
    StatedFigureFactory,
)
from tests.factories.core import SourceFactory
from tests.factories.members import AssociationFactory, OrganizationFactory
from tests.tables import tables_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("chronicle:relief_list")
EXPORT = reverse("chronicle:relief_export", args=["csv"])


def everything(record_id: str) -> Disaster:
    """A disaster with two rows of support, a milestone and a published figure."""
    disaster = DisasterFactory(record_id=record_id)
    disaster.sources.add(SourceFactory())
    ReliefFactory(disaster=disaster, kind=ReliefKind.STAFF, staff=12)
    relief = ReliefFactory(
        disaster=disaster,
        amount_yen=1_000_000,
        recipients=[OrganizationFactory(), AssociationFactory()],
    )
    relief.sources.add(SourceFactory())
    MilestoneFactory(title="災害への支援").disasters.add(disaster)
    StatedFigureFactory(refers_to=record_id, value=12, unit="名").sources.add(SourceFactory())
    return disaster


class TestReliefList:
    def test_relief_list_without_rows_says_so(self, client: Client):
        assertContains(client.get(LIST), "支援の記録はまだありません。")

    def test_relief_list_shows_what_the_secretariat_has_added_since(self, client: Client):
        DisasterFactory(order=1, name="印刷された地震")
        added = DisasterFactory(
            order=2,
            name="令和8年の大雨",
            earliest=date(2026, 8, 1),
            latest=date(2026, 8, 31),
            precision=Precision.MONTH,
            printed_year="",
            printed_when="",
            printed_support="",
        )
        ReliefFactory(disaster=added, recipients=[OrganizationFactory(municipality__name="見本町")])
        table = tables_of(client.get(LIST).text)[0]
        assert table.body[1] == [
            "2026年（令和8年）",
            "2026年（令和8年）8月",
            "令和8年の大雨",
            "復興支援金（島根県見本町）",
        ]

    def test_relief_list_counts_only_what_is_certain_today(self, client: Client, time_machine):
        time_machine.move_to("2026-08-30 12:00:00+09:00")
        DisasterFactory()
        ReliefFactory(
            disaster__earliest=date(2026, 8, 1),
            disaster__latest=date(2026, 8, 31),
            disaster__precision=Precision.MONTH,
        )
        page = client.get(LIST)
        assert len(page.context["rows"]) == 2
        assert page.context["total"] == 0
        time_machine.move_to("2026-08-31 12:00:00+09:00")
        assert client.get(LIST).context["total"] == 1

    def test_relief_list_escapes_what_is_printed(self, client: Client):
        DisasterFactory(printed_support="<b>支援</b>（甲県/乙県）")
        page = client.get(LIST)
        assertContains(page, "&lt;b&gt;支援")
        assert tables_of(page.text)[0].column("支援の内容") == ["<b>支援</b>（甲県/乙県）"]

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_relief_list_query_count(self, client: Client, number: int, django_assert_num_queries):
        for place in range(number):
            everything(f"D{place}")
        with django_assert_num_queries(11):
            client.get(LIST)


class TestDisasterDetail:
    def test_disaster_detail_hides_what_is_for_the_secretariat(self, client: Client):
        disaster = everything("D90")
        hidden = SourceFactory(title="内部の資料", public=False)
        for row in (disaster, *disaster.reliefs.all()):
            row.sources.add(hidden)
            row.note = "事務局のメモ"
            row.save()
        page = client.get(disaster.get_absolute_url())
        assertNotContains(page, "内部の資料")
        assertNotContains(page, "事務局のメモ")

    def test_disaster_detail_never_shows_the_bounds_of_an_unknown_date(self, client: Client):
        disaster = DisasterFactory(
            earliest=date(2021, 2, 3), latest=date(2021, 4, 5), precision=Precision.BETWEEN
        )
        ReliefFactory(disaster=disaster)
        page = client.get(disaster.get_absolute_url())
        assertContains(page, "日付未確認")
        assertNotContains(page, "2021")
        heading, row = csv_table(client.get(EXPORT))
        found = dict(zip(heading, row, strict=True))
        assert found["発生時期"] == "日付未確認"
        assert found["発生（最も早い日）"] == found["発生（最も遅い日）"] == ""

    def test_disaster_detail_without_support_says_so(self, client: Client):
        page = client.get(DisasterFactory(printed_support="").get_absolute_url())
        assertContains(page, "支援の記録はまだありません。")
        for heading in ("広報紙の表記", "公表された数", "あゆみ</h2>", "出典"):
            assertNotContains(page, heading)

    def test_disaster_detail_unknown_is_404(self, client: Client):
        assert client.get(reverse("chronicle:disaster_detail", args=[0])).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_disaster_detail_query_count(
        self, client: Client, number: int, django_assert_num_queries
    ):
        disaster = everything("D91")
        for _ in range(number - 1):
            ReliefFactory(disaster=disaster, recipients=[OrganizationFactory()])
            MilestoneFactory().disasters.add(disaster)
            StatedFigureFactory(refers_to="D91").sources.add(SourceFactory())
        with django_assert_num_queries(11):
            client.get(disaster.get_absolute_url())


class TestReliefExport:
    def test_relief_export_prefixes_what_looks_like_a_formula(self, client: Client):
        ReliefFactory(disaster__name="=HYPERLINK(1)", disaster__printed_support="+1")
        heading, row = csv_table(client.get(EXPORT))
        found = dict(zip(heading, row, strict=True))
        assert (found["災害名"], found["広報紙の表記"]) == ("'=HYPERLINK(1)", "'+1")

    @pytest.mark.parametrize("ending", ["ods", "csvx"])
    def test_relief_export_knows_no_other_ending(self, client: Client, ending: str):
        address = reverse("chronicle:relief_export", args=[ending])
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_relief_export_query_count(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for place in range(number):
            everything(f"D{place}")
        with django_assert_num_queries(4):
            assert len(csv_table(client.get(EXPORT))) == 1 + 2 * number


class TestReliefRows:
    """The part of the home page (``chronicle/relief_rows.html``)."""

    def test_relief_rows_show_support_and_recipients(self):
        everything("D1")
        DisasterFactory(name="支援のない災害")
        html = render_to_string("chronicle/relief_rows.html", {"given": latest_relief(3)})
        [table] = tables_of(html)
        assert table.caption == "最近の被災地支援（1件）"
        assert table.rows[0] == ["発生時期", "災害名", "主な支援内容", "支援先"]
        [row] = table.body
        assert row[0] == "2024年（令和6年）7月25日"
        assert row[2] == "職員派遣（12名）、復興支援金"

    def test_relief_rows_of_which_nobody_is_named(self):
        ReliefFactory(kind=ReliefKind.GOODS)
        [table] = tables_of(
            render_to_string("chronicle/relief_rows.html", {"given": latest_relief(3)})
        )
        assert table.column("支援先") == ["―"]
