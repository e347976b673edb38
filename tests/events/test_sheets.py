"""The events as files: those of the list, with what visitors may see of each."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.dates import Precision
from core.enums import Qualifier
from events.enums import EventKind, EventStatus
from events.models import EventRole
from tests.downloads import csv_table, offered, xlsx_table
from tests.factories.agreements import AgreementFactory, CollaborationFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import OrganizationFactory, ThemeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("events:event_list")
EXPORT = reverse("events:event_export", args=["csv"])
BOUNDS = {"earliest": date(2021, 8, 19), "latest": date(2022, 4, 1)}


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def column(response, heading: str) -> list[str]:
    headings, *rows = csv_table(response)
    return [row[headings.index(heading)] for row in rows]


def test_event_export_tells_what_the_record_holds(client: Client):
    event = EventFactory(
        record_id="E007",
        title="黄金がに",
        kind=EventKind.FAIR,
        earliest=date(2015, 11, 18),
        latest=date(2015, 11, 23),
        held_confirmed=True,
        venue="大井町",
        speakers="坂井太郎\n品川花子",
        attendance=26_000,
        attendance_qualifier=Qualifier.ABOUT,
        capacity=130,
        fee="無料",
        note="事務局だけのメモ",
    )
    event.themes.add(ThemeFactory(name="観光"))
    sakai = OrganizationFactory(
        municipality__name="坂井市",
        municipality__prefecture__code="18",
        municipality__prefecture__name="福井県",
    )
    EventRoleFactory(event=event, organization=sakai, role=EventRole.HOST)
    EventRoleFactory(event=event, organization=sakai, role=EventRole.PARTICIPANT)
    EventRoleFactory(event=event, organization=None, body_text="見本新聞社", role="後援")
    event.agreements.add(AgreementFactory(title="見本協定"))
    event.collaborations.add(
        CollaborationFactory(title="坂井市と品川区", published_at=None),
        CollaborationFactory(title="雪の活用", published_at="2026-01-01T00:00Z"),
    )
    event.sources.add(SourceFactory(title="広報紙"), SourceFactory(title="噂", public=False))
    heading, row = xlsx_table(client.get(reverse("events:event_export", args=["xlsx"])))
    assert dict(zip(heading, row, strict=True)) == {
        "記録番号": "E007",
        "題名": "黄金がに",
        "種類": "物産展",
        "状態": "開催",
        "開催日": "2015年（平成27年）11月18日～23日",
        "開始日（西暦）": date(2015, 11, 18),
        "終了日（西暦）": date(2015, 11, 23),
        "年度（西暦）": 2015,
        "会場": "大井町",
        "住所": event.address,
        "テーマ": "",
        "分野": "観光",
        "主催": "福井県坂井市",
        "その他の役割": "後援：見本新聞社",
        "登壇者": "坂井太郎、品川花子",
        "参加自治体": "福井県坂井市",
        "参加についての補足": "",
        "来場・参加": "約26,000人",
        "来場者・参加者の数": 26_000,
        "定員": 130,
        "料金": "無料",
        "締結した協定": "見本協定",
        "連携事業": "雪の活用",
        "概要": event.summary,
        "出典": "広報紙",
        "見本": "いいえ",
    }


@pytest.mark.parametrize(
    ("fields", "words", "first", "last", "year"),
    [
        (
            {"earliest": date(2024, 3, 31), "end_unknown": True},
            "2024年（令和6年）3月31日（終了日は未確認）",
            "2024-03-31",
            "",
            "2023",
        ),
        (
            {
                "earliest": date(2018, 7, 1),
                "latest": date(2018, 7, 31),
                "precision": Precision.MONTH,
            },
            "2018年（平成30年）7月",
            "",
            "",
            "2018",
        ),
        (BOUNDS | {"precision": Precision.BETWEEN}, "日付未確認", "", "", ""),
    ],
)
def test_event_export_gives_days_only_where_they_are_known(
    client: Client, fields, words, first, last, year
):
    EventFactory(**fields)
    response = client.get(EXPORT)
    headings, row = csv_table(response)
    told = dict(zip(headings, row, strict=True))
    assert told["開催日"] == words
    assert (told["開始日（西暦）"], told["終了日（西暦）"]) == (first, last)
    assert told["年度（西暦）"] == year


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"earliest": date(2026, 12, 1)}, "開催予定"),
        ({"earliest": date(2026, 1, 1), "held_confirmed": True}, "開催"),
        ({"earliest": date(2026, 1, 1), "held_confirmed": False}, "実績未確認"),
        ({"earliest": date(2026, 1, 1), "status": EventStatus.CANCELLED}, "中止"),
        ({"earliest": date(2026, 12, 1), "status": EventStatus.POSTPONED}, "延期"),
    ],
)
def test_event_export_says_what_became_of_it(client: Client, fields, state):
    EventFactory(**fields)
    assert column(client.get(EXPORT), "状態") == [state]


@pytest.fixture
def years() -> None:
    """A coming event, three of fiscal year 2024, one of 2023, and one of no certain year."""
    EventFactory(title="来月", earliest=date(2026, 12, 1), kind=EventKind.LECTURE)
    EventFactory(title="年度末", earliest=date(2025, 3, 31), kind=EventKind.LECTURE)
    EventFactory(title="夏", earliest=date(2024, 8, 1), kind=EventKind.FAIR)
    EventFactory(title="年度初め", earliest=date(2024, 4, 1), kind=EventKind.FAIR)
    EventFactory(title="前の年度", earliest=date(2024, 3, 31), kind=EventKind.FAIR)
    EventFactory(title="いつか", precision=Precision.BETWEEN, kind=EventKind.FAIR, **BOUNDS)


@pytest.mark.parametrize(
    ("query", "of_year", "of_all"),
    [
        (
            "",
            ["年度末", "夏", "年度初め"],
            ["来月", "年度末", "夏", "年度初め", "前の年度", "いつか"],
        ),
        (
            "?year=2023",
            ["前の年度"],
            ["来月", "年度末", "夏", "年度初め", "前の年度", "いつか"],
        ),
        ("?year=2024&kind=講演会", ["年度末"], ["来月", "年度末"]),
        ("?kind=物産展", ["夏", "年度初め"], ["夏", "年度初め", "前の年度", "いつか"]),
        (
            "?year=unknown",
            ["いつか"],
            ["来月", "年度末", "夏", "年度初め", "前の年度", "いつか"],
        ),
    ],
)
def test_event_export_offers_the_year_of_the_list_and_all(
    client: Client, years, query, of_year, of_all
):
    page = client.get(LIST + query)
    shown = [event.title for event in page.context["past"]]
    assert shown == of_year
    what_year = "年度が未確認のイベント" if "unknown" in query else "この年度のイベント"
    for what, titles in ((what_year, of_year), ("すべての年度のイベント", of_all)):
        assert column(client.get(offered(page, what)["CSV"]), "題名") == titles


def test_event_export_leaves_out_drafts_and_samples_that_are_over(client: Client):
    yesterday = date(2026, 11, 22) - timedelta(days=1)
    EventFactory(status=EventStatus.DRAFT)
    EventFactory(earliest=yesterday, is_sample=True)
    EventFactory(title="見本：来月", earliest=date(2026, 12, 1), is_sample=True)
    response = client.get(EXPORT)
    assert column(response, "題名") == ["見本：来月"]


@pytest.mark.parametrize("query", ["year=1999", "year=x", "kind=x"])
def test_event_export_of_what_no_event_has_is_404(client: Client, years, query):
    assert client.get(f"{EXPORT}?{query}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_event_export_query_count(
    client: Client, rows: int, django_assert_num_queries, raise_on_fetch
):
    for earliest in [date(2026, 12, 1), date(2020, 1, 1)] * rows:
        event = EventRoleFactory(event__earliest=earliest).event
        event.agreements.add(AgreementFactory())
        event.sources.add(SourceFactory())
    # the archive; the coming and the past, each with roles, themes, agreements, joint
    # projects and sources
    with django_assert_num_queries(13):
        csv_table(client.get(EXPORT))
