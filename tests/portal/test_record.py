"""The whole record: a second run changes nothing."""

from io import StringIO

import pytest
from django.core.management import call_command

from core.models import AuditEntry
from members.record import load_register
from portal.record import load_record
from tests.dumping import dump

pytestmark = pytest.mark.usefixtures("record")


def test_after_a_second_run_nothing_differs():
    before = dump()
    assert len(before["members.Municipality"]) == 1745
    assert len(before["events.Event_sources"]) > 71
    load_register()
    load_record()
    assert dump() == before


def test_each_room_writes_one_audit_row_of_its_load():
    assert sorted(AuditEntry.objects.values_list("action", flat=True)) == [
        "agreements.load_record",
        "chronicle.load_record",
        "core.load_record",
        "events.load_record",
        "members.load_record",
        "members.load_register",
    ]
    entry = AuditEntry.objects.get(action="members.load_record")
    assert entry.actor_organization == "システム"
    assert entry.object_label == "公式の記録の団体と窓口を読み込み"
    assert entry.changes["団体"] == [None, "追加38件、変更0件"]


def test_the_commands_print_what_they_did():
    out = StringIO()
    call_command("load_register", stdout=out)
    call_command("load_record", stdout=out)
    lines = out.getvalue().splitlines()
    assert "市区町村 1,745件（追加0件、変更0件）" in lines
    assert "協定 20件（追加0件、変更0件）" in lines
