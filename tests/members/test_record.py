"""The register and the bodies of the record as they stand in the database."""

from datetime import date

import pytest
from django.contrib.auth.models import Group

from core.record import DataRow, RecordError
from members.enums import ChangeKind, OrganizationKind
from members.models import (
    Coverage,
    Municipality,
    MunicipalityChange,
    Office,
    Organization,
    Prefecture,
    Theme,
)
from members.record import Bodies, load_register
from portal.record import load_record

pytestmark = pytest.mark.usefixtures("record")

ROW = DataRow("events.csv 12行目", {})


@pytest.mark.parametrize(
    ("code", "name", "kind", "last_day"),
    [
        ("033057", "滝沢村", "村", date(2013, 12, 31)),
        ("093670", "岩舟町", "町", date(2014, 4, 4)),
        ("044237", "富谷町", "町", date(2016, 10, 9)),
        ("403059", "那珂川町", "町", date(2018, 9, 30)),
    ],
)
def test_a_municipality_that_is_no_more_ends_on_its_last_day(code, name, kind, last_day):
    municipality = Municipality.objects.get(code=code)
    assert (municipality.name, municipality.kind) == (name, kind)
    assert (municipality.valid_from, municipality.valid_until) == (None, last_day)
    assert municipality.organization.full_name == f"{municipality.prefecture.name}{name}"


def test_only_retired_municipalities_have_ended():
    assert Municipality.objects.exclude(valid_until=None).count() == 4


def test_a_rename_keeps_its_row_and_its_past():
    change = MunicipalityChange.objects.get(kind=ChangeKind.RENAME)
    assert change.former == change.current
    assert (change.former_name, change.current_name) == ("篠山市", "丹波篠山市")
    assert change.former in Municipality.objects.on(date(2019, 4, 30))
    assert change.former.valid_from is None


def test_a_town_that_became_a_city_is_two_rows():
    change = MunicipalityChange.objects.get(date=date(2016, 10, 10))
    assert (change.former.code, change.current.code) == ("044237", "042161")
    assert change.current.valid_from == date(2016, 10, 10)
    assert [source.key for source in change.sources.all()] == ["tomiya"]


def test_every_row_of_the_register_has_its_organization():
    assert Organization.objects.filter(kind=OrganizationKind.MUNICIPALITY).count() == 1745
    assert Organization.objects.filter(kind=OrganizationKind.PREFECTURE).count() == 47
    assert not Municipality.objects.filter(organization=None).exists()


def test_organizations_are_found_by_kana_code_and_former_name():
    def names(query: str) -> list[str]:
        return [body.full_name for body in Organization.objects.found_by(query)]

    assert "福井県坂井市" in names("さかいし")
    assert "大阪府堺市" in names("さかいし")
    assert names("１８２１０９") == ["福井県坂井市"]
    assert names("18210") == ["福井県坂井市"]
    assert "兵庫県丹波篠山市" in names("篠山市")


def test_associations_have_the_rule_of_the_data():
    rules = {
        (coverage.organization.name, coverage.prefecture.name, coverage.kinds)
        for coverage in Coverage.objects.all()
    }
    assert ("京都府市長会", "京都府", "市") in rules
    assert ("北海道町村会", "北海道", "町村") in rules
    assert len(rules) == 17


def test_the_two_desks_of_today():
    desks = Office.objects.desks()
    assert [(desk.desk_heading, desk.signature, desk.phone) for desk in desks] == [
        (
            "プロジェクトについて",
            "特別区長会　事務局 調査第1課 全国連携プロジェクト担当",
            "03-5210-9747",
        ),
        ("会員登録について", "公益財団法人特別区協議会　事業部事業推進課", "03-5210-9080"),
    ]
    assert Office.objects.count() == 2


def test_bodies_are_found_by_the_names_of_the_data():
    bodies = Bodies()
    for name in ("福井県坂井市", "東京都品川区", "埼玉県", "北海道町村会", "兵庫県丹波篠山市"):
        assert bodies.find(ROW, name).full_name == name


@pytest.mark.parametrize("name", ["坂井市", "兵庫県篠山市", "宮城県富谷町", "福井県堺市", ""])
def test_an_unknown_body_is_refused_with_its_row(name):
    with pytest.raises(RecordError) as refusal:
        Bodies().find(ROW, name)
    assert str(refusal.value) == f"events.csv 12行目：「{name}」という団体はありません"


def test_a_renamed_body_is_still_found_by_the_name_of_the_data():
    Organization.objects.filter(name="損害保険ジャパン株式会社").update(name="新しい社名株式会社")
    load_record()
    assert Bodies().find(ROW, "損害保険ジャパン株式会社").name == "新しい社名株式会社"
    assert not Organization.objects.filter(name="損害保険ジャパン株式会社").exists()


def test_a_body_added_by_hand_before_the_data_named_it_is_taken_over():
    Organization.objects.filter(name="アーツカウンシル東京").update(
        record_key=None, record_digest="", introduction="事務局の紹介文"
    )
    load_record()
    body = Organization.objects.get(name="アーツカウンシル東京")
    assert (body.record_key, body.introduction) == ("アーツカウンシル東京", "事務局の紹介文")


def test_corrections_of_the_register_survive_a_reload():
    Prefecture.objects.filter(code="18").update(kana="フクイ")
    Municipality.objects.filter(code="182109").update(valid_until=date(2027, 3, 31))
    Organization.objects.filter(record_key="182109").update(introduction="坂井市の紹介")
    load_register()
    assert Prefecture.objects.get(code="18").kana == "フクイ"
    assert Municipality.objects.get(code="182109").valid_until == date(2027, 3, 31)
    assert Organization.objects.get(record_key="182109").introduction == "坂井市の紹介"


def test_a_corrected_desk_survives_a_reload():
    Office.objects.desks().filter(phone="03-5210-9747").update(phone="03-5210-9999")
    load_record()
    assert [desk.phone for desk in Office.objects.desks()] == ["03-5210-9999", "03-5210-9080"]


def test_the_themes_are_the_secretariats_after_the_first_load():
    assert [theme.name for theme in Theme.objects.all()] == [
        "産業",
        "観光",
        "文化",
        "スポーツ",
        "教育",
        "防災",
        "環境",
        "福祉",
        "その他",
    ]
    Theme.objects.filter(name="産業").update(name="産業・雇用")
    load_register()
    assert Theme.objects.count() == 9
    assert not Theme.objects.filter(name="産業").exists()


def test_the_three_groups_may_do_what_their_desk_does():
    def may(group: str, codename: str) -> bool:
        return Group.objects.get(name=group).permissions.filter(codename=codename).exists()

    for group in ("会員登録", "プロジェクト", "閲覧"):
        assert may(group, "view_office")
        assert may(group, "view_agreement")
        assert may(group, "change_office") is (group != "閲覧")
        assert may(group, "add_seat") is (group == "会員登録")
        assert may(group, "add_agreement") is (group == "プロジェクト")
        assert may(group, "change_page") is (group == "プロジェクト")
        assert not may(group, "delete_office")
        assert not may(group, "delete_agreement")
        assert not may(group, "view_session")
    assert Group.objects.count() == 3


def test_a_permission_given_to_a_group_by_hand_stays():
    group = Group.objects.get(name="閲覧")
    group.permissions.add(*Group.objects.get(name="会員登録").permissions.all())
    load_register()
    assert group.permissions.filter(codename="add_seat").exists()
