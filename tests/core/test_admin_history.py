"""What the admin writes down and shows again: the history of each row, and the audit log."""

import pytest
from django.contrib.admin.models import LogEntry

from core.admin.actor import BREAK_GLASS
from core.audit import Change, System, Told, record, record_run
from core.enums import Action, Channel
from core.models import AuditEntry, AuditPersonal, Source
from tests.factories.core import SourceFactory
from tests.factories.members import OfficeFactory
from tests.secretariat import (
    audit_entry,
    break_glass_client,
    opened,
    secretary_client,
    typed,
    url,
)

pytestmark = pytest.mark.django_db


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
