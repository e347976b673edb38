"""Personal contacts leave the admin on a stated purpose only, and the log keeps it."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from core.enums import Action
from core.models import AuditEntry, AuditPersonal
from members.models import Seat
from tests.downloads import body_of, csv_table, xlsx_table
from tests.factories.members import OfficeFactory
from tests.secretariat import PURPOSE, ROWS, client_for, secretary, secretary_client, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Headings that promise a person, or a way to reach one.
CONTACT = re.compile("氏名|^姓$|^名$|メール|電話|宛先|アドレス$|内線|ファクス")
# The address of a page of the site.
NO_CONTACT = {"chronicle.page"}
ASKING = sorted(
    model._meta.label_lower
    for model, model_admin in admin.site._registry.items()
    if getattr(model_admin, "holds_contacts", False)
)


def test_every_list_with_contacts_asks():
    holding = {
        model._meta.label_lower
        for model, model_admin in admin.site._registry.items()
        if any(CONTACT.search(column.heading) for column in model_admin.sheet_columns)
    }
    assert holding - NO_CONTACT == set(ASKING)
    assert "members.office" in ASKING


@pytest.mark.parametrize("label", ASKING)
def test_opening_the_address_gives_no_row(label):
    row = ROWS[label]()
    client = secretary_client("閲覧")
    listed = client.get(url(label, "changelist")).context
    address = url(label, "export", "xlsx")
    assert address in [link for _label, link in listed["exports"]]
    page = client.get(address)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Content-Disposition" not in page.headers
    assert f"{listed['cl'].result_count}件" in page.text
    assert "操作記録に残します" in page.text
    for field in ("email", "phone", "to", "address", "before"):
        value = getattr(row, field, "")
        assert not value or value not in page.text
    assert client.head(address).headers["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(action=Action.EXPORT_CONTACTS).exists()


@pytest.fixture
def asked(office) -> tuple[Client, Seat, str]:
    """A browser of the secretariat, its seat, and an export of one office of two."""
    OfficeFactory()
    seat = secretary("閲覧")
    address = url("members.office", "export", "csv")
    return client_for(seat.user), seat, f"{address}?q=さかい&confirmed=stale&encoding=cp932&p=1"


def test_the_file_comes_with_the_purpose_and_the_log_keeps_it(asked):
    client, seat, address = asked
    page = client.get(address)
    assert "最終確認：1年以上確認なし" in page.text
    assert "検索「さかい」" in page.text
    rows = body_of(client.post(address, {"purpose": f" {PURPOSE} "})).decode("cp932").splitlines()
    assert len(rows) == 2
    assert "坂井市" in rows[1]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == (Action.EXPORT_CONTACTS, PURPOSE)
    assert (entry.object_type, entry.object_id) == ("members.office", "")
    assert (entry.object_label, entry.actor_seat_id) == ("担当部署", seat.pk)
    assert entry.changes == {"件数": [None, "1件"], "条件": [None, "最終確認：1年以上確認なし"]}
    assert entry.personal.values == {
        "検索した言葉": [None, "さかい"],
        "actor": seat.user.display_name,
    }


def test_the_log_shows_it_in_words(asked):
    client, seat, address = asked
    client.post(address, {"purpose": PURPOSE})
    page = client.get(url("core.auditentry", "change", AuditEntry.objects.get().pk))
    for words in ("連絡先を書き出し", "担当部署", PURPOSE, "さかい", seat.user.display_name):
        assert words in page.text


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("", "利用目的を入力してください"),
        ("　 ", "利用目的を入力してください"),
        ("あ" * 201, "利用目的は200文字以内で入力してください（現在201文字）"),
    ],
)
def test_without_a_purpose_there_is_no_file(asked, purpose, said):
    client, _seat, address = asked
    answer = client.post(address, {"purpose": purpose})
    assert answer.status_code == 422
    assert said in answer.text
    assert "坂井市" not in answer.text
    assert not AuditEntry.objects.exists()


def test_the_longest_purpose_and_one_row_for_each_file(asked):
    client, _seat, address = asked
    for _time in range(2):
        csv_table(client.post(address.replace("cp932", "utf-8"), {"purpose": "あ" * 200}))
    xlsx_table(client.post(url("members.seat", "export", "xlsx"), {"purpose": PURPOSE}))
    types = AuditEntry.objects.order_by("pk").values_list("object_type", flat=True)
    assert list(types) == ["members.office", "members.office", "members.seat"]


def test_a_file_that_cannot_be_noted_is_not_given(asked, monkeypatch):
    client, _seat, address = asked
    client.raise_request_exception = False

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("core.models.AuditPersonal.objects.create", broken)
    answer = client.post(address, {"purpose": PURPOSE})
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer.headers
    assert not AuditEntry.objects.exists()
    assert not AuditPersonal.objects.exists()


def test_who_may_not_see_the_list_gets_neither_page_nor_file(asked, lead):
    _client, seat, address = asked
    seat.user.groups.clear()
    for user, status in ((seat.user, 403), (lead.user, 302)):
        client = client_for(user)
        assert client.get(address).status_code == status
        assert client.post(address, {"purpose": PURPOSE}).status_code == status
    assert not AuditEntry.objects.exists()


def test_another_site_cannot_ask_for_it(asked):
    _client, seat, address = asked
    client = Client(enforce_csrf_checks=True)
    client.force_login(seat.user)
    assert client.post(address, {"purpose": PURPOSE}).status_code == 403
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("query", ["", "?encoding=ebcdic"])
def test_what_is_no_file_is_not_asked_for(asked, query):
    client, _seat, _address = asked
    address = url("members.office", "export", "csv" if query else "ods") + query
    assert client.get(address).status_code == 404
    assert client.post(address, {"purpose": PURPOSE}).status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_list_that_cannot_be_read_leads_back(asked):
    client, _seat, _address = asked
    address = url("members.office", "export") + "?is_sample__exact=x"
    for answer in (client.get(address), client.post(address, {"purpose": PURPOSE})):
        assert answer.status_code == 302
        assert answer.url == url("members.office", "changelist")
    assert not AuditEntry.objects.exists()


def test_the_way_back_leads_to_the_list_as_it_was(asked):
    client, _seat, address = asked
    back = client.get(address).context["back_url"]
    assert back.startswith(url("members.office", "changelist") + "?q=")
    assert "confirmed=stale" in back
    assert "encoding" not in back
