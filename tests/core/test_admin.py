"""The admin's common parts: who may open what, lists, downloads, history, the audit log."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.admin.actor import BREAK_GLASS
from core.audit import Change, System, Told, record, record_run
from core.enums import Action, Channel
from core.models import AuditEntry, AuditPersonal, Source
from members.models import Seat
from tests.factories import agreements, chronicle, events, members, proposals
from tests.factories.core import SourceFactory
from tests.factories.members import OfficeFactory
from tests.secretariat import (
    REGISTERED,
    ROWS,
    audit_entry,
    break_glass_client,
    client_for,
    csv_of,
    secretary,
    secretary_client,
    typed,
    url,
)

pytestmark = pytest.mark.django_db

CLIENTS = {"break glass": break_glass_client, "viewer": lambda: secretary_client("閲覧")}
# Queries of list, page and download, with one row as with three. Six of them are the session,
# the user, the seats, the rights of the user and of the groups, and the row itself.
QUERIES = {
    "agreements.agreement": (12, 8, 12),
    "agreements.collaboration": (16, 11, 16),
    "auth.group": (7, 8, 7),
    "chronicle.disaster": (12, 11, 12),
    "chronicle.milestone": (15, 13, 15),
    "chronicle.news": (8, 8, 8),
    "chronicle.page": (7, 6, 7),
    "chronicle.relief": (11, 10, 11),
    "chronicle.statedfigure": (8, 7, 8),
    "core.auditentry": (9, 7, 9),
    "core.auditseal": (8, 6, 8),
    "core.outboxmail": (8, 6, 8),
    "core.source": (7, 6, 7),
    "core.undeliverableaddress": (8, 6, 8),
    "events.event": (14, 11, 14),
    "members.application": (10, 8, 10),
    "members.handover": (8, 11, 8),
    "members.invitation": (8, 9, 8),
    "members.loginchange": (7, 7, 7),
    "members.membership": (9, 8, 9),
    "members.municipality": (8, 7, 8),
    "members.municipalitychange": (9, 9, 9),
    "members.office": (9, 10, 9),
    "members.organization": (8, 11, 8),
    "members.prefecture": (8, 6, 7),
    "members.seat": (8, 10, 8),
    "members.theme": (7, 6, 7),
    "members.user": (11, 9, 11),
    "proposals.proposal": (11, 14, 11),
    "proposals.reply": (9, 9, 9),
}
# Pages that show rows of another model: how one of those is made for the page's row.
WITHIN = {
    "agreements.agreement": lambda row: agreements.PartyFactory(agreement=row),
    "agreements.collaboration": lambda row: agreements.CollaborationPartyFactory(collaboration=row),
    "chronicle.disaster": lambda row: chronicle.ReliefFactory(
        disaster=row, recipients=[members.OrganizationFactory()]
    ),
    "events.event": lambda row: events.EventRoleFactory(event=row),
    "members.application": lambda row: members.ApplicationPersonFactory(
        application=row, role="deputy"
    ),
    "members.office": lambda row: members.SeatFactory(office=row),
    "members.organization": lambda row: members.OfficeFactory(organization=row, is_main=False),
    "members.user": lambda row: members.SeatFactory(user=row),
    "proposals.proposal": lambda row: proposals.ReplyFactory(proposal=row),
}
# Models that nobody adds by hand.
NEVER_ADDED = {
    "members.application",
    "auth.group",
    "core.auditentry",
    "core.auditseal",
    "core.outboxmail",
    "core.undeliverableaddress",
    "members.handover",
    "members.invitation",
    "members.loginchange",
    "members.municipality",
    "members.prefecture",
    "proposals.proposal",
    "proposals.reply",
}


def opened(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def test_every_model_of_the_admin_has_a_row_to_try():
    assert sorted(ROWS) == REGISTERED


@pytest.mark.parametrize("label", ROWS)
@pytest.mark.parametrize("role", CLIENTS)
def test_list_page_history_and_download_open(role, label):
    client, row = CLIENTS[role](), ROWS[label]()
    assert opened(client.get(url(label, "changelist")))
    assert opened(client.get(url(label, "change", row.pk)))
    assert opened(client.get(url(label, "history", row.pk)))
    assert csv_of(client.get(url(label, "export")))


@pytest.mark.parametrize("label", ROWS)
def test_a_page_that_only_shows_prints_no_none(label):
    row = ROWS[label]()
    page = secretary_client("閲覧").get(url(label, "change", row.pk)).text
    assert not re.search(r">\s*None\s*<", page)


def test_a_page_that_only_shows_joins_related_rows_as_the_portal_does():
    proposal = proposals.ProposalFactory()
    proposal.themes.set([members.ThemeFactory(name="産業"), members.ThemeFactory(name="観光")])
    page = secretary_client("閲覧").get(url("proposals.proposal", "change", proposal.pk)).text
    assert "産業、観光" in page
    event = events.EventFactory()
    event.sources.set([SourceFactory(key="a", title="甲"), SourceFactory(key="b", title="乙")])
    page = secretary_client("閲覧").get(url("events.event", "change", event.pk)).text
    assert "甲、乙" in page


@pytest.mark.parametrize("label", ROWS)
def test_the_add_page_opens_for_who_may_add(label):
    added = 403 if label in NEVER_ADDED else 200
    assert break_glass_client().get(url(label, "add")).status_code == added
    assert secretary_client("閲覧").get(url(label, "add")).status_code == 403


@pytest.mark.parametrize("label", ROWS)
def test_nothing_is_deleted_and_viewers_change_nothing(label):
    row = ROWS[label]()
    model = type(row)
    before = model.objects.values().get(pk=row.pk)
    for client in (break_glass_client(), secretary_client()):
        assert client.post(url(label, "delete", row.pk), {"post": "yes"}).status_code == 403
        client.post(
            url(label, "changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes", "index": 0},
        )
    viewer = secretary_client("閲覧")
    assert viewer.post(url(label, "change", row.pk), {"name": "x"}).status_code == 403
    assert viewer.post(url(label, "add"), {"name": "x"}).status_code == 403
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("label", ROWS)
def test_others_do_not_get_in(label, lead):
    row = ROWS[label]()
    for page, args in (("changelist", ()), ("change", (row.pk,)), ("export", ())):
        address = url(label, page, *args)
        anonymous = Client().get(address, follow=True)
        assert anonymous.redirect_chain[-1][0].startswith("/accounts/login/")
        assert client_for(lead.user).get(address, follow=True).status_code == 403


def test_a_seat_that_has_ended_opens_nothing():
    seat = secretary()
    client = client_for(seat.user)
    assert client.get("/admin/").status_code == 200
    Seat.objects.filter(pk=seat.pk).update(valid_until=seat.valid_from)
    closed = client.get("/admin/", follow=True)
    assert closed.redirect_chain[-1][0].startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("label", ROWS)
def test_lists_pages_and_downloads_cost_the_same_for_many_rows(
    label, rows, django_assert_num_queries
):
    client = secretary_client("閲覧")
    row = [ROWS[label]() for _ in range(rows)][-1]
    pages = (url(label, "changelist"), url(label, "change", row.pk), url(label, "export"))
    for address, queries in zip(pages, QUERIES[label], strict=True):
        opened(client.get(address))
        with django_assert_num_queries(queries):
            opened(client.get(address))


@pytest.mark.parametrize("label", WITHIN)
def test_a_page_costs_the_same_for_many_rows_within(label, django_assert_max_num_queries):
    client, row = secretary_client(), ROWS[label]()
    WITHIN[label](row)
    address = url(label, "change", row.pk)
    opened(client.get(address))
    with CaptureQueriesContext(connection) as one:
        opened(client.get(address))
    WITHIN[label](row)
    WITHIN[label](row)
    with django_assert_max_num_queries(len(one)):
        opened(client.get(address))


class TestHistory:
    def test_it_tells_who_when_how_why_and_what(self, staff):
        source = SourceFactory(title="広報紙")
        changes = {"title": Change("広報", "広報紙"), "public": Change(True, False)}
        told = Told(Channel.PHONE, "広報課 見本さん")
        record(Action.EDIT, source, by=staff, changes=changes, reason="誤記のため", told=told)
        page = opened(secretary_client("閲覧").get(url("core.source", "history", source.pk)))
        for text in (
            "管理画面で編集",
            "特別区長会 企画課（事務局）",
            staff.user.display_name,
            "電話で確認（広報課 見本さん）",
            "誤記のため",
            "題名",
            "広報紙",
            "公開",
            "はい",
            "いいえ",
        ):
            assert text in page.decode(), text

    def test_it_says_when_personal_values_are_erased(self, staff):
        office = OfficeFactory()
        changes = {"phone": Change("0776-50-3010", "0776-50-3013", personal=True)}
        record(Action.EDIT, office, by=staff, changes=changes)
        address = url("members.office", "history", office.pk)
        client = secretary_client("閲覧")
        assert "0776-50-3013" in opened(client.get(address)).decode()
        AuditPersonal.objects.all().delete()
        page = opened(client.get(address)).decode()
        assert "0776-50-3013" not in page
        assert "保存期間が過ぎたため消去しました" in page

    def test_long_histories_have_pages(self, staff):
        source = SourceFactory()
        for number in range(51):
            record(Action.EDIT, source, by=staff, reason=f"{number}回目")
        client = secretary_client("閲覧")
        address = url("core.source", "history", source.pk)
        first, second = client.get(address), client.get(address, {"p": "2"})
        assert len(first.context["lines"]) == 50
        assert [line.reason for line in second.context["lines"]] == ["0回目"]

    def test_a_row_that_is_not_there_leads_to_the_first_page(self):
        response = secretary_client("閲覧").get(url("core.source", "history", 987))
        assert response.url == "/admin/"


class TestAuditLog:
    def test_nobody_changes_it(self):
        entry = audit_entry()
        address = url("core.auditentry", "change", entry.pk)
        assert break_glass_client().post(address, {"reason": "x"}).status_code == 403
        assert AuditEntry.objects.get().reason == ""

    def test_it_is_filtered_by_action_kind_and_year(self):
        source = SourceFactory()
        record(Action.EDIT, source, by=System("見本"))
        record_run(Action.LOAD_RECORD, by=System("load_record"), counts={"出典": "103件"})
        client = secretary_client("閲覧")
        address = url("core.auditentry", "changelist")
        for query, rows in (
            ({}, 2),
            ({"action": Action.EDIT.value}, 1),
            ({"object_type": "core.source"}, 1),
            ({"q": "load_record"}, 1),
            ({"channel__exact": "phone"}, 0),
        ):
            assert client.get(address, query).context["cl"].result_count == rows, query

    def test_a_run_of_a_command_says_what_it_did(self):
        entry = record_run(Action.LOAD_RECORD, by=System("load_record"), counts={"出典": "103件"})
        page = opened(secretary_client("閲覧").get(url("core.auditentry", "change", entry.pk)))
        assert "出典：（なし） → 103件" in page.decode()

    def test_the_first_page_shows_the_last_actions_of_all(self, staff):
        record(Action.EDIT, SourceFactory(title="広報紙"), by=staff)
        page = opened(secretary_client("閲覧").get("/admin/")).decode()
        assert "管理画面で編集：広報紙" in page

    def test_django_keeps_no_log_of_its_own(self):
        client = secretary_client("プロジェクト")
        source = SourceFactory()
        address = url("core.source", "change", source.pk)
        client.post(address, typed(client.get(address), title="新しい題名"))
        assert AuditEntry.objects.count() == 1
        assert not LogEntry.objects.exists()


class TestSaving:
    def test_the_row_and_its_history_stand_or_fall_together(self, monkeypatch):
        source = SourceFactory(title="前の題名")
        client = secretary_client("プロジェクト")
        client.raise_request_exception = False
        address = url("core.source", "change", source.pk)
        data = typed(client.get(address), title="新しい題名")

        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("core.models.AuditEntry.objects.create", broken)
        assert client.post(address, data).status_code == 500
        assert Source.objects.get().title == "前の題名"

    def test_the_break_glass_account_is_named(self):
        source = SourceFactory()
        client = break_glass_client()
        address = url("core.source", "change", source.pk)
        client.post(address, typed(client.get(address), title="新しい題名"))
        assert AuditEntry.objects.get().actor_organization == BREAK_GLASS

    def test_a_get_changes_nothing(self):
        source = SourceFactory()
        address = url("core.source", "change", source.pk)
        secretary_client("プロジェクト").get(address, {"title": "新しい題名"})
        assert Source.objects.get().title == source.title


def test_a_source_is_added_from_another_form_in_a_window_of_its_own():
    client = secretary_client("プロジェクト")
    address = url("core.source", "add")
    data = typed(client.get(address, {"_popup": "1"}), _popup="1", key="koho", title="広報紙")
    response = client.post(address, data)
    source = Source.objects.get(key="koho")
    assert f"&quot;value&quot;: &quot;{source.pk}&quot;" in opened(response).decode()
    assert AuditEntry.objects.get().action == Action.ADD


class TestLists:
    def test_a_forged_filter_leads_back_to_the_list(self):
        client = secretary_client("閲覧")
        for page in ("changelist", "export"):
            response = client.get(url("core.source", page), {"public__exact": "x"})
            assert response.status_code == 302
            assert response.url.startswith(url("core.source", "changelist"))

    def test_a_search_is_kept_by_the_selects(self):
        OfficeFactory()
        response = secretary_client("閲覧").get(
            url("members.office", "changelist"), {"q": "みほん", "confirmed": "never"}
        )
        page = opened(response).decode()
        assert '<input type="hidden" name="q" value="みほん">' in page
        assert '<input type="hidden" name="confirmed" value="never">' in page

    def test_rooms_stand_in_the_order_of_the_day(self):
        response = secretary_client("閲覧").get("/admin/")
        rooms = [room["name"] for room in response.context["app_list"]]
        assert rooms == [
            "会員と団体",
            "連携提案",
            "協定と連携事業",
            "イベント",
            "お知らせと記録",
            "記録",
            "認証と認可",
        ]


@pytest.mark.parametrize("role", CLIENTS)
def test_pages_are_japanese_and_carry_no_inline_script_or_style(role):
    client = CLIENTS[role]()
    for label in ROWS:
        row = ROWS[label]()
        for address in (url(label, "changelist"), url(label, "change", row.pk)):
            page = opened(client.get(address)).decode()
            assert "特別区全国連携プロジェクト 管理画面</title>" in page
            assert "サイトを見る" in page
            assert " style=" not in page
            assert "<style" not in page
            assert "<script>" not in page
            assert "Select an option" not in page


def test_the_login_page_is_the_portals_own():
    response = Client().get(reverse("admin:login"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_passwords_are_changed_on_the_portals_own_page():
    response = secretary_client("閲覧").get(reverse("admin:password_change"))
    assert response.url == reverse("account_change_password")


def test_every_action_has_its_own_address():
    for model_admin in admin.site._registry.values():
        names = [action.name for action in getattr(model_admin, "object_actions", ())]
        assert len(names) == len(set(names))
