"""1,718 members out and back: without edits nothing at all changes, with edits exactly those."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from members.enums import Action
from members.models import Membership, Office, Organization, Seat
from tests.dumping import dump
from tests.members.edited.country import MEMBERS, fill_country
from tests.members.edited.tables import (
    FILES,
    edited,
    file_of,
    pressed,
    sent_back,
)
from tests.secretariat import secretary_client

# On PostgreSQL a few rows show the same statements (test_edits).
pytestmark = pytest.mark.once

# Each table of the 1,718: what the list is filtered by so that it has no other rows.
TABLES = {
    Organization: {"member": "yes"},
    Membership: {},
    Office: {"organization__kind": "municipality"},
    Seat: {"office__organization__kind": "municipality"},
}
# What an upload leaves behind by itself.
TRACES = ("core.SheetUpload", "core.Submission")


def state() -> dict[str, list]:
    return {label: rows for label, rows in dump().items() if label not in TRACES}


def test_without_edits_nothing_is_written(record):
    fill_country()
    client = secretary_client("会員登録")
    files = {
        (model, kind): file_of(client, model, kind, **filters)
        for model, filters in TABLES.items()
        # What a CSV cannot hold as it is, no membership has: only days, and those of seats go.
        for kind in (FILES if model is not Membership else ["xlsx"])
    }
    before = state()
    for (model, kind), data in files.items():
        page = sent_back(client, model, data, kind)
        found = page.context["found"]
        assert (found.edited, found.problems, found.lost) == ([], [], []), (model, kind)
        assert found.unchanged == MEMBERS
        assert "変わる内容はありません" in page.text
        if kind == "xlsx":  # the page has no such button; somebody sends its form all the same
            pressed(client, page)
    assert state() == before


def test_with_edits_exactly_those(record):
    fill_country()
    client = secretary_client("会員登録")
    data = file_of(client, Office, "cp932", **TABLES[Office])
    phones: dict[int, str] = {}

    def call_every_tenth(line: dict[str, str]) -> None:
        pk = int(line["番号"])
        if pk % 10 == 0:
            phones[pk] = line["電話番号"] = f"03-{pk % 10000:04}-0000"

    page = sent_back(client, Office, edited(data, "cp932", call_every_tenth), "cp932")
    with CaptureQueriesContext(connection) as queries:
        again = client.get(page.redirect_chain[-1][0])
    assert len(queries) < 20
    assert len(again.content) < 150_000
    assert len(again.context["page"].object_list) == 100
    before = state()
    pressed(client, page)
    after = state()
    changed = {
        new["id"]: (old, new)
        for old, new in zip(before["members.Office"], after["members.Office"], strict=True)
        if old != new
    }
    assert {pk: new["phone"] for pk, (_old, new) in changed.items()} == phones
    for old, new in changed.values():
        differing = {name for name in old if old[name] != new[name]}
        assert differing == {"phone", "search_text", "version"}
    same = {label for label in before if before[label] == after[label]}
    assert before.keys() - same == {"members.Office", "core.AuditEntry", "core.AuditPersonal"}
    written = AuditEntry.objects.filter(pk__gt=before["core.AuditEntry"][-1]["id"])
    assert written.filter(action=Action.CHANGE_OFFICE).count() == len(phones)
    run = written.exclude(action=Action.CHANGE_OFFICE).get()
    assert run.action == Action.IMPORT_EDITED
    assert run.changes["変更"] == [None, f"{len(phones):,}行"]
    assert run.changes["変更なし"] == [None, f"{MEMBERS - len(phones):,}行"]
