"""The secretariat brings the members in: the pages of the import, and who opens them all."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core import daily, tidying
from core.dates import today
from core.models import AuditEntry, SheetUpload
from members.enums import Action
from members.models import Membership, Seat
from tests.downloads import body_of, xlsx_rows
from tests.dumping import dump
from tests.factories.members import (
    OfficeFactory,
    SeatFactory,
)
from tests.members.joining.tables import delimited, row_of, xlsx
from tests.secretariat import (
    break_glass_client,
    client_for,
    secretary,
    secretary_client,
    sentences,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRETARIES = ("members", "core")


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"admin:members_membership_{name}", args=args, query=query)


@pytest.fixture
def client() -> Client:
    return secretary_client("会員登録")


def uploaded(client: Client, rows: list[dict], **fields: str) -> HttpResponse:
    """The preview of a table that was uploaded, or the form that refuses it."""
    file = SimpleUploadedFile("名簿.xlsx", xlsx(rows))
    data = {"file": file, "joined": "2026-11-01", **fields}
    return client.post(url("import"), data, follow=True)


def sent(page: HttpResponse, step: str) -> dict[str, str]:
    """What a button of a preview posts."""
    return {
        "step": step,
        "token": page.context["token"],
        "digest": page.context["plan"].digest,
    }


def pressed(client: Client, page: HttpResponse, step: str = "import") -> HttpResponse:
    """The page that a button of the preview leads to."""
    return client.post(page.redirect_chain[-1][0], sent(page, step), follow=True)


GOOD = row_of("322024")
BAD = row_of("322024", 2, 電話番号="852001234", 住所="")


class TestImport:
    def test_from_the_list_to_the_board(self, client, hamada):
        listed = client.get(reverse("admin:members_membership_changelist"))
        assert url("import") in listed.content.decode()
        page = uploaded(client, [GOOD])
        assert page.template_name == ["admin/members_import_preview.html"]
        assert not Membership.objects.exists()
        done = pressed(client, page)
        assert done.redirect_chain[-1][0] == url("board")
        assert sentences(done) == ["取り込みました（新規1行、変更0行、変更なし0行）"]
        assert Membership.objects.get().organization == hamada
        entry = AuditEntry.objects.get(action=Action.IMPORT_MEMBERS)
        assert entry.actor_organization == "特別区長会"

    @pytest.mark.parametrize("delimiter", [",", "\t"])
    def test_a_table_that_is_pasted(self, client, hamada, delimiter):
        data = {"pasted": delimited([GOOD], delimiter), "joined": "令和8年11月1日"}
        page = client.post(url("import"), data, follow=True)
        assert "貼り付けた表" in page.content.decode()
        pressed(client, page)
        assert Seat.objects.filter(user__email=GOOD["メールアドレス"]).exists()

    def test_the_day_of_the_form(self, client, hamada):
        page = uploaded(client, [GOOD | {"登録日": None}], joined="2026-10-01")
        assert "会員登録を始める（2026年（令和8年）10月1日）" in page.content.decode()
        pressed(client, page)
        assert Membership.objects.get().joined.isoformat() == "2026-10-01"

    def test_refused_rows_are_listed_with_their_reasons(self, client, hamada):
        text = uploaded(client, [GOOD, BAD]).content.decode()
        assert "3行目" in text
        assert "852001234" in text
        assert "先頭の0が失われています" in text
        assert "取り込めない1行を除いて、1行を取り込む" in text
        assert "取り込まずに、表を直して読み込み直す" in text

    def test_refused_rows_left_out(self, client, hamada):
        pressed(client, uploaded(client, [GOOD, BAD]))
        emails = Seat.objects.filter(office__organization=hamada).values_list("user__email")
        assert [email for (email,) in emails] == [GOOD["メールアドレス"]]
        entry = AuditEntry.objects.get(action=Action.IMPORT_MEMBERS)
        assert entry.changes["取り込まず"] == [None, "1行"]

    def test_refused_rows_stop_everything(self, client, hamada):
        page = uploaded(client, [GOOD, BAD])
        before = dump("members")
        done = pressed(client, page, "forget")
        assert done.redirect_chain[-1][0] == url("import")
        assert dump("members") == before
        assert not SheetUpload.objects.exists()

    def test_refused_rows_come_back_as_excel_and_can_be_loaded_again(self, client, hamada):
        page = uploaded(client, [GOOD, BAD])
        download = client.get(page.context["refused_url"])
        data = body_of(download)
        headings, row = xlsx_rows(data)
        assert (headings[0], row[0]) == ("元の行", 3.0)
        assert headings[-1] == "取り込めない理由"
        assert row[-1].startswith("電話番号：先頭の0が失われて")
        again = client.post(
            url("import"),
            {"file": SimpleUploadedFile("直した.xlsx", data), "joined": "2026-11-01"},
            follow=True,
        )
        assert [problem.number for problem in again.context["problems"]] == [2]
        assert again.context["unread"] == []

    def test_unknown_columns_are_named(self, client, hamada):
        data = {"pasted": "メールアドレス\t役割\t趣味\na@b.jp\t閲覧\t山\n", "joined": "2026-11-01"}
        page = client.post(url("import"), data, follow=True)
        assert "読み込まない列があります：趣味" in page.content.decode()

    def test_unchanged_offers_no_button_and_writes_nothing(self, client, hamada):
        pressed(client, uploaded(client, [GOOD]))
        before = dump("members")
        audited = AuditEntry.objects.count()
        page = uploaded(client, [GOOD])
        assert "すべて登録済みの内容と同じです" in page.content.decode()
        assert 'value="import"' not in page.content.decode()
        pressed(client, page)  # forged
        assert dump("members") == before
        assert AuditEntry.objects.count() == audited

    def test_what_has_changed_since_is_shown_again(self, client, hamada):
        page = uploaded(client, [GOOD])
        OfficeFactory(organization=hamada, name="政策課")
        before = dump("members")
        again = pressed(client, page)
        assert again.status_code == 409
        assert dump("members") == before
        text = again.content.decode()
        assert "確認している間に、登録の内容が変わりました" in text
        assert "部署：政策課 → 企画課" in text
        address = page.redirect_chain[-1][0]
        done = client.post(address, sent(again, "import"), follow=True)
        assert done.redirect_chain[-1][0] == url("board")

    def test_the_last_button_twice_imports_once(self, client, hamada):
        page = uploaded(client, [GOOD])
        address, data = page.redirect_chain[-1][0], sent(page, "import")
        for _ in range(2):
            assert client.post(address, data).url == url("board")
        assert AuditEntry.objects.filter(action=Action.IMPORT_MEMBERS).count() == 1

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "ファイルを選ぶか、表を貼り付けてください"),
            ({"pasted": "氏名\n花子\n"}, "表に「役割」「メールアドレス」の列がありません"),
            ({"pasted": "役割\t役 割\n"}, "見出し「役 割」が2つあります"),
            ({"pasted": "役割", "joined": "きのう"}, "登録日は「2026-11-22」または"),
            ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")}, "中身がExcelのファイルでは"),
        ],
    )
    def test_what_cannot_be_read(self, client, fields, sentence):
        response = client.post(url("import"), {"joined": "2026-11-01", **fields})
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not SheetUpload.objects.exists()

    def test_a_file_and_a_pasted_table(self, client):
        response = uploaded(client, [GOOD], pasted="役割\n")
        assert "どちらか一方にしてください" in response.content.decode()

    def test_the_template(self, client):
        data = body_of(client.get(url("import_template")))
        book = load_workbook(io.BytesIO(data))
        assert book.worksheets[0]["A1"].value == "団体コード"
        page = client.post(
            url("import"),
            {"file": SimpleUploadedFile("ひな形.xlsx", data), "joined": "2026-11-01"},
            follow=True,
        )
        assert "取り込むものはありません" in page.content.decode()


class TestKept:
    """A table between its preview and its button is its uploader's, and not for long."""

    def test_nobody_elses(self, client, hamada):
        page = uploaded(client, [GOOD])
        address = page.redirect_chain[-1][0]
        other = client_for(SeatFactory(office=secretary("会員登録").office, role="staff").user)
        assert other.get(address).status_code == 403  # in no group
        colleague = secretary_client("会員登録")
        assert colleague.get(address).url == url("import")
        assert colleague.get(page.context["refused_url"]).url == url("import")
        assert colleague.post(address, sent(page, "import")).url == url("import")
        assert not Membership.objects.exists()

    def test_an_imported_one_cannot_be_imported_again(self, client, hamada):
        page = uploaded(client, [GOOD])
        pressed(client, page)
        Membership.objects.all().delete()
        again = client.post(page.redirect_chain[-1][0], {"step": "import", "digest": "x"})
        assert again.url == url("import")
        assert not Membership.objects.exists()

    def test_the_daily_run_deletes_it(self, client, hamada):
        assert "core.sheets" in daily._jobs
        uploaded(client, [GOOD])
        assert tidying.clear_sheets(today()) == "0 uploaded tables"
        assert tidying.clear_sheets(today() + timedelta(days=2)) == "1 uploaded tables"

    def test_a_forged_day_is_today(self, client, hamada):
        page = uploaded(client, [GOOD | {"登録日": None}])
        address = page.redirect_chain[-1][0].partition("?")[0]
        assert client.get(f"{address}?joined=2026-99-99").status_code == 200


@pytest.mark.parametrize(
    ("group", "opened"),
    [
        ("会員登録", {"import", "import_template", "welcome", "board", "calls"}),
        ("プロジェクト", {"board", "calls"}),
        ("閲覧", {"board", "calls"}),
    ],
)
def test_who_opens_what(group, opened):
    client = secretary_client(group)
    pages = ("import", "import_template", "welcome", "board", "calls")
    answers = {name: client.get(url(name)) for name in pages}
    found = {
        name for name, answer in answers.items() if answer.status_code == 200 and body_of(answer)
    }
    assert found == opened
    links = client.get(reverse("admin:members_membership_changelist")).content.decode()
    assert {name for name in opened & {"import", "welcome", "board"} if url(name) in links} == (
        opened & {"import", "welcome", "board"}
    )
    if "import" not in opened:
        before = dump(*SECRETARIES)
        assert client.post(url("import"), {}).status_code == 403
        assert client.post(url("import_preview", 1), {}).status_code == 403
        assert client.post(url("welcome"), {}).status_code == 403
        assert dump(*SECRETARIES) == before


def test_the_break_glass_account_imports_too(hamada):
    client = break_glass_client()
    pressed(client, uploaded(client, [GOOD]))
    assert Membership.objects.exists()
