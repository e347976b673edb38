"""The agreements as files: the rows of the list, with what visitors may see of each."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agreements.enums import Renewal, Side
from core.dates import Precision
from tests.downloads import csv_table, offered, xlsx_table
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.core import SourceFactory
from tests.factories.members import OrganizationFactory, SecretariatFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("agreements:agreement_list")
EXPORT = reverse("agreements:agreement_export", args=["csv"])


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def titles(client: Client, address: str) -> list[str]:
    return [row[1] for row in csv_table(client.get(address))[1:]]


def test_agreement_export_tells_what_the_record_holds(client: Client):
    agreement = AgreementFactory(
        record_id="A02",
        title="見本協定",
        earliest=date(2016, 4, 26),
        items="防災\n観光",
        item_count=6,
        term_years=1,
        renews=Renewal.AUTO,
        place="東京区政会館",
        note="事務局だけのメモ",
    )
    wards = SecretariatFactory(name="特別区長会")
    city = OrganizationFactory(
        municipality__code="011002",
        municipality__name="札幌市",
        municipality__prefecture__code="01",
        municipality__prefecture__name="北海道",
    )
    PartyFactory(agreement=agreement, side=Side.SPECIAL_WARDS, organization=wards)
    PartyFactory(agreement=agreement, organization=city)
    agreement.sources.add(SourceFactory(title="広報紙"), SourceFactory(title="噂", public=False))
    heading, row = xlsx_table(client.get(reverse("agreements:agreement_export", args=["xlsx"])))
    assert dict(zip(heading, row, strict=True)) == {
        "記録番号": "A02",
        "題名": "見本協定",
        "種類": "広域連携協定",
        "締結日": "2016年（平成28年）4月26日",
        "締結日（西暦）": date(2016, 4, 26),
        "特別区側": "特別区長会",
        "相手方": "北海道札幌市",
        "相手方の団体コード": "011002",
        "立会人": "",
        "連携事項": "防災、観光",
        "連携事項の数（公表値）": 6,
        "有効期間": "締結の日から1年、以後1年ごとに自動更新",
        "終了日": "",
        "締結の場所": "東京区政会館",
        "概要": "",
        "出典": "広報紙",
    }


def test_agreement_export_gives_no_day_where_none_is_known(client: Client):
    bounds = {"earliest": date(2018, 7, 1), "latest": date(2018, 7, 31)}
    AgreementFactory(precision=Precision.MONTH, **bounds)
    AgreementFactory(precision=Precision.BETWEEN, **bounds)
    rows = csv_table(client.get(EXPORT))[1:]
    assert [row[3:5] for row in rows] == [["2018年（平成30年）7月", ""], ["日付未確認", ""]]


def test_agreement_export_is_of_the_day_of_the_list(client: Client):
    AgreementFactory(title="前の年", earliest=date(2015, 5, 13))
    AgreementFactory(title="その日", earliest=date(2016, 4, 26))
    AgreementFactory(title="次の年", earliest=date(2017, 1, 19))
    for day, expected in (
        ("", ["前の年", "その日", "次の年"]),
        ("2016-04-26", ["前の年", "その日"]),
        ("2016-04-25", ["前の年"]),
    ):
        page = client.get(LIST, {"on": day} if day else {})
        assert titles(client, offered(page)["CSV"]) == expected


def test_agreement_export_of_a_bad_day_is_refused(client: Client):
    AgreementFactory()
    for day in ("2016-02-30", "2999-01-01", "x"):
        assert client.get(EXPORT, {"on": day}).status_code == 400


def test_a_list_without_agreements_offers_nothing(client: Client):
    assert offered(client.get(LIST)) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_agreement_export_query_count(
    client: Client, rows: int, django_assert_num_queries, raise_on_fetch
):
    for _ in range(rows):
        agreement = PartyFactory().agreement
        PartyFactory(agreement=agreement, side=Side.WITNESS)
        agreement.sources.add(SourceFactory())
    # agreements, parties, sources
    with django_assert_num_queries(3):
        csv_table(client.get(EXPORT))
