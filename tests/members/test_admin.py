"""The admin of the members' room, as the secretariat uses it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import dates
from core.models import AuditEntry, AuditPersonal
from members.enums import Action
from members.models import Membership, Office, Organization, Theme
from tests.downloads import offered
from tests.factories.members import (
    AssociationFactory,
    CoverageFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SecretariatFactory,
    ThemeFactory,
    WardFactory,
)
from tests.secretariat import (
    break_glass_client,
    client_for,
    csv_of,
    exported,
    secretary,
    secretary_client,
    sentences,
    typed,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sakai_of_osaka() -> Organization:
    """堺市, which sounds as 坂井市 does."""
    return OrganizationFactory(
        municipality__code="271403",
        municipality__prefecture__code="27",
        municipality__name="堺市",
        municipality__kana="サカイシ",
    )


def found(response) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


class TestSearch:
    @pytest.mark.parametrize(
        "query",
        ["182109", "１８２１０９", "18210", "坂井", "福井県　坂井", "福井 さかい"],
    )
    @pytest.mark.parametrize("label", ["members.organization", "members.office"])
    def test_a_code_or_the_prefecture_tells_sakai_from_sakai(
        self, query, label, office, sakai_of_osaka
    ):
        OfficeFactory(organization=sakai_of_osaka)
        response = secretary_client("会員登録").get(url(label, "changelist"), {"q": query})
        assert [name[:6] for name in found(response)] == ["福井県坂井市"]

    @pytest.mark.parametrize("query", ["さかい", "サカイ", "ｻｶｲ"])
    def test_kana_finds_both_with_their_prefectures(self, query, office, sakai_of_osaka):
        response = secretary_client("閲覧").get(
            url("members.organization", "changelist"), {"q": query}
        )
        assert found(response) == ["福井県坂井市", "第27県堺市"]

    def test_a_code_without_its_leading_zero_is_found(self, db):
        kitakami = OrganizationFactory(
            municipality__code="032069", municipality__prefecture__code="03"
        )
        response = secretary_client().get(
            url("members.organization", "changelist"), {"q": "３２０６９"}
        )
        assert found(response) == [str(kitakami)]

    @pytest.mark.parametrize(
        ("app", "model", "field"),
        [
            ("agreements", "agreementparty", "organization"),
            ("members", "office", "organization"),
            ("members", "seat", "office"),
            ("members", "coverageexception", "municipality"),
        ],
    )
    @pytest.mark.parametrize("term", ["さかい", "ｻｶｲ", "１８２１０９"])
    def test_every_autocomplete_searches_alike(self, app, model, field, term, office):
        query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        results = secretary_client().get("/admin/autocomplete/", query).json()["results"]
        assert [row["text"][:6] for row in results] == ["福井県坂井市"]

    def test_people_are_found_by_name_and_by_where_they_sit(self, lead):
        client = secretary_client()
        for query in (lead.user.given_name, "さかい", "182109", lead.user.email.upper()):
            response = client.get(url("members.user", "changelist"), {"q": query})
            assert response.context["cl"].result_count == 1, query


class TestTellOffice:
    """A caller corrects the office's details, or says that they are still true."""

    @pytest.fixture
    def address(self, office) -> str:
        return url("members.office", "told", office.pk)

    def test_a_correction_by_telephone_is_saved_and_recorded(self, office, address):
        seat = secretary("会員登録")
        client = client_for(seat.user)
        form = client.get(address)
        data = typed(
            form, phone="０７７６ー５０ー３０１３", channel="phone", caller="企画政策課 福井さん"
        )
        response = client.post(address, data, follow=True)
        assert sentences(response) == ["電話で確認したこと（電話番号の訂正）を記録しました"]
        office.refresh_from_db()
        assert (office.phone, office.version) == ("0776-50-3013", 2)
        assert office.confirmed_through == "phone"
        assert office.confirmed_by == "福井県坂井市　企画政策課"
        entry = AuditEntry.objects.get(action=Action.CHANGE_OFFICE)
        assert entry.channel == "phone"
        assert entry.actor_organization == "特別区長会"
        assert entry.actor_role == "事務局"
        assert entry.changes == {}
        assert entry.personal.values == {
            "phone": ["0776-50-3010", "0776-50-3013"],
            "actor": seat.user.display_name,
            "caller": "企画政策課 福井さん",
        }

    def test_the_history_page_tells_of_it(self, office, address):
        client = secretary_client("会員登録")
        data = typed(client.get(address), phone="0776-50-3013", channel="fax", caller="福井さん")
        client.post(address, data)
        page = client.get(url("members.office", "history", office.pk)).content.decode()
        for text in (
            "登録情報を変更",
            "ファクスで確認（福井さん）",
            "0776-50-3010",
            "0776-50-3013",
        ):
            assert text in page
        AuditPersonal.objects.all().delete()
        page = client.get(url("members.office", "history", office.pk)).content.decode()
        assert "0776" not in page
        assert "保存期間が過ぎたため消去しました" in page

    def test_without_a_correction_it_is_a_confirmation(self, office, address):
        client = secretary_client("会員登録")
        data = typed(client.get(address), channel="mail", caller="福井さん")
        response = client.post(address, data, follow=True)
        assert sentences(response) == ["メールで確認したこと（変更がないこと）を記録しました"]
        office.refresh_from_db()
        assert (office.version, office.confirmed_through) == (1, "mail")
        assert AuditEntry.objects.get().action == Action.CONFIRM_OFFICE

    def test_the_day_of_the_call_is_the_day_of_the_confirmation(self, office, address):
        called = dates.today() - timedelta(days=3)
        data = {"channel": "phone", "caller": "福井さん", "day": called.isoformat()}
        client = secretary_client("会員登録")
        client.post(address, typed(client.get(address), **data))
        office.refresh_from_db()
        assert timezone.localdate(office.confirmed_at) == called
        page = client.get(url("members.office", "history", office.pk))
        assert "連絡があった日" in page.text
        assert dates.day_text(called) in page.text

    @pytest.mark.parametrize(
        ("days", "sentence"), [(1, "今日（"), (-1, "以降の日付にしてください")]
    )
    def test_an_impossible_day_is_refused_at_its_field(self, office, address, days, sentence):
        Office.objects.update(confirmed_at=timezone.now())
        day = (dates.today() + timedelta(days=days)).isoformat()
        client = secretary_client("会員登録")
        data = typed(client.get(address), channel="phone", caller="福井さん", day=day)
        response = client.post(address, data)
        assert response.status_code == 422
        assert sentence in response.context["form"].errors["day"][0]
        assert not AuditEntry.objects.exists()

    def test_the_project_desk_may_note_a_call_too(self, office, address):
        client = secretary_client("プロジェクト")
        data = typed(client.get(address), channel="phone", caller="福井さん")
        assert client.post(address, data).status_code == 302

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"caller": ""}, "誰からの連絡かを入力してください"),
            ({"phone": "電話なし"}, "電話番号は「03-5210-9747」の形式で入力してください"),
            ({"name": ""}, "部署名を入力してください"),
            ({"version": "7"}, "ほかの担当者が先に更新しました"),
            ({"version": "x"}, "ほかの担当者が先に更新しました"),
        ],
    )
    def test_bad_input_changes_nothing_and_keeps_what_was_typed(
        self, changes, sentence, office, address
    ):
        client = secretary_client("会員登録")
        data = {"channel": "phone", "caller": "福井さん", "address": "新しい住所"} | changes
        response = client.post(address, typed(client.get(address), **data))
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert response.context["form"]["address"].value() == "新しい住所"
        assert Office.objects.get(pk=office.pk).version == 1
        assert not AuditEntry.objects.exists()

    def test_a_second_sending_shows_the_first_result(self, office, address):
        client = secretary_client("会員登録")
        data = typed(client.get(address), phone="0776-50-3013", channel="phone", caller="福井さん")
        first, second = client.post(address, data), client.post(address, data)
        assert first.url == second.url
        assert AuditEntry.objects.count() == 1

    def test_viewers_see_no_button_and_are_refused(self, office, address):
        client = secretary_client("閲覧")
        page = client.get(url("members.office", "change", office.pk))
        assert page.context["action_links"] == []
        assert client.get(address).status_code == 403
        assert client.post(address, {"channel": "phone", "caller": "福井さん"}).status_code == 403
        assert not AuditEntry.objects.exists()

    def test_the_break_glass_account_is_named_in_the_history(self, office, address):
        client = break_glass_client()
        data = typed(client.get(address), channel="phone", caller="福井さん")
        assert client.post(address, data).status_code == 302
        entry = AuditEntry.objects.get()
        assert entry.actor_organization == "緊急用アカウント"
        assert entry.personal.values["actor"] == "break-glass@example.jp"


class TestOffice:
    def test_contact_details_are_shown_not_edited(self, office):
        response = secretary_client("会員登録").get(url("members.office", "change", office.pk))
        assert set(response.context["adminform"].form.fields) == {
            "is_main",
            "desk_heading",
            "desk_order",
            "note",
            "is_sample",
            "stamp",
        }

    def test_an_office_is_added_with_its_details(self, office):
        client = secretary_client("会員登録")
        address = url("members.office", "add")
        data = typed(
            client.get(address, {"organization": office.organization_id}),
            name="観光課",
            phone="０７７６（５０）３１１１",
            postal_code="〒919-0592",
        )
        client.post(address, data)
        added = Office.objects.get(name="観光課")
        assert added.organization == office.organization
        assert (added.phone, added.postal_code) == ("0776-50-3111", "9190592")
        entry = AuditEntry.objects.get(action=Action.ADD)
        assert "phone" not in entry.changes
        assert entry.personal.values["phone"] == [None, "0776-50-3111"]


class TestOrganization:
    def test_a_municipality_keeps_what_the_register_says(self, office):
        client = secretary_client("会員登録")
        address = url("members.organization", "change", office.organization_id)
        data = typed(client.get(address), name="堺市", introduction="東尋坊のあるまちです。")
        client.post(address, data)
        sakai = Organization.objects.get(pk=office.organization_id)
        assert (sakai.name, sakai.introduction) == ("坂井市", "東尋坊のあるまちです。")

    def test_a_body_is_added_and_its_kana_is_normalised(self, db):
        client = secretary_client("会員登録")
        address = url("members.organization", "add")
        data = typed(client.get(address), kind="company", name="見本株式会社", kana="みほん")
        client.post(address, data)
        body = Organization.objects.get(name="見本株式会社")
        assert body.kana == "ミホン"
        entry = AuditEntry.objects.get(action=Action.ADD)
        assert entry.changes["name"] == [None, "見本株式会社"]

    def test_a_municipality_is_not_added_by_hand(self, db):
        client = secretary_client("会員登録")
        address = url("members.organization", "add")
        data = typed(client.get(address), kind="municipality", name="見本市")
        response = client.post(address, data)
        assert "種類は、選択肢の中から選んでください" in response.content.decode()
        assert not Organization.objects.filter(name="見本市").exists()

    def test_a_new_name_is_found_at_its_offices_too(self, db):
        association = AssociationFactory(name="見本県町村会")
        OfficeFactory(organization=association)
        client = secretary_client("会員登録")
        address = url("members.organization", "change", association.pk)
        client.post(address, typed(client.get(address), name="新見本県町村会"))
        response = client.get(url("members.office", "changelist"), {"q": "新見本県"})
        assert response.context["cl"].result_count == 1

    def test_what_an_association_covers_is_kept_in_its_history(self, db):
        coverage = CoverageFactory(kinds="町村")
        client = secretary_client("会員登録")
        address = url("members.organization", "change", coverage.organization_id)
        client.post(address, typed(client.get(address), **{"coverages-0-kinds": "市町村"}))
        coverage.refresh_from_db()
        assert coverage.kinds == "市町村"
        entry = AuditEntry.objects.get()
        assert entry.changes == {"coverages": [["島根県／町村"], ["島根県／市町村"]]}
        page = client.get(url("members.organization", "history", coverage.organization_id))
        assert "構成自治体" in page.content.decode()

    def test_filters_by_prefecture_and_membership(self, office, sakai_of_osaka):
        MembershipFactory(organization=sakai_of_osaka)
        client = secretary_client("閲覧")
        address = url("members.organization", "changelist")
        assert found(client.get(address, {"prefecture": "18"})) == ["福井県坂井市"]
        assert found(client.get(address, {"member": "yes"})) == ["第27県堺市"]
        everything = client.get(address, {"prefecture": ""})
        assert everything.context["cl"].result_count == Organization.objects.count()


class TestMembership:
    def test_a_member_is_added(self, office):
        client = secretary_client("会員登録")
        address = url("members.membership", "add")
        data = typed(client.get(address), organization=office.organization_id, joined="R8.4.1")
        client.post(address, data)
        assert Membership.objects.get().joined == date(2026, 4, 1)
        entry = AuditEntry.objects.get()
        assert entry.changes["organization"] == [None, "福井県坂井市"]

    @pytest.mark.parametrize("factory", [WardFactory, SecretariatFactory])
    def test_wards_and_the_secretariat_are_no_members(self, factory):
        client = secretary_client("会員登録")
        address = url("members.membership", "add")
        data = typed(client.get(address), organization=factory().pk, joined="2026-04-01")
        response = client.post(address, data)
        assert "特別区と事務局の団体は、会員として登録しません" in response.content.decode()
        assert not Membership.objects.exists()

    def test_a_body_is_a_member_once_at_a_time(self, db):
        membership = MembershipFactory()
        client = secretary_client("会員登録")
        address = url("members.membership", "add")
        organization = membership.organization_id
        data = typed(client.get(address), organization=organization, joined="2026-04-01")
        assert "この団体はすでに会員です" in client.post(address, data).content.decode()
        assert Membership.objects.count() == 1


class TestTheme:
    def test_a_theme_is_renamed_with_a_stamp_instead_of_a_version(self, db):
        theme = ThemeFactory(name="産業")
        client = secretary_client("プロジェクト")
        address = url("members.theme", "change", theme.pk)
        data = typed(client.get(address), name="産業・雇用")
        Theme.objects.update(order=5)
        response = client.post(address, data)
        assert "ほかの担当者が先に更新しました" in response.content.decode()
        assert response.context["adminform"].form["name"].value() == "産業・雇用"
        client.post(address, typed(client.get(address), name="産業・雇用"))
        assert Theme.objects.get().name == "産業・雇用"


@pytest.mark.parametrize("label", ["members.municipality", "members.prefecture"])
def test_the_register_is_not_edited_here(label, office):
    row = {"members.municipality": office.organization.municipality.pk, "members.prefecture": "18"}
    client = break_glass_client()
    assert client.get(url(label, "add")).status_code == 403
    assert client.post(url(label, "change", row[label]), {"name": "別の名"}).status_code == 403


def test_the_download_holds_the_filtered_rows(office, sakai_of_osaka):
    OfficeFactory(organization=sakai_of_osaka)
    Office.objects.filter(pk=office.pk).update(name="=HYPERLINK()")
    client = secretary_client("閲覧")
    page = client.get(url("members.office", "changelist"), {"q": "さかい", "prefecture": "18"})
    response = exported(client, offered(page)["CSVをダウンロード"])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert dates.today().isoformat() in response["Content-Disposition"]
    heading, *rows = csv_of(response)
    assert heading[1:5] == ["団体コード", "都道府県", "団体", "部署名"]
    assert [row[1:5] for row in rows] == [["182109", "福井県", "坂井市", "'=HYPERLINK()"]]
