"""The register as files: a prefecture's municipalities, and every body."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agreements.enums import Side
from tests.downloads import csv_table, offered, xlsx_table
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.chronicle import DisasterFactory, ReliefFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import (
    AssociationFactory,
    CompanyFactory,
    CoverageFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganizationFactory,
    PrefectureFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db

ALL = reverse("portal:organization_export", args=["csv"])


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def hokkaido():
    return PrefectureFactory(code="01", code6="010006", name="北海道")


def municipality(prefecture, code: str, name: str, **fields):
    fields |= {"code": code, "name": name, "prefecture": prefecture}
    return OrganizationFactory(municipality=MunicipalityFactory(**fields), prefecture=prefecture)


def names(client: Client, address: str) -> list[str]:
    return [row[2] for row in csv_table(client.get(address))[1:]]


def test_municipality_export_tells_what_ties_each_to_the_project(client: Client, hokkaido):
    town = municipality(hokkaido, "014001", "倶知安町", kind="町", kana="クッチャンチョウ")
    association = AssociationFactory(name="北海道町村会", prefecture=hokkaido)
    CoverageFactory(organization=association, prefecture=hokkaido, kinds="町村")
    agreement = AgreementFactory(earliest=date(2016, 4, 26))
    PartyFactory(agreement=agreement, organization=association)
    PartyFactory(agreement=agreement, side=Side.SPECIAL_WARDS, organization=SecretariatFactory())
    PartyFactory(agreement__earliest=date(2019, 9, 5), organization=town)
    CollaborationPartyFactory(organization=town)
    CollaborationPartyFactory(organization=town, collaboration__published_at=None)
    CollaborationPartyFactory(organization=town, collaboration__is_sample=True)
    event = EventRoleFactory(organization=town, role="主催").event
    EventRoleFactory(event=event, organization=town, role="後援")
    EventRoleFactory(organization=town, event=EventFactory(is_sample=True))
    disaster = DisasterFactory()
    ReliefFactory(disaster=disaster, recipients=[town])
    ReliefFactory(disaster=disaster, kind="職員派遣", recipients=[town])
    MembershipFactory(organization=town, joined=date(2020, 4, 1), is_sample=True)
    response = client.get(reverse("portal:municipality_export", args=["01", "xlsx"]))
    heading, row = xlsx_table(response)
    assert dict(zip(heading, row, strict=True)) == {
        "団体コード": "014001",
        "都道府県": "北海道",
        "名称": "倶知安町",
        "読みがな": town.kana,
        "種類": "町",
        "郡": town.municipality.district,
        "政令指定都市": "いいえ",
        "旧名称": "",
        "会員": "会員（見本）",
        "協定を結ぶ市長会・町村会": "北海道町村会",
        "自らの協定の数": 1,
        "連携事業の数": 1,
        "イベントの数": 1,
        "支援を受けた災害の数": 1,
    }


def test_municipality_export_is_of_one_prefecture_and_of_today(client: Client, hokkaido):
    municipality(hokkaido, "012025", "函館市")
    municipality(hokkaido, "011002", "札幌市")
    municipality(hokkaido, "013331", "今はない町", valid_until=date(2026, 11, 21))
    OrganizationFactory()
    page = client.get(reverse("portal:municipality_list", args=["01"]))
    assert names(client, offered(page)["CSV"]) == ["札幌市", "函館市"]


@pytest.mark.parametrize("code", ["99", "x", "１"])
def test_municipality_export_of_no_prefecture_is_404(client: Client, code: str):
    assert client.get(f"/municipalities/{code}/export.csv").status_code == 404


def test_organization_export_has_every_body_the_municipalities_first(client: Client, hokkaido):
    CompanyFactory(name="見本銀行")
    municipality(hokkaido, "011002", "札幌市")
    municipality(hokkaido, "013331", "今はない町", valid_until=date(2026, 11, 21))
    page = client.get(reverse("portal:prefecture_list"))
    assert names(client, offered(page, "全国の市区町村と団体")["CSV"]) == ["札幌市", "見本銀行"]
    heading, sapporo, bank = csv_table(client.get(ALL))
    assert sapporo[0] == "011002"
    assert dict(zip(heading, bank, strict=True))["種類"] == "企業"


def test_organization_export_has_what_the_search_finds(client: Client, hokkaido):
    municipality(hokkaido, "011002", "札幌市")
    municipality(hokkaido, "013331", "今はない町", valid_until=date(2026, 11, 21))
    for query, found in (("札幌", ["札幌市"]), ("今はない", ["今はない町"])):
        page = client.get(reverse("portal:prefecture_list"), {"q": query})
        assert names(client, offered(page, "この一覧")["CSV"]) == found


@pytest.mark.parametrize("rows", [1, 3])
def test_organization_export_query_count(
    client: Client, rows: int, django_assert_num_queries, raise_on_fetch
):
    for _ in range(rows):
        body = MembershipFactory().organization
        PartyFactory(organization=CoverageFactory().organization)
        CollaborationPartyFactory(organization=body)
        EventRoleFactory(organization=body)
        ReliefFactory(recipients=[body])
    # bodies, the bound associations, their coverage in three, agreements, joint projects,
    # events, relief, memberships
    with django_assert_num_queries(10):
        csv_table(client.get(ALL))
