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
    assert len(before["agreements.Collaboration"]) == 20
    assert len(before["chronicle.Disaster"]) == 29
    assert len(before["chronicle.Relief"]) == 43
    assert len(before["chronicle.Milestone"]) == 99
    load_register()
    load_record()
    assert dump() == before


def test_each_load_writes_one_audit_row():
    # The agreements and the joint projects are two loads of one room.
    assert sorted(AuditEntry.objects.values_list("action", flat=True)) == [
        "agreements.load_record",
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
    entry = AuditEntry.objects.get(action="chronicle.load_record")
    assert entry.changes == {
        "災害": [None, "追加29件、変更0件"],
        "被災地支援": [None, "追加43件、変更0件"],
        "沿革": [None, "追加99件、変更0件"],
        "公表値": [None, "追加41件、変更0件"],
        "固定ページ": [None, "追加6件、変更0件"],
    }


def test_the_commands_print_what_they_did():
    out = StringIO()
    call_command("load_register", stdout=out)
    call_command("load_record", stdout=out)
    lines = out.getvalue().splitlines()
    assert "市区町村 1,745件（追加0件、変更0件）" in lines
    for line in ("協定 20件", "連携事業 20件", "災害 29件", "被災地支援 43件", "沿革 99件"):
        assert f"{line}（追加0件、変更0件）" in lines
