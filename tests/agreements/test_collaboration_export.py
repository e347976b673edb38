"""The joint projects as a file for Excel."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agreements.enums import CollaborationStatus, Origin
from core.dates import Precision
from events.enums import EventStatus
from tests.agreements.collaborations import project_of
from tests.downloads import csv_table, offered, xlsx_table
from tests.factories.agreements import AgreementFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory
from tests.factories.members import ThemeFactory, WardFactory

pytestmark = pytest.mark.django_db

LIST = reverse("agreements:collaboration_list")


def export_url(ending: str) -> str:
    return reverse("agreements:collaboration_export", args=[ending])


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def test_collaboration_export_tells_what_the_record_holds(client: Client, ward_lead, lead):
    project = project_of(
        ward_lead.organization,
        lead.organization,
        record_id="C009",
        title="黄金がに",
        origin=Origin.BOARD,
        origin_text="掲示板への書き込み",
        start_earliest=date(2015, 11, 18),
        end_earliest=date(2015, 11, 23),
        end_latest=date(2015, 11, 23),
        status=CollaborationStatus.ENDED,
        summary="=水族館で催しを開いた",
        funding="地方創生推進交付金（国）",
        note="事務局だけのメモ",
    )
    project.themes.add(ThemeFactory(name="観光"))
    project.agreements.add(AgreementFactory(title="連携・協力に関する協定"))
    project.events.add(EventFactory(title="がに展"), EventFactory(status=EventStatus.DRAFT))
    project.sources.add(SourceFactory(title="広報紙"), SourceFactory(title="噂", public=False))
    heading, row = xlsx_table(client.get(export_url("xlsx")))
    assert dict(zip(heading, row, strict=True)) == {
        "記録番号": "C009",
        "題名": "黄金がに",
        "主体": "区",
        "特別区": "東京都品川区",
        "特別区の団体コード": "131091",
        "連携先": "福井県坂井市",
        "連携先の団体コード": "182109",
        "連携先についての補足": "",
        "分野": "観光",
        "きっかけ": "掲示板",
        "きっかけの日": "",
        "きっかけの説明": "掲示板への書き込み",
        "期間": "2015年（平成27年）11月18日～23日",
        "開始": "2015年（平成27年）11月18日",
        "開始（最も早い日）": date(2015, 11, 18),
        "開始（最も遅い日）": date(2015, 11, 18),
        "終了": "2015年（平成27年）11月23日",
        "終了（最も早い日）": date(2015, 11, 23),
        "終了（最も遅い日）": date(2015, 11, 23),
        "状態": "終了",
        "中止の理由": "",
        "概要": "=水族館で催しを開いた",
        "外部の資金": "地方創生推進交付金（国）",
        "協定": "連携・協力に関する協定",
        "イベント": "がに展",
        "出典": "広報紙",
        "公開": "はい",
        "見本": "いいえ",
    }
    (_, line) = csv_table(client.get(export_url("csv")))
    assert "'=水族館で催しを開いた" in line


def test_collaboration_export_never_gives_the_bounds_of_an_unknown_day(client: Client, ward_lead):
    bounds = {
        "start_earliest": date(2018, 3, 16),
        "start_latest": date(2018, 4, 16),
        "start_precision": Precision.BETWEEN,
    }
    project_of(ward_lead.organization, **bounds)
    content = b"".join(client.get(export_url("csv"))).decode()
    assert "日付未確認" in content
    assert "2018" not in content


def test_collaboration_export_is_the_list_under_its_conditions(client: Client, ward_lead):
    project_of(ward_lead.organization, title="品川の事業")
    project_of(WardFactory(), title="別の事業")
    links = offered(client.get(f"{LIST}?ward=131091&page=1"), "この一覧")
    assert set(links) == {"Excel（XLSX）", "CSV", "CSV（Shift_JIS）"}
    rows = csv_table(client.get(links["CSV"]))
    assert [row[1] for row in rows[1:]] == ["品川の事業"]
    cp932 = b"".join(client.get(links["CSV（Shift_JIS）"])).decode("cp932")
    assert "品川の事業" in cp932


def test_collaboration_export_holds_only_what_the_reader_may_see(
    client: Client, client_of, ward_lead
):
    project_of(ward_lead.organization, title="秘密の事業", published_at=None)
    assert len(csv_table(client.get(export_url("csv")))) == 1
    assert len(csv_table(client_of(ward_lead).get(export_url("csv")))) == 2


def test_collaboration_export_refuses_what_is_no_choice_or_no_format(client: Client):
    assert client.get(f"{export_url('csv')}?year=1999").status_code == 400
    assert client.get(export_url("pdf")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("raise_on_fetch")
def test_collaboration_export_asks_as_much_for_three_as_for_one(
    client: Client, number: int, django_assert_num_queries
):
    for _ in range(number):
        project = project_of(WardFactory())
        project.events.add(EventFactory())
        project.agreements.add(AgreementFactory())
        project.sources.add(SourceFactory())
    with django_assert_num_queries(7):
        csv_table(client.get(export_url("csv")))
