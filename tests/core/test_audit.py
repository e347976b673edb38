"""The history of every change: what a row keeps, what is personal, and all or nothing."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from core import audit
from core.audit import Change, System, Told
from core.enums import Channel
from core.models import AuditEntry, AuditPersonal
from members import services
from members.enums import Action
from tests.factories.members import OfficeFactory

pytestmark = pytest.mark.django_db


@contextmanager
def broken(table: str):
    """Every insert into ``table`` fails, as on a full disk."""

    def execute(run, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "{table}"'):
            raise DatabaseError("the disk is full")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


def test_a_row_says_who_did_what_for_whom(lead, office):
    entry = audit.record(Action.CONFIRM_OFFICE, office, by=lead, reason="電話を受けて")
    assert (entry.action, entry.object_type, entry.object_id) == (
        "members.confirm_office",
        "members.office",
        str(office.pk),
    )
    assert entry.object_label == "福井県坂井市　企画政策課"
    assert (entry.actor_organization, entry.actor_office, entry.actor_role) == (
        "福井県坂井市",
        "企画政策課",
        "主担当",
    )
    assert (entry.actor_seat_id, entry.channel, entry.reason) == (lead.pk, "web", "電話を受けて")
    assert audit.action_label(entry.action) == "登録情報を「変更なし」と確認"


def test_personal_values_stand_in_the_side_row_only(lead, office):
    changes = {
        "phone": Change("0776-50-3010", "0776-50-3011"),
        "lead": Change("見本 花子", "見本 太郎", personal=True),
    }
    told = Told(Channel.PHONE, caller="電話の相手")
    entry = audit.record(Action.CHANGE_LEAD, office, by=lead, changes=changes, told=told)
    entry.refresh_from_db()
    row = str(AuditEntry.objects.values().get())
    for value in ("花子", "太郎", "電話の相手", lead.user.given_name):
        assert value not in row
    assert entry.changes == {"phone": ["0776-50-3010", "0776-50-3011"]}
    assert entry.channel == Channel.PHONE
    assert entry.personal.values == {
        "lead": ["見本 花子", "見本 太郎"],
        "actor": lead.user.display_name,
        "caller": "電話の相手",
    }


def test_the_digest_proves_the_personal_value_and_outlives_it(lead, office, settings):
    changes = {"lead": Change("", "見本 太郎", personal=True)}
    entry = audit.record(Action.CHANGE_LEAD, office, by=lead, changes=changes)
    salt, kept = entry.personal.salt, entry.personal_digests["lead"]
    assert kept == audit.digest(["", "見本 太郎"], salt)
    assert kept != audit.digest(["", "見本 次郎"], salt)
    AuditPersonal.objects.all().delete()
    assert AuditEntry.objects.get().personal_digests["lead"] == kept
    settings.AUDIT_KEY = "another key"
    assert kept != audit.digest(["", "見本 太郎"], salt)


def test_equal_values_have_different_digests_in_different_rows(lead, office):
    first, second = (audit.record(Action.CONFIRM_OFFICE, office, by=lead) for _ in range(2))
    assert first.personal_digests["actor"] != second.personal_digests["actor"]


def test_a_command_has_no_personal_side(office):
    audit.record(Action.ADD, office, by=System("load_record"))
    assert not AuditPersonal.objects.exists()


def test_only_what_differs_is_a_change():
    changes = audit.differences(
        {"name": "企画課", "phone": "1"},
        {"name": "企画課", "phone": "2", "fax": "3"},
        frozenset({"fax"}),
    )
    assert changes == {"phone": Change("1", "2"), "fax": Change(None, "3", personal=True)}


def test_the_history_of_an_object_is_its_own_and_newest_first(lead, office):
    other = OfficeFactory()
    first = audit.record(Action.CONFIRM_OFFICE, office, by=lead)
    audit.record(Action.CONFIRM_OFFICE, other, by=lead)
    second = audit.record(Action.CHANGE_OFFICE, office, by=lead)
    assert list(audit.history_of(office)) == [second, first]


def test_an_action_without_a_label_is_shown_as_it_is():
    assert audit.action_label("elsewhere.unknown") == "elsewhere.unknown"


def test_a_run_points_at_no_object():
    entry = audit.record_run(
        Action.LOAD_REGISTER, by=System("load_register"), counts={"市区町村": "追加1件"}
    )
    assert (entry.object_type, entry.object_id) == ("", "")
    assert entry.object_label == "全国の市区町村の台帳を読み込み"
    assert entry.changes == {"市区町村": [None, "追加1件"]}


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditpersonal"])
def test_without_its_audit_row_a_change_does_not_happen(lead, office, table):
    before = type(office).objects.values().get(pk=office.pk)
    with broken(table), pytest.raises(DatabaseError, match="the disk is full"):
        services.update_office(office, {"phone": "0776-00-0000"}, version=office.version, by=lead)
    assert type(office).objects.values().get(pk=office.pk) == before
    assert not AuditEntry.objects.exists()
