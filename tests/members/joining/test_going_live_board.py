"""The secretariat brings the members in: the pages of the waves, the board and the call list."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry, OutboxMail
from members import services
from members.models import Seat
from tests.downloads import body_of, xlsx_rows
from tests.factories.members import (
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.secretariat import (
    csv_of,
    exported,
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


class TestWelcome:
    @pytest.fixture(autouse=True)
    def member(self, hamada) -> Seat:
        MembershipFactory(organization=hamada)
        return SeatFactory(office__organization=hamada)

    CHOSEN = {"mailing": "第1回", "only_silent": "on"}

    def test_counts_first_and_writes_with_the_second_button(self, client, member):
        page = client.get(url("welcome"))
        assert page.context["form"]["mailing"].value() == "利用開始のご案内 第1回"
        counted = client.post(url("welcome"), {**self.CHOSEN, "step": "count"})
        assert "1団体 1人への案内を作る" in counted.content.decode()
        assert not OutboxMail.objects.exists()
        done = client.post(url("welcome"), {**self.CHOSEN, "step": "write"}, follow=True)
        assert sentences(done) == [
            "1団体 1人への案内を作りました。まだ送信していません。内容を確認して送信してください"
        ]
        assert [str(row.to) for row in done.context["cl"].result_list] == [member.user.email]

    def test_a_choice_without_anybody(self, client):
        data = {**self.CHOSEN, "prefectures": []}
        client.post(url("welcome"), {**data, "step": "write"})
        counted = client.post(url("welcome"), {**data, "step": "count"})
        assert "まだ案内していない方はいません" in counted.content.decode()
        refused = client.post(url("welcome"), {**data, "step": "write"})
        assert refused.status_code == 422
        assert OutboxMail.objects.count() == 1

    def test_the_next_wave_has_the_next_number(self, client):
        services.write_welcomes("第1回", by=secretary())
        page = client.get(url("welcome"))
        assert page.context["form"]["mailing"].value() == "利用開始のご案内 第2回"

    def test_by_prefecture_and_kind(self, client, office):
        MembershipFactory(organization=office.organization)
        SeatFactory(office=office)
        data = {**self.CHOSEN, "prefectures": ["18"], "kinds": ["municipality"]}
        counted = client.post(url("welcome"), {**data, "step": "count"})
        assert counted.context["counted"]["text"] == "1団体 1人"


class TestBoard:
    @pytest.fixture(autouse=True)
    def member(self, hamada) -> Seat:
        MembershipFactory(organization=hamada)
        office = OfficeFactory(organization=hamada, phone="0855-22-2612", extension="3210")
        return SeatFactory(office=office)

    def test_every_member_with_its_people(self, member):
        text = secretary_client("閲覧").get(url("board")).content.decode()
        for word in ("浜田市", "0855-22-2612", "内線3210", member.user.display_name, "案内前"):
            assert word in text

    def test_by_prefecture_and_state(self, client, office):
        MembershipFactory(organization=office.organization)
        page = client.get(url("board", prefecture="18"))
        assert [str(item.organization) for item in page.context["members"]] == ["福井県坂井市"]
        page = client.get(url("board", state="before"))
        assert [str(item.organization) for item in page.context["members"]] == ["島根県浜田市"]
        assert (
            "条件に合う団体はありませんでした"
            in client.get(url("board", state="started")).content.decode()
        )

    def test_one_query_count_however_many(self, client, django_assert_max_num_queries):
        client.get(url("board"))
        with django_assert_max_num_queries(40) as first:
            client.get(url("board"))
        for _ in range(2):
            organization = MembershipFactory().organization
            SeatFactory(office__organization=organization)
        with django_assert_max_num_queries(len(first)):
            client.get(url("board"))

    def test_the_table(self, client, member):
        rows = csv_of(exported(client, url("board_export", "csv")))
        assert rows[0][:6] == ["団体コード", "都道府県", "団体", "部署", "電話番号", "内線"]
        assert rows[1][:6] == ["322024", "島根県", "浜田市", "企画課", "0855-22-2612", "3210"]
        assert rows[1][6:8] == ["", "はい"]
        assert rows[1][10:12] == [member.user.email, "案内前"]
        xlsx_table = xlsx_rows(body_of(exported(client, url("board_export", "xlsx"))))
        assert xlsx_table[1][2] == "浜田市"
        assert client.get(url("board_export", "pdf")).status_code == 404
        assert client.get(url("board_export", "csv", prefecture="99")).status_code == 400

    @pytest.mark.parametrize("page", [("calls",), ("board_export", "xlsx")])
    def test_people_leave_the_board_on_a_stated_purpose_only(self, client, member, page):
        address = url(*page, prefecture="32", state="before")
        asked = client.get(address)
        assert "1件" in asked.text
        assert member.user.email not in asked.text
        assert client.post(address, {"purpose": " "}).status_code == 422
        assert not AuditEntry.objects.exists()
        body_of(client.post(address, {"purpose": "電話で利用を勧めるため"}))
        entry = AuditEntry.objects.get()
        assert (entry.reason, entry.object_type) == (
            "電話で利用を勧めるため",
            "members.membership",
        )
        assert entry.changes == {
            "件数": [None, "1件"],
            "条件": [None, "都道府県：島根県、状態：案内前"],
        }

    def test_the_list_of_whom_to_call(self, client, member, office):
        MembershipFactory(organization=office.organization)
        services.note_start(SeatFactory(office=office).user)
        text = exported(client, url("calls")).content.decode()
        words = ("浜田市", "0855-22-2612", "3210", member.user.display_name, "記入欄")
        for word in (*words, "まだ確認されていません"):
            assert word in text
        assert "福井県坂井市" not in text

    def test_a_member_without_people_can_be_called_too(self, client, office):
        MembershipFactory(organization=office.organization)
        text = exported(client, url("calls")).content.decode()
        assert re.search(rf"福井県坂井市.*{office.phone}.*登録なし.*担当者なし", text, re.DOTALL)
