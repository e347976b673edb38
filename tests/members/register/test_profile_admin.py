"""An organization's profile in the admin."""

import pytest

from core.audit import history_of
from members import services
from members.enums import Action
from members.models import Organization
from members.services import LinkTo
from tests import office_files as made
from tests.factories.members import BodyFactory, OrganizationFactory
from tests.secretariat import secretary_client, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]

LINK = LinkTo("観光の案内", "https://kanko.example.jp/")


@pytest.fixture
def sakai(lead) -> Organization:
    data = {"introduction": "海と山の町です。", "links": [LINK]}
    return services.change_profile(lead.organization, data, version=1, by=lead)


def test_the_secretariat_changes_a_profile_and_members_forms_are_stale(sakai):
    client, address = secretary_client("会員登録"), url("members.organization", "change", sakai.pk)
    page = client.get(address)
    changes = {
        "introduction": "雪の町です。",
        "profile_links-0-label": "観光",
        "files": made.upload(made.picture(), "港.jpg"),
        "picture_text": "港の朝",
    }
    assert client.post(address, typed(page, **changes)).status_code == 302
    sakai.refresh_from_db()
    assert (sakai.introduction, sakai.picture_text) == ("雪の町です。", "港の朝")
    assert sakai.picture is not None
    assert sakai.profile_version == 3
    assert Organization.objects.introduced_by("雪").get() == sakai
    entry = history_of(sakai).first()
    assert entry.action == Action.EDIT
    assert entry.changes["introduction"] == ["海と山の町です。", "雪の町です。"]
    assert {"profile_links", "attachments"} <= entry.changes.keys()
    history = client.get(url("members.organization", "history", sakai.pk)).content.decode()
    assert "紹介のリンク" in history
    assert "写真" in history


def test_a_note_of_the_secretariat_is_no_new_profile(sakai):
    client, address = secretary_client("会員登録"), url("members.organization", "change", sakai.pk)
    assert client.post(address, typed(client.get(address), note="電話で確認")).status_code == 302
    sakai.refresh_from_db()
    assert (sakai.note, sakai.profile_version) == ("電話で確認", 2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"website": "https://pc.local/"}, "インターネットから見られるページのURL"),
        ({"profile_links-0-url": "https://10.0.0.1/"}, "インターネットから見られるページのURL"),
        ({"files": lambda: made.upload(made.picture(), "港.jpg")}, "写真の説明を入力してください"),
        ({"files": lambda: made.upload(made.pdf(), "紹介.pdf")}, "写真として載せられません"),
    ],
)
def test_what_it_refuses_changes_nothing(sakai, changes, sentence):
    client, address = secretary_client("会員登録"), url("members.organization", "change", sakai.pk)
    given = {name: value() if callable(value) else value for name, value in changes.items()}
    response = client.post(address, typed(client.get(address), **given))
    assert sentence in response.content.decode()
    sakai.refresh_from_db()
    assert (sakai.website, sakai.profile_version, sakai.attachments.count()) == ("", 2, 0)


def test_a_member_who_was_slower_stays_out(sakai, lead):
    client, address = secretary_client("会員登録"), url("members.organization", "change", sakai.pk)
    page = client.get(address)
    services.change_profile(sakai, {"seeks": "合宿"}, version=2, by=lead)
    response = client.post(address, typed(page, introduction="雪の町です。"))
    assert "ほかの担当者が先に更新しました" in response.content.decode()


@pytest.mark.parametrize(("value", "names"), [("yes", ["坂井市"]), ("no", ["北上市", "見本の会"])])
def test_the_list_is_narrowed_to_empty_profiles(sakai, other_lead, value, names):
    BodyFactory(name="見本の会")
    client = secretary_client("会員登録")
    page = client.get(url("members.organization", "changelist"), {"profile": value})
    found = [body.name for body in page.context["cl"].queryset if body.name != "特別区長会"]
    assert sorted(found) == sorted(names)


def test_a_town_without_a_profile_is_saved_as_before(db):
    town = OrganizationFactory()
    client, address = secretary_client("会員登録"), url("members.organization", "change", town.pk)
    assert client.post(address, typed(client.get(address), note="メモ")).status_code == 302
    town.refresh_from_db()
    assert (town.note, town.profile_version) == ("メモ", 1)
