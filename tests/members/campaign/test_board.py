"""「年度確認の状況」: the board, its list, its files, and the list of whom to call."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.enums import Channel, MailState
from core.models import AuditEntry, UndeliverableAddress
from members.enums import Answer, Role, Step
from members.models import Campaign, Confirmation, Seat
from tests.downloads import body_of, xlsx_rows
from tests.factories.core import OutboxMailFactory
from tests.factories.members import (
    CampaignFactory,
    ConfirmationFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    WardFactory,
)
from tests.secretariat import csv_of, exported, secretary_client

pytestmark = pytest.mark.django_db


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"admin:members_campaign_{name}", args=args, query=query)


@pytest.fixture
def client() -> Client:
    return secretary_client("会員登録")


@pytest.fixture
def campaign() -> Campaign:
    return CampaignFactory(started_at=timezone.now() - timedelta(days=3))


def asked(campaign: Campaign, name: str, answer: str = "", **office: object) -> Confirmation:
    """The confirmation of a new member of that name, at an office with a lead."""
    body = OrganizationFactory(municipality__name=name, **office.pop("body", {}))
    MembershipFactory(organization=body)
    return confirmation_of(campaign, body, answer, **office)


def confirmation_of(campaign: Campaign, body, answer: str = "", **office: object) -> Confirmation:
    lead = SeatFactory(office=OfficeFactory(organization=body, **office))
    answered = {"answered_at": timezone.now(), "channel": Channel.WEB} if answer else {}
    return ConfirmationFactory(campaign=campaign, office=lead.office, answer=answer, **answered)


def mailed(confirmation: Confirmation, state: MailState = MailState.SENT):
    """The mail of the first step to the office's lead, and what became of it."""
    Confirmation.objects.filter(pk=confirmation.pk).update(step=Step.LEAD, mailed_at=timezone.now())
    return OutboxMailFactory(
        key=f"members.confirmation:{confirmation.pk}:{Step.LEAD}:見本",
        mailing=confirmation.campaign.mailing(Step.LEAD),
        to=lead_of(confirmation).user.email,
        state=state,
    )


def lead_of(confirmation: Confirmation) -> Seat:
    return Seat.objects.with_user().get(office=confirmation.office)


@pytest.fixture
def members(campaign) -> dict[str, Confirmation]:
    """One member in each state, and a ward that has not answered."""
    rows = {
        "浜田市": asked(campaign, "浜田市", Answer.UNCHANGED),
        "益田市": asked(campaign, "益田市", Answer.CHANGED),
        "大田市": asked(campaign, "大田市", phone="0854-82-1600", extension="3210"),
        "江津市": asked(campaign, "江津市"),
        "区": confirmation_of(campaign, WardFactory()),
    }
    mailed(rows["大田市"])
    UndeliverableAddress.objects.create(address=lead_of(rows["江津市"]).user.email)
    mailed(rows["江津市"], MailState.UNSENT)
    return rows


def listed(page) -> list[str]:
    return [row.organization.full_name for row in page.context["rows"]]


class TestBoard:
    def test_members_are_counted_by_state_and_wards_apart(self, client, members):
        page = client.get(url("board"))
        rows = {
            row.tally.label: (list(row.tally.by_state.values()), row.tally.total, row.tally.percent)
            for row in page.context["places"]
        }
        assert rows == {
            "島根県": ([1, 1, 1, 1], 4, 50),
            "会員の計": ([1, 1, 1, 1], 4, 50),
            "特別区": ([0, 0, 1, 0], 1, 0),
        }
        (tile,) = [tile for tile in page.context["tiles"] if tile.code == "32"]
        assert (tile.count, tile.level, tile.url) == (50, 3, "?prefecture=32#listed")
        (tokyo,) = [tile for tile in page.context["tiles"] if tile.code == "13"]
        assert (tokyo.count, tokyo.level) == (None, 0)
        assert f"{today().month}月" in page.text
        assert "4団体のうち2団体が回答しました" in page.text

    def test_the_list_says_whom_to_reach_and_how(self, client, members):
        silent = members["大田市"]
        page = client.get(url("board", q="大田"))
        assert listed(page) == ["島根県大田市"]
        lead = lead_of(silent)
        for word in ("0854-82-1600", "内線3210", lead.user.display_name, "送信済み", "まだ確認"):
            assert word in page.text
        back = "back=%2Fadmin%2Fmembers%2Fcampaign%2Fboard%2F%3Fq%3D"
        assert (
            f"{reverse('admin:members_office_told', args=[silent.office_id])}?{back}" in page.text
        )
        assert re.search(rf"outboxmail/\d+/undeliverable/\?{back}", page.text)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"state": "silent"}, ["区", "大田市"]),
            ({"state": "bounced"}, ["江津市"]),
            ({"state": "changed", "prefecture": "32"}, ["益田市"]),
            ({"prefecture": "13"}, []),
            ({"prefecture": "wards"}, ["区"]),
            ({"q": "江津"}, ["江津市"]),
        ],
    )
    def test_by_place_state_and_words(self, client, members, query, names):
        page = client.get(url("board", **query))
        bodies = [members[name].office.organization for name in names]
        assert listed(page) == [body.full_name for body in bodies]

    def test_a_query_that_cannot_be_read_asks_for_nothing(self, client, members):
        assert len(listed(client.get(url("board", prefecture="99")))) == 5
        assert client.get(url("board", year="2027x")).status_code == 200

    def test_the_running_one_or_the_one_of_a_year(self, client, campaign):
        ended = CampaignFactory(
            fiscal_year=2020, started_at=timezone.now(), ended_at=timezone.now()
        )
        CampaignFactory(fiscal_year=2040)
        page = client.get(url("board"))
        assert page.context["campaign"] == campaign
        assert "?year=2020" in page.text
        assert client.get(url("board", year="2020")).context["campaign"] == ended
        assert client.get(url("board", year="2040")).context["campaign"] is None

    def test_without_a_campaign_it_says_what_to_do(self, client):
        for page in ("board", "calls"):
            assert client.get(url(page)).status_code == 200
        assert "まだありません" in client.get(url("board")).text

    def test_one_query_count_however_many(self, client, campaign, django_assert_max_num_queries):
        asked(campaign, "浜田市", Answer.UNCHANGED)
        client.get(url("board"))
        with django_assert_max_num_queries(40) as first:
            client.get(url("board"))
        for name in ("益田市", "大田市"):
            mailed(asked(campaign, name))
        with django_assert_max_num_queries(len(first)):
            client.get(url("board"))

    def test_more_than_two_hundred_say_how_many_more(self, client, members, monkeypatch):
        monkeypatch.setattr("members.admin.campaign.board.MOST_SHOWN", 2)
        page = client.get(url("board"))
        assert len(listed(page)) == 2
        assert "ほかに3団体あります" in page.text


class TestTaking:
    """What leaves the portal: the table and the phone list."""

    @pytest.mark.parametrize("page", [("calls",), ("board_export", "xlsx")])
    def test_only_on_a_stated_purpose(self, client, campaign, members, page):
        address = url(*page, prefecture="32", state="silent")
        opened = client.get(address)
        assert "1件" in opened.text
        assert "0854-82-1600" not in opened.text
        assert client.post(address, {"purpose": " "}).status_code == 422
        assert not AuditEntry.objects.exists()
        body_of(client.post(address, {"purpose": "電話で回答を求めるため"}))
        entry = AuditEntry.objects.get()
        assert entry.reason == "電話で回答を求めるため"
        assert entry.object_label.startswith(campaign.title)
        assert entry.changes == {
            "件数": [None, "1件"],
            "条件": [None, "都道府県：島根県、状態：未回答"],
        }

    def test_the_table_has_every_department(self, client, members):
        SeatFactory(office=members["大田市"].office, role=Role.DEPUTY)
        rows = csv_of(exported(client, url("board_export", "csv")))
        by_body = {row[2]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
        assert len(by_body) == 5
        silent = by_body["大田市"]
        assert (silent["団体の状態"], silent["電話番号"]) == ("未回答", "0854-82-1600")
        assert (silent["最後のメールの相手"], silent["最後のメールの結果"]) == (
            "主担当",
            "送信済み",
        )
        assert silent["副担当"]
        assert by_body["浜田市"]["回答の方法"] == "サイトで"
        assert by_body["江津市"]["部署の状態"] == "不達"
        table = xlsx_rows(body_of(exported(client, url("board_export", "xlsx", q="浜田"))))
        assert [row[2] for row in table[1:]] == ["浜田市"]
        assert client.get(url("board_export", "pdf")).status_code == 404
        assert client.get(url("board_export", "csv", prefecture="99")).status_code == 400

    def test_whom_to_call(self, client, members):
        page = exported(client, url("calls"))
        assert [name for name, _ in page.context["places"]] == ["島根県", "特別区"]
        for word in ("大田市", "0854-82-1600", "内線3210", "江津市", "確認", "変更あり", "不在"):
            assert word in page.text
        assert "浜田市" not in page.text
        dead = page.text.partition("江津市")[2].partition("</tr>")[0]
        assert "<strong>不達</strong>" in dead

    def test_whom_to_call_where_one_department_has_answered(self, client, campaign, members):
        body = members["浜田市"].office.organization
        confirmation_of(campaign, body, name="支所", is_main=False)
        address = url("calls", q="浜田")
        assert "1件" in client.get(address).text
        page = exported(client, address)
        ((_place, (row,)),) = page.context["places"]
        assert [asked.office.name for asked in row.offices] == ["支所"]

    def test_without_a_campaign_there_is_nothing_to_take(self, client):
        assert exported(client, url("calls")).status_code == 200
        assert len(csv_of(exported(client, url("board_export", "csv")))) == 1


class TestTelling:
    def test_recording_a_call_leads_back_to_the_board(self, client, members):
        office = members["大田市"].office
        address = reverse("admin:members_office_told", args=[office.pk])
        board = url("board", state="silent")
        form = client.get(address, {"back": board})
        assert f'href="{board}"' in form.text
        assert form.context["back_url"] == board

    @pytest.mark.parametrize("back", ["https://example.com/", "//example.com/admin/", "/member/"])
    def test_nowhere_else(self, client, members, back):
        address = reverse("admin:members_office_told", args=[members["大田市"].office_id])
        assert client.get(address, {"back": back}).context["back_url"] == ""
