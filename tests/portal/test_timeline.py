"""The pages and the file of the timeline."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements.enums import CollaborationScope, CollaborationSide
from chronicle.enums import MilestoneCategory
from core.dates import Precision
from events.models import EventRole
from portal import timeline
from tests.downloads import csv_table, offered, xlsx_table
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.chronicle import DisasterFactory, MilestoneFactory, ReliefFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import OrganizationFactory, SecretariatFactory, WardFactory

pytestmark = pytest.mark.django_db

TIMELINE = reverse("portal:timeline")


def year_page(year: int) -> str:
    return reverse("portal:timeline_year", args=[year])


def export(ending: str, **query: str) -> str:
    return reverse("portal:timeline_export", args=[ending], query=query)


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def one_of_each(day: date = date(2024, 10, 5)) -> None:
    """An entry of every table, each with a body and a source, and one that bundles two."""
    source = SourceFactory()
    milestone, event = MilestoneFactory(earliest=day), EventFactory(earliest=day)
    bundled, agreement = EventFactory(earliest=day), AgreementFactory(earliest=day)
    collaboration, disaster = CollaborationFactory(start_earliest=day), DisasterFactory()
    milestone.organizations.add(OrganizationFactory())
    milestone.events.add(bundled)
    EventRoleFactory(event=event)
    PartyFactory(agreement=agreement)
    CollaborationPartyFactory(collaboration=collaboration)
    ReliefFactory(disaster=disaster, recipients=[OrganizationFactory()])
    for record in (milestone, event, agreement, collaboration, disaster):
        record.sources.add(source)


class TestTimeline:
    def test_timeline_shows_an_entry_with_all_that_is_known(self, client: Client):
        milestone = MilestoneFactory(
            title="青森県市長会と連携協定を締結",
            detail="最初の市長会",
            category=MilestoneCategory.AGREEMENT,
            place="青森市",
            people="大杉覚\n棚野孝夫",
            participants_text="青森県内各市",
            earliest=date(2016, 6, 25),
            latest=date(2016, 6, 26),
        )
        agreement = AgreementFactory(title="青森県市長会との連携協定")
        milestone.agreements.add(agreement)
        town = OrganizationFactory()
        milestone.organizations.add(town, SecretariatFactory())
        response = client.get(TIMELINE)
        assertContains(response, f'id="m{milestone.pk}"', count=1)
        assertContains(response, "2016年（平成28年）6月25日～26日")
        assertContains(response, "種類：</span>協定</span>")
        for text in ("最初の市長会", "<dd>青森市</dd>", "大杉覚、棚野孝夫", "青森県内各市</span>"):
            assertContains(response, text)
        assertContains(response, f'<a href="{agreement.get_absolute_url()}">{agreement.title}</a>')
        assertContains(response, f'<a href="{town.get_absolute_url()}">{town.full_name}</a>')
        # The project's own body stands first.
        assert response.text.index(">特別区長会</a>") < response.text.index(town.full_name)

    def test_timeline_is_where_a_milestone_leads(self, client: Client):
        milestone = MilestoneFactory()
        path, _, anchor = milestone.get_absolute_url().partition("#")
        assertContains(client.get(path), f'id="{anchor}"')

    def test_timeline_groups_by_fiscal_year_the_newest_first(self, client: Client):
        MilestoneFactory(title="視察", earliest=date(2015, 7, 1))
        MilestoneFactory(title="総会", earliest=date(2015, 4, 1))
        MilestoneFactory(earliest=date(2015, 3, 31))
        CollaborationFactory(start_earliest=None, title="時期不明の事業")
        response = client.get(TIMELINE)
        assert [year.label for year in response.context["years"]] == [
            "平成27年度（2015年度）",
            "平成26年度（2014年度）",
            "時期が未確認",
        ]
        assert [entry.title for entry in response.context["years"][0].entries] == ["総会", "視察"]
        for anchor in ("y2014", "y2015", "undated"):
            assertContains(response, f'<h2 id="{anchor}"')
            assertContains(response, f'<a href="#{anchor}">')
        assertContains(response, f'href="{year_page(2015)}"', count=1)

    def test_timeline_says_that_a_date_is_not_confirmed_and_never_its_bounds(self, client: Client):
        MilestoneFactory(
            earliest=date(2017, 1, 27),
            latest=date(2018, 2, 21),
            precision=Precision.BETWEEN,
            newsletter_order=13,
        )
        response = client.get(TIMELINE)
        assertContains(response, "日付未確認</p>")
        assertContains(response, "この位置は、広報紙の年表の並びによります。")
        for bound in ("1月27日", "2月21日"):
            assertNotContains(response, bound)

    def test_timeline_of_one_kind(self, client: Client):
        MilestoneFactory(title="総会", category=MilestoneCategory.MEETING)
        fair = MilestoneFactory(title="物産展", category=MilestoneCategory.EVENT)
        fair.collaborations.add(CollaborationFactory())
        response = client.get(TIMELINE, {"kind": "連携事業"})
        assert response.context["kinds"] == {"会議": 1, "連携事業": 1, "イベント": 1}
        assert response.context["total"] == 1
        assertContains(response, "物産展</h3>")
        assertNotContains(response, "総会</h3>")
        assertContains(response, "（この条件を外す）")
        assert all("kind=" in address for address in offered(response).values())

    def test_timeline_offers_each_kind_that_has_entries(self, client: Client):
        MilestoneFactory(category=MilestoneCategory.GRANT)
        response = client.get(TIMELINE)
        assertContains(response, 'href="?kind=%E5%8A%A9%E6%88%90"')
        assertNotContains(response, ">会議<")

    def test_timeline_knows_every_category_and_the_projects(self):
        assert set(timeline.KINDS) == {*MilestoneCategory.values, "連携事業"}

    @pytest.mark.parametrize("kind", ["締結式", "meeting", "会"])
    def test_timeline_of_a_kind_that_is_none_is_404(self, client: Client, kind: str):
        MilestoneFactory()
        assert client.get(TIMELINE, {"kind": kind}).status_code == 404
        assert client.get(export("csv", kind=kind)).status_code == 404

    def test_timeline_of_a_kind_without_entries_says_so(self, client: Client):
        MilestoneFactory()
        assertContains(client.get(TIMELINE, {"kind": "助成"}), "この種類の記録はありません。")

    def test_timeline_without_any_entry_says_so(self, client: Client):
        assertContains(client.get(TIMELINE), "年表の記録はまだありません。")

    def test_timeline_counts_many_bodies_and_leads_to_all(self, client: Client):
        milestone = MilestoneFactory(earliest=date(2016, 6, 25))
        towns = OrganizationFactory.create_batch(7)
        milestone.organizations.add(*towns)
        response = client.get(TIMELINE)
        assertContains(response, f'href="{year_page(2016)}#m{milestone.pk}">ほか2団体</a>')
        assertNotContains(response, towns[-1].full_name)
        year = client.get(year_page(2016))
        assertContains(year, "<summary>ほか2団体</summary>")
        for town in towns:
            assertContains(year, town.full_name, count=1)

    def test_timeline_folds_no_single_body(self, client: Client):
        MilestoneFactory().organizations.add(*OrganizationFactory.create_batch(6))
        assertNotContains(client.get(TIMELINE), "ほか")

    def test_timeline_folds_many_bodies_of_an_undated_project_itself(self, client: Client):
        collaboration = CollaborationFactory(start_earliest=None)
        CollaborationPartyFactory.create_batch(7, collaboration=collaboration)
        assertContains(client.get(TIMELINE), "<summary>ほか2団体</summary>")

    def test_timeline_names_the_partners_of_all_wards_together(self, client: Client):
        together = CollaborationFactory(scope=CollaborationScope.WARD_MAYORS)
        ward, partner = WardFactory(), OrganizationFactory()
        CollaborationPartyFactory(
            collaboration=together, organization=ward, side=CollaborationSide.WARD
        )
        CollaborationPartyFactory(collaboration=together, organization=partner)
        response = client.get(TIMELINE)
        assertContains(response, partner.full_name)
        assertNotContains(response, ward.full_name)

    def test_timeline_keeps_what_is_for_the_secretariat(self, client: Client):
        milestone = MilestoneFactory(note="ないしょの覚え書き")
        milestone.sources.add(SourceFactory(title="裏の資料", public=False))
        for address in (TIMELINE, year_page(2014)):
            response = client.get(address)
            assertNotContains(response, "ないしょ")
            assertNotContains(response, "裏の資料")

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_timeline_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            one_of_each()
        # Five tables, six tables of links, six of bodies; two of the page's foot.
        with django_assert_num_queries(19):
            client.get(TIMELINE)


class TestTimelineYear:
    def test_timeline_year_shows_its_entries_alone(self, client: Client):
        MilestoneFactory(title="前の年度", earliest=date(2015, 3, 31))
        MilestoneFactory(title="この年度", earliest=date(2015, 4, 1))
        MilestoneFactory(title="終わりの日", earliest=date(2016, 3, 31))
        MilestoneFactory(title="次の年度の初日", earliest=date(2016, 4, 1))
        response = client.get(year_page(2015))
        assertContains(response, "<h1>平成27年度（2015年度）のあゆみ</h1>")
        assert re.findall(r"<h3>(.+?)</h3>", response.text) == ["この年度", "終わりの日"]

    def test_timeline_year_turns_to_its_neighbours_that_have_entries(self, client: Client):
        for year in (2008, 2013, 2015):
            MilestoneFactory(earliest=date(year, 6, 1))
        response = client.get(year_page(2013))
        assertContains(response, f'<a rel="prev" href="{year_page(2008)}">')
        assertContains(response, f'<a rel="next" href="{year_page(2015)}">')
        assertContains(response, f'href="{TIMELINE}#y2013"')
        assertNotContains(client.get(year_page(2008)), 'rel="prev"')
        assertNotContains(client.get(year_page(2015)), 'rel="next"')

    def test_timeline_year_without_entries_says_so_until_today(self, client: Client):
        MilestoneFactory(earliest=date(2014, 9, 16))
        for year in (2015, 2026):
            response = client.get(year_page(year))
            assertContains(response, "この年度の記録はありません。")
            assertContains(response, f'<a rel="prev" href="{year_page(2014)}">')
            assert offered(response) == {}

    @pytest.mark.parametrize("year", [0, 2013, 2027, 99999])
    def test_timeline_year_outside_the_record_is_404(self, client: Client, year: int):
        MilestoneFactory(earliest=date(2014, 9, 16))
        assert client.get(year_page(year)).status_code == 404

    def test_timeline_year_numbers_each_source_once(self, client: Client):
        keika = SourceFactory(title="これまでの経過")
        photo = SourceFactory(title="写真ニュース", url="https://example.jp/photo")
        first, second = MilestoneFactory(), EventFactory(earliest=date(2014, 10, 1))
        first.sources.add(keika)
        second.sources.add(keika, photo)
        response = client.get(year_page(2014))
        numbers = {source.title: n for n, source in enumerate(response.context["sources"], 1)}
        assert numbers == {"これまでの経過": 1, "写真ニュース": 2}
        assertContains(response, '<dd><a href="#s1">1</a></dd>')
        assertContains(response, '<dd><a href="#s1">1</a>、<a href="#s2">2</a></dd>')
        assertContains(response, '<li id="s2"><a href="https://example.jp/photo">「写真ニュース」')

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_timeline_year_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            one_of_each()
        # As for all years, and the sources of the five tables.
        with django_assert_num_queries(24):
            client.get(year_page(2024))


class TestTimelineExport:
    HEADINGS = [
        "番号",
        "年度",
        "日付",
        "最も早い日",
        "最も遅い日",
        "日付の正確さ",
        "種類",
        "状態",
        "題名",
        "説明",
        "場所",
        "団体",
        "登壇・出席",
        "関係する記録の番号",
        "出典",
    ]

    def test_timeline_export_has_one_row_for_each_entry(self, client: Client):
        milestone = MilestoneFactory(record_id="M001", title="締結", detail="最初の協定")
        agreement = AgreementFactory(record_id="A01", place="東京区政会館")
        event = EventFactory(
            record_id="E001",
            title="物産展",
            held_confirmed=False,
            speakers="大杉覚",
            earliest=date(2024, 10, 5),
            latest=date(2024, 10, 6),
        )
        milestone.agreements.add(agreement)
        town = OrganizationFactory()
        EventRoleFactory(event=event, organization=town)
        EventRole.objects.create(event=event, body_text="上川管内")
        milestone.sources.add(SourceFactory(title="これまでの経過"), SourceFactory(public=False))
        headings, *rows = csv_table(client.get(export("csv")))
        assert headings == self.HEADINGS
        first, second = ("|".join(row) for row in rows)
        assert first == (
            "M001|平成26年度（2014年度）|2014年（平成26年）9月16日|2014-09-16|2014-09-16|日まで"
            "|会議、協定||締結|最初の協定|東京区政会館|||A01|これまでの経過"
        )
        assert second == (
            "E001|令和6年度（2024年度）|2024年（令和6年）10月5日～6日|2024-10-05|2024-10-06|日まで"
            f"|イベント|実績未確認|物産展||見本会館|{town.full_name}、上川管内|大杉覚||"
        )

    def test_timeline_export_tells_no_bounds_of_an_unconfirmed_date(self, client: Client):
        bounds = {"earliest": date(2017, 1, 27), "latest": date(2018, 2, 21)}
        MilestoneFactory(**bounds, precision=Precision.BETWEEN)
        CollaborationFactory(start_earliest=None)
        _, between, undated = csv_table(client.get(export("csv")))
        assert between[1:6] == ["平成29年度（2017年度）", "日付未確認", "", "", "日付未確認"]
        assert undated[1:6] == ["", "日付未確認", "", "", "日付未確認"]

    def test_timeline_export_carries_the_conditions_of_the_page(self, client: Client):
        MilestoneFactory(title="総会", earliest=date(2014, 9, 16))
        MilestoneFactory(title="助成", category=MilestoneCategory.GRANT)
        MilestoneFactory(title="後の総会", earliest=date(2016, 4, 1))

        def titles(address: str) -> list[str]:
            return [row[8] for row in csv_table(client.get(address))[1:]]

        assert titles(export("csv")) == ["総会", "助成", "後の総会"]
        page = offered(client.get(TIMELINE, {"kind": "会議"}))
        assert titles(page["CSV"]) == ["総会", "後の総会"]
        year = offered(client.get(year_page(2014)))
        assert titles(year["CSV"]) == ["総会", "助成"]

    def test_timeline_export_to_excel_keeps_days_as_days(self, client: Client):
        MilestoneFactory(title="総会")
        headings, row = xlsx_table(client.get(export("xlsx")))
        assert headings == self.HEADINGS
        assert row[3] == date(2014, 9, 16)

    @pytest.mark.parametrize("year", ["2013", "abc", "None", "9" * 5000])
    def test_timeline_export_of_a_year_that_has_none_is_404(self, client: Client, year: str):
        MilestoneFactory()
        CollaborationFactory(start_earliest=None)
        assert client.get(export("csv", year=year)).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_timeline_export_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        for _ in range(number):
            one_of_each()
        with django_assert_num_queries(22):
            csv_table(client.get(export("csv")))


def test_timeline_strip_shows_the_landmarks():
    MilestoneFactory(title="取組を開始", newsletter_order=1)
    html = render_to_string("portal/timeline_strip.html", {"milestones": timeline.landmarks()})
    assert '<time datetime="2014-09-16">2014年（平成26年）9月16日</time>' in html
    assert "<p>取組を開始</p>" in html
