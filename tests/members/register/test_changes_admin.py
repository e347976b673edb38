"""The admin's pages for mergers and new names, of municipalities and of many offices."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core import once
from members import services
from members.codes import check_digit
from members.enums import ChangeKind, MunicipalityKind
from members.models import (
    Membership,
    Municipality,
    MunicipalityChange,
    Office,
    OfficeRename,
    Organization,
)
from members.record.basics import load_groups
from members.services import NewChange, NewMunicipality
from tests.factories.members import (
    CoverageFactory,
    MembershipFactory,
    MunicipalityChangeFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
)
from tests.secretariat import sentences, url

pytestmark = pytest.mark.django_db

CHANGE, OFFICE = "members.municipalitychange", "members.office"
DAY = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def client(client_of, staff):
    load_groups()
    staff.user.groups.add(Group.objects.get(name="会員登録"))
    return client_of(staff)


@pytest.fixture
def towns(db) -> list[Municipality]:
    return [body.municipality for body in OrganizationFactory.create_batch(2)]


def new_code() -> str:
    return f"32299{check_digit('32299')}"


def typed(towns: list[Municipality], step: str = "check", **changes) -> dict:
    own = {
        "date": "令和9年4月1日",
        "kind": "merger",
        "formers": [str(town.pk) for town in towns],
        "code": "３２２９９" + check_digit_text(),
        "name": "見本新市",
        "kana": "みほんしんし",
        "municipality_kind": "市",
        "token": once.new_token(),
        "step": step,
    }
    return {**own, **changes}


def check_digit_text() -> str:
    return str(check_digit("32299"))


class TestRecord:
    def test_shows_everything_before_it_is_recorded(self, client, towns):
        first, _ = towns
        MembershipFactory(organization=first.organization)
        office = OfficeFactory(organization=first.organization)
        SeatFactory(office=office)
        CoverageFactory(organization__name="島根県町村会")
        page = client.post(url(CHANGE, "add"), typed(towns))
        for text in (
            f"島根県{first.name}（{first.code}）は、2027年（令和9年）3月31日で廃止になります",
            f"島根県見本新市（{new_code()}、ミホンシンシ）を、2027年（令和9年）4月1日から登録します",
            f"島根県{first.name}：2027年（令和9年）3月31日で終わります",
            "島根県見本新市：2027年（令和9年）4月1日から会員になります",
            f"島根県{first.name}　企画課（主担当1人）：2027年（令和9年）4月1日に見本新市に移ります",
            f"島根県{first.name}：2027年（令和9年）3月31日まで島根県町村会",
            f'<option value="{office.pk}" selected>',
        ):
            assertContains(page, text)
        assert not MunicipalityChange.objects.exists()

    def test_is_recorded_with_the_last_button(self, client, towns):
        office = OfficeFactory(organization=towns[1].organization)
        form = typed(towns, "done", main_office=str(office.pk))
        done = client.post(url(CHANGE, "add"), form, follow=True)
        assert sentences(done)[0].endswith("を登録しました")
        assertContains(done, "2027年（令和9年）4月1日に移ります")
        assert Municipality.objects.get(code=new_code()).kana == "ミホンシンシ"
        assert MunicipalityChange.objects.count() == 2
        client.post(url(CHANGE, "add"), form)
        assert MunicipalityChange.objects.count() == 2

    def test_asks_for_the_main_office(self, client, towns):
        for town in towns:
            OfficeFactory(organization=town.organization)
        refused = client.post(url(CHANGE, "add"), typed(towns, "done"))
        assertContains(refused, "代表になる部署を選んでください", status_code=422)
        assertContains(refused, 'name="main_office"', status_code=422)
        assert not MunicipalityChange.objects.exists()

    def test_comes_back_to_be_edited(self, client, towns):
        page = client.post(url(CHANGE, "add"), typed(towns, "edit"))
        assertContains(page, "見本新市")
        assertContains(page, towns[0].name)

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"formers": []}, "formers", "変更前の市区町村を選んでください"),
            ({"code": "322990"}, "code", "団体コードは、検査数字を含む6桁の数字で入力してください"),
            ({"code": "182109"}, "code", "島根県の団体コードは32で始まります"),
            ({"name": ""}, "name", "名称を入力してください"),
            ({"municipality_kind": ""}, "municipality_kind", "市・町・村の別を選んでください"),
            ({"date": "4月1日"}, "date", "施行日は「2026-11-22」または"),
        ],
    )
    def test_refuses_at_the_field(self, client, towns, changes, field, sentence):
        page = client.post(url(CHANGE, "add"), typed(towns, **changes))
        assert page.status_code == 422
        assert sentence in str(page.context["form"].errors[field])
        assert not MunicipalityChange.objects.exists()

    def test_a_ward_and_a_retired_one_are_refused(self, client, towns, ward_lead):
        retired = MunicipalityChangeFactory().former
        OrganizationFactory(municipality=retired)
        for wrong in (ward_lead.organization.municipality, retired):
            page = client.post(url(CHANGE, "add"), typed([*towns, wrong]))
            assert str(wrong) in str(page.context["form"].errors["formers"])

    def test_either_an_existing_or_a_new_one(self, client, towns):
        existing = str(OrganizationFactory().municipality.pk)
        both = client.post(url(CHANGE, "add"), typed(towns, existing=existing))
        assert "空けてください" in str(both.context["form"].errors["code"])
        empty = dict.fromkeys(("code", "name", "kana", "municipality_kind"), "")
        neither = client.post(url(CHANGE, "add"), typed(towns, **empty))
        assert "編入先を選ぶか" in str(neither.context["form"].errors["existing"])
        checked = client.post(url(CHANGE, "add"), typed(towns, existing=existing, **empty))
        assertContains(checked, "そのまま続きます")

    def test_a_rename_asks_for_no_code(self, client, towns):
        empty = {"code": "", "municipality_kind": "", "name": "見本新町", "kind": "rename"}
        form = typed(towns[:1], "done", **empty)
        assertContains(
            client.post(url(CHANGE, "add"), form | {"step": "check"}), "「見本新町」に変えます"
        )
        client.post(url(CHANGE, "add"), form)
        assert MunicipalityChange.objects.get().current == towns[0]

    def test_a_village_that_becomes_a_town_neither(self, client, towns):
        Municipality.objects.filter(pk=towns[0].pk).update(kind=MunicipalityKind.VILLAGE)
        asked = {"code": "", "municipality_kind": "", "name": "見本新町", "kind": "village_to_town"}
        form = typed(towns[:1], "done", **asked)
        client.post(url(CHANGE, "add"), form)
        change = MunicipalityChange.objects.get()
        page = client.get(url(CHANGE, "correct", change.pk))
        assert page.context["form"].initial["municipality_kind"] == "町"
        told = {"code": towns[0].code, "name": "見本大町", "kana": "ミホンオオマチ"}
        kind = {"municipality_kind": "町", "reason": "誤り", "token": once.new_token()}
        client.post(url(CHANGE, "correct", change.pk), told | kind)
        change.refresh_from_db()
        assert (change.current_name, change.current) == ("見本大町", towns[0])

    def test_only_for_those_who_may_add(self, client_of, staff, towns):
        load_groups()
        staff.user.groups.add(Group.objects.get(name="プロジェクト"))
        other = client_of(staff)
        assert other.get(url(CHANGE, "add")).status_code == 403
        assert other.post(url(CHANGE, "add"), typed(towns, "done")).status_code == 403
        assert not MunicipalityChange.objects.exists()


class TestAfterwards:
    @pytest.fixture
    def change(self, towns, staff) -> MunicipalityChange:
        new = NewMunicipality(new_code(), "見本新市", "ミホンシンシ", MunicipalityKind.CITY)
        change = NewChange(DAY, ChangeKind.MERGER, tuple(towns), new)
        return services.record_change(change, by=staff)[0]

    def test_is_cancelled_with_a_reason(self, client, change):
        assertContains(client.get(url(CHANGE, "change", change.pk)), "取り消す")
        form = {"reason": "議会で否決されたため", "token": once.new_token()}
        done = client.post(url(CHANGE, "cancel", change.pk), form)
        assert done.url == url(CHANGE, "changelist")
        assert client.post(url(CHANGE, "cancel", change.pk), form).url == done.url
        assert not MunicipalityChange.objects.exists()
        assert not Municipality.objects.filter(code=new_code()).exists()

    def test_is_corrected_at_its_fields(self, client, change):
        form = {
            "code": new_code(),
            "name": "見本町",
            "kana": "ミホンシ",
            "municipality_kind": "市",
            "reason": "官報と違うため",
        }
        refused = client.post(url(CHANGE, "correct", change.pk), form)
        assertContains(refused, "名称は「市」で終わるように入力してください", status_code=422)
        client.post(url(CHANGE, "correct", change.pk), form | {"name": "見本市"})
        assert Organization.objects.get(record_key=new_code()).name == "見本市"

    def test_once_the_day_has_come_no_button_cancels(self, client, client_of, staff, change, clock):
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        client = client_of(staff)  # the login of before has ended
        page = client.get(url(CHANGE, "change", change.pk))
        assertNotContains(page, url(CHANGE, "cancel", change.pk))
        assertContains(page, url(CHANGE, "correct", change.pk))

    def test_what_the_data_brought_is_carried_over(self, client):
        row = MunicipalityChangeFactory(record_digest="x")
        former = OrganizationFactory(municipality=row.former)
        OrganizationFactory(municipality=row.current)
        office = OfficeFactory(organization=former)
        MembershipFactory(organization=former, joined=date(2016, 4, 1))
        page = client.get(url(CHANGE, "carry_over", row.pk))
        assertContains(page, office.signature)
        client.post(url(CHANGE, "carry_over", row.pk), {"main_office": office.pk})
        assert Office.objects.get(pk=office.pk).organization == row.current.organization
        assert Membership.objects.order_by("joined").last().joined == row.date
        assertNotContains(
            client.get(url(CHANGE, "change", row.pk)), url(CHANGE, "carry_over", row.pk)
        )


TABLE = (
    "団体コード\t今の部署名\t新しい部署名\tいつから\n"
    "182109\t企画政策課\t未来政策課\t令和9年4月1日\n"
    "182109\t財政課\t財務課\t令和9年4月1日\n"
)


class TestRenames:
    ADDRESS = property(lambda self: reverse("admin:members_office_renames"))

    def read(self, client, **form):
        return client.post(self.ADDRESS, {"token": once.new_token(), **form})

    def test_a_pasted_table_is_shown_first(self, client, office):
        page = client.get(self.read(client, pasted=TABLE).url)
        assertContains(page, "この名前の部署はありません")
        assertContains(page, "登録できない1行を除いて、1部署を登録する")
        assert not OfficeRename.objects.exists()

    def test_the_last_button_plans_all_at_once(self, client, office):
        address = self.read(client, pasted=TABLE).url
        form = {"step": "done", "count": "1", "token": once.new_token()}
        done = client.post(address, form, follow=True)
        assert sentences(done) == ["1部署の名称の変更を登録しました"]
        assert OfficeRename.objects.get().valid_from == DAY
        assert client.post(address, form).status_code == 302
        assert OfficeRename.objects.count() == 1
        assertContains(client.get(url(OFFICE, "change", office.pk)), "未来政策課")

    def test_a_file_of_shift_jis(self, client, office):
        data = TABLE.replace("\t", ",").encode("cp932")
        file = SimpleUploadedFile("部署名.csv", data, content_type="text/csv")
        page = client.get(self.read(client, file=file).url)
        assertContains(page, "未来政策課")

    def test_what_changed_meanwhile_is_shown_again(self, client, office, lead):
        address = self.read(client, pasted=TABLE).url
        services.plan_rename(office, "総合政策課", valid_from=DAY, by=lead)
        page = client.post(address, {"step": "done", "count": "1"})
        assertContains(page, "登録の内容が変わりました", status_code=422)
        assert OfficeRename.objects.get().name == "総合政策課"

    def test_a_table_without_a_column_is_refused(self, client):
        page = self.read(client, pasted="団体コード\t今の部署名\n182109\t企画政策課\n")
        assertContains(page, "「新しい部署名」「いつから」の列がありません", status_code=422)

    def test_nobody_elses_table(self, client, client_of, office):
        address = self.read(client, pasted=TABLE).url
        load_groups()
        colleague = SeatFactory(
            office=Office.objects.get(organization__name="特別区長会"), role="staff"
        )
        colleague.user.groups.add(Group.objects.get(name="会員登録"))
        assert client_of(colleague).get(address).url == self.ADDRESS

    def test_a_planned_name_is_taken_back(self, client, office, lead):
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        page = client.get(url(OFFICE, "change", office.pk))
        assertContains(page, url(OFFICE, "cancel_rename", office.pk))
        client.post(url(OFFICE, "cancel_rename", office.pk), {"token": once.new_token()})
        assert not OfficeRename.objects.exists()
