"""The pages that read a list's file back: who may, what they show, and that it is all or nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.dates import today
from core.models import AuditEntry, SheetUpload
from members.enums import Action
from members.models import Membership, Office, Organization, Seat
from tests.downloads import body_of, xlsx_rows
from tests.dumping import dump
from tests.factories.members import MembershipFactory, OfficeFactory, SeatFactory
from tests.members.edited.tables import (
    changes,
    edited,
    file_of,
    pressed,
    reasons,
    round_trip,
    sent_back,
    url,
)
from tests.secretariat import break_glass_client, secretary_client, sentences

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = {
    Organization: lambda: OfficeFactory().organization,
    Membership: MembershipFactory,
    Office: OfficeFactory,
    Seat: SeatFactory,
}
# A cell of each table that may be edited, and to what.
CELLS = {
    Organization: {"メモ": "直した"},
    Membership: {"登録日": "2019-04-01"},
    Office: {"電話番号": "03-1111-2222", "部署名": "直した課"},
    Seat: {"役割": "副担当", "いつまで": "2040-03-31"},
}


@pytest.fixture
def client() -> Client:
    return secretary_client("会員登録")


def all_lines(model: type) -> Any:
    def edit(line: dict[str, Any]) -> bool:
        line |= CELLS[model]
        return "特別区長会" not in (line.get("団体"), line.get("名称"))

    return edit


@pytest.mark.parametrize("model", ROWS)
class TestEveryTable:
    def test_the_list_leads_to_it_and_the_preview_back(self, client, model):
        ROWS[model]()
        listed = client.get(url(model, "changelist"))
        assert url(model, "edited") in listed.text
        page = round_trip(client, model, all_lines(model))
        assert "変更（" in page.text
        assert pressed(client, page).redirect_chain[-1][0] == url(model, "changelist")

    def test_as_many_queries_for_three_rows_as_for_one(self, client, model):
        counts = []
        for number in (1, 2):
            for _ in range(number):
                ROWS[model]()
            page = round_trip(client, model, all_lines(model))
            assert len(page.context["found"].edited) == number * 2 - 1
            with CaptureQueriesContext(connection) as queries:
                client.get(page.redirect_chain[-1][0])
            counts.append(len(queries))
        assert counts[0] == counts[1] < 20

    def test_only_for_whoever_may_change_the_rows(self, model):
        ROWS[model]()
        client = secretary_client("閲覧")
        assert url(model, "edited") not in client.get(url(model, "changelist")).text
        upload = SheetUpload.objects.create(kind="x", rows=[], uploader_id=1)
        for page, args in (
            ("edited", ()),
            ("edited_preview", (upload.pk,)),
            ("edited_refused", (upload.pk,)),
        ):
            for answer in (
                client.get(url(model, page, *args)),
                client.post(url(model, page, *args)),
            ):
                assert answer.status_code == 403

    def test_the_break_glass_account_may(self, model):
        ROWS[model]()
        client = break_glass_client()
        done = pressed(client, round_trip(client, model, all_lines(model)))
        assert "取り込みました" in sentences(done)[0]


class TestThePreview:
    @pytest.fixture
    def page(self, client, office) -> HttpResponse:
        other = OfficeFactory(name="𠮷田課")

        def edit(line: dict[str, Any]) -> None:
            if line["番号"] == office.pk:
                line["電話番号"] = "03-1111-2222"
            elif line["番号"] == other.pk:
                line["ファクス番号"], line["知らない列"] = "352109747", "x"

        return round_trip(client, Office, edit)

    def test_what_changes_what_is_refused_and_what_is_left(self, page, office):
        found = page.context["found"]
        assert (len(found.edited), found.refused, found.unchanged) == (1, 1, 1)
        text = page.text
        assert "電話番号：0776-50-3010 → 03-1111-2222" in text
        assert "先頭の0が失われています" in text
        assert "取り込めない1行を除いて、1行の変更を取り込む" in text
        assert "最終確認の日は変わりません" in text

    def test_refused_rows_are_downloaded_corrected_and_loaded_again(self, client, page):
        address = page.context["refused_url"]
        heading, row = xlsx_rows(body_of(client.get(address)))
        assert heading[-1] == "取り込めない理由"
        assert "先頭の0" in row[-1]
        pressed(client, page)
        corrected = edited(
            body_of(sheet_of(client, page)),
            "xlsx",
            lambda line: line.update(ファクス番号="0352109747"),
        )
        again = sent_back(client, Office, corrected)
        assert [cells for _row, cells in changes(again)] == [[("ファクス番号", "", "0352109747")]]

    def test_the_reason_is_asked(self, client, page, office):
        before = dump("members")
        refused = pressed(client, page, reason=" ")
        assert refused.status_code == 422
        assert "取り込む理由を入力してください" in refused.text
        assert dump("members") == before

    def test_what_has_changed_since_is_shown_again(self, client, page, office):
        Office.objects.filter(pk=office.pk).update(phone="03-9999-8888")
        before = dump("members")
        late = pressed(client, page)
        assert late.status_code == 409
        assert "確認している間に、登録の内容が変わりました" in late.text
        assert "書き出したあとに「03-9999-8888」に変わっています" in late.text
        assert dump("members") == before

    def test_a_second_press_is_shown_the_first_result(self, client, page):
        form = {
            "step": "import",
            "token": page.context["token"],
            "digest": page.context["found"].digest,
            "reason": "直した",
        }
        address = page.redirect_chain[-1][0]
        first, second = (client.post(address, form) for _ in range(2))
        assert first.url == second.url == url(Office, "changelist")
        assert AuditEntry.objects.filter(action=Action.IMPORT_EDITED).count() == 1
        assert client.get(address).url == url(Office, "edited")

    def test_forgotten(self, client, page):
        done = pressed(client, page, "forget", reason="")
        assert done.redirect_chain[-1][0] == url(Office, "edited")
        assert not SheetUpload.objects.exists()

    def test_nobody_else_sees_the_table(self, page):
        other = secretary_client("会員登録")
        assert other.get(page.redirect_chain[-1][0]).url == url(Office, "edited")
        assert other.get(page.context["refused_url"]).url == url(Office, "edited")

    def test_no_row_changes_when_two_cannot_go_together(self, client, office):
        """Each alone could be taken; the service refuses the second, and the first with it."""
        first = SeatFactory(office=office, valid_until=today() + timedelta(days=1))
        second = SeatFactory(
            office=office, user=first.user, valid_from=today() + timedelta(days=30)
        )
        days = {
            first.pk: ("いつまで", today() + timedelta(days=20)),
            second.pk: ("いつから", today() + timedelta(days=10)),
        }
        page = round_trip(
            client, Seat, lambda line: line.update([days[line["番号"]]]), role__exact="lead"
        )
        assert len(page.context["found"].edited) == 2
        before = dump("members", "core")
        answer = pressed(client, page)
        assert answer.status_code == 422
        assert "行目：この利用者は、この部署の担当をすでに持っています" in answer.text
        assert dump("members", "core") == before


def sheet_of(client: Client, page: HttpResponse) -> HttpResponse:
    """The refused rows of the preview's table, loaded once more by the same person."""
    upload = SheetUpload.objects.get()
    SheetUpload.objects.filter(pk=upload.pk).update(applied_at=None)
    return client.get(page.context["refused_url"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("団体,電話\r\n坂井市,1".encode(), "表に「番号」「版」の列がありません"),
        ("番号,版,番号\r\n1,2,3".encode(), "見出し「番号」が2つあります"),
    ],
)
def test_what_is_no_such_table(client, data, sentence):
    file = SimpleUploadedFile("表.csv", data)
    answer = client.post(url(Office, "edited"), {"file": file})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not SheetUpload.objects.exists()


def test_the_file_of_another_table(client, lead):
    page = sent_back(client, Office, file_of(client, Seat))
    assert {heading for _number, heading, _reason in reasons(page)} <= {"番号", "版"}
    assert page.context["found"].unchanged == 0


def test_letters_that_excel_has_lost_are_kept_and_named(client):
    office = OfficeFactory(name="𠮷田課")
    data = file_of(client, Office, "utf-8").decode("utf-8-sig").replace("𠮷", "??")
    page = sent_back(client, Office, data.encode("cp932"), "cp932")
    assert "保存のときに失われた文字があります" in page.text
    assert "「𠮷田課」" in page.text
    assert (page.context["found"].edited, reasons(page)) == ([], [])
    pressed(client, page)
    office.refresh_from_db()
    assert office.name == "𠮷田課"


def test_many_changes_stand_on_several_pages(client, office):
    Office.objects.bulk_create(
        Office(organization=office.organization, name=f"{number}課") for number in range(120)
    )
    page = round_trip(client, Office, lambda line: line.update(電話番号="03-1111-2222"))
    assert "次の100行" in page.text
    second = client.get(f"{page.redirect_chain[-1][0]}?page=2")
    assert len(second.context["page"].object_list) == len(second.context["found"].edited) - 100
    assert "前の100行" in second.text
