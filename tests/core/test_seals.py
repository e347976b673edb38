"""The seals: every way of tampering with the log is found, and named by row and day."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from threading import Event, Thread

import pytest
import time_machine
from django.db import connection, transaction

from core import audit
from core.audit import System, rows
from core.audit.seals import seal_until
from core.audit.verification import verify
from core.enums import Action
from core.models import AuditEntry, AuditPersonal, AuditSeal, SealedRow
from tests.core.sealing import (
    NOV_1,
    NOV_2,
    NOV_3,
    NOV_4,
    behind,
    changed,
    noon,
    sealed_log,
    written,
)
from tests.factories.core import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[list[AuditEntry]]:
    with sealed_log() as entries:
        yield entries


def named(row: AuditEntry, day: str) -> str:
    return f"2026年（令和8年）11月{day}の操作記録{row.pk}番"


def test_every_day_is_sealed_once_and_chained(log: list[AuditEntry]):
    first, second, third = seals = list(AuditSeal.objects.order_by("day"))
    assert [seal.day for seal in seals] == [NOV_1, NOV_2, NOV_3]
    assert [(seal.rows, seal.first_row, seal.last_row) for seal in seals] == [
        (2, log[0].pk, log[1].pk),
        (0, None, None),
        (1, log[2].pk, log[2].pk),
    ]
    assert [seal.previous for seal in seals] == ["", first.value, second.value]
    assert len({first.value, second.value, third.value}) == 3
    assert seal_until(NOV_3) == []
    assert str(verify()) == (
        "2026年（令和8年）11月1日から2026年（令和8年）11月3日までの封印3件と操作記録3件は、"
        "すべて合っています。"
    )


def test_the_seal_is_one_digest_that_anybody_can_take_again():
    with time_machine.travel(noon(NOV_1), tick=False):
        entry = AuditEntry.objects.create(
            action="core.edit",
            object_type="core.source",
            object_id="1",
            object_label="広報紙",
            actor_organization="システム",
            changes={"題名": [None, "広報"], "a": [True, 1]},
        )
    with time_machine.travel(noon(NOV_2), tick=False):
        [seal] = seal_until(NOV_1)
    text = (
        '{"day":"2026-11-01","form":1,"previous":""}\n'
        '{"action":"core.edit","actor_office":"","actor_organization":"システム",'
        '"actor_role":"","actor_seat_id":null,"at":"2026-11-01T03:00:00.000000+00:00",'
        '"changes":{"a":[true,1],"題名":[null,"広報"]},"channel":"web",'
        f'"id":{entry.pk},"object_id":"1","object_label":"広報紙","object_type":"core.source",'
        '"personal_digests":{},"reason":""}\n'
        f'{{"first_row":{entry.pk},"last_row":{entry.pk},"rows":1,'
        '"sealed_at":"2026-11-02T03:00:00.000000+00:00"}\n'
    )
    assert seal.value == hashlib.sha256(text.encode()).hexdigest()


def test_every_column_of_a_row_takes_part():
    columns = {field.attname for field in AuditEntry._meta.concrete_fields}
    assert set(rows.FORMS[rows.FORM]) == columns


def test_a_day_of_tokyo_begins_at_its_own_midnight():
    for moment in ("2026-10-31T14:59:59.999999+00:00", "2026-10-31T15:00:00+00:00"):
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            audit.record(Action.EDIT, SourceFactory(), by=System("見本"))
    with time_machine.travel(noon(NOV_2), tick=False):
        seals = seal_until(NOV_1)
    assert [(seal.day, seal.rows) for seal in seals] == [(date(2026, 10, 31), 1), (NOV_1, 1)]


def test_a_day_that_is_not_over_is_not_sealed():
    travel = time_machine.travel(noon(NOV_1), tick=False)
    with travel, pytest.raises(ValueError, match="2026-11-01 is not over"):
        seal_until(NOV_1)
    assert not AuditSeal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_still_writes_is_waited_for():
    written_but_open, may_end = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            audit.record(Action.EDIT, source, by=System("見本"))
            written_but_open.set()
            may_end.wait(10)
        connection.close()

    def seal() -> None:
        seal_until(NOV_1)
        connection.close()

    source = SourceFactory()
    with time_machine.travel(noon(NOV_1), tick=False) as clock:
        writer, sealer = Thread(target=write), Thread(target=seal)
        writer.start()
        assert written_but_open.wait(10)
        clock.move_to(noon(NOV_2))
        sealer.start()
        sealer.join(0.3)  # long enough to end, if nothing held it up
        may_end.set()
        writer.join(10)
        sealer.join(10)
    assert AuditSeal.objects.get().rows == 1


def test_a_log_without_rows_is_sealed_from_the_first_day_asked_for():
    with time_machine.travel(noon(NOV_3), tick=False):
        assert [seal.day for seal in seal_until(NOV_2)] == [NOV_2]
        assert verify().finding is None


def test_before_the_first_day_is_over_there_is_nothing_to_compare():
    written(NOV_1)
    with time_machine.travel(noon(NOV_1), tick=False):
        assert str(verify()) == "終わった日の操作記録は、まだありません。"


# --- tampering ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "別の理由"),
        ("object_label", "別の資料"),
        ("actor_organization", "別の団体"),
        ("action", "core.add"),
        ("changes", {"phone": ["1", "3"]}),
        ("personal_digests", {}),
        ("at", noon(NOV_1).replace(microsecond=1)),
    ],
)
def test_a_changed_row_is_named(log, column, value):
    changed(log[0], **{column: value})
    finding = verify().finding
    assert (finding.day, finding.row) == (NOV_1, log[0].pk)
    assert str(finding) == f"{named(log[0], '1日')}は、封印した後に書き換えられています。"


def test_a_removed_row_is_named(log):
    behind(AuditEntry).filter(pk=log[1].pk).delete()
    assert str(verify()) == f"{named(log[1], '1日')}は、封印した後に消されています。"


@pytest.mark.parametrize("day", [NOV_1, NOV_2, NOV_3])
def test_a_row_added_late_is_named(log, day):
    late = written(day)
    finding = verify().finding
    assert (finding.day, finding.row) == (day, late.pk)
    assert str(finding) == f"{named(late, f'{day.day}日')}は、封印した後に加えられています。"


def test_a_row_added_before_the_first_day_is_named(log):
    late = written(date(2026, 10, 1))
    assert str(verify()) == (
        f"2026年（令和8年）10月1日の操作記録{late.pk}番は、封印した後に加えられています。"
    )


@pytest.mark.parametrize("moved_to", [date(2026, 10, 20), NOV_2, NOV_4])
def test_a_row_moved_to_another_day_is_named_by_its_own(log, moved_to):
    changed(log[1], at=noon(moved_to))
    assert str(verify()) == f"{named(log[1], '1日')}は、封印した後に日時が書き換えられています。"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("values", {"lead": ["", "見本 次郎"]}),
        ("values", {}),
        ("values", ["見本 次郎"]),
        ("values", {"lead": ["", "見本 太郎"], "phone": ["", "1"]}),
        ("salt", "0" * 32),
    ],
)
def test_a_changed_side_row_is_named(log, column, value):
    behind(AuditPersonal).filter(entry=log[2]).update(**{column: value})
    finding = verify().finding
    assert (finding.day, finding.row) == (NOV_3, log[2].pk)
    assert str(finding).startswith(f"{named(log[2], '3日')}の個人の情報（")
    assert "見本" not in str(finding)


def test_a_removed_side_row_is_named(log):
    AuditPersonal.objects.filter(entry=log[0]).delete()
    finding = verify().finding
    assert (finding.day, finding.row) == (NOV_1, log[0].pk)
    assert str(finding) == (
        f"{named(log[0], '1日')}の個人の情報は、保存期間を過ぎていないのに消されています。"
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", "0" * 64),
        ("rows", 3),
        ("last_row", 999),
        ("form", 2),
        ("sealed_at", noon(NOV_3)),
    ],
)
def test_a_changed_seal_is_named(log, column, value):
    behind(AuditSeal).filter(day=NOV_1).update(**{column: value})
    assert str(verify()) == (
        "2026年（令和8年）11月1日の封印は、封印したときから書き換えられています。"
    )


def test_a_removed_seal_is_named(log):
    behind(AuditSeal).filter(day=NOV_2).delete()
    assert str(verify()) == (
        "2026年（令和8年）11月2日の操作記録は一度封印されましたが、その封印がありません。"
        "封印が消されています。"
    )


def test_removed_first_days_are_named(log):
    for model in (AuditSeal, SealedRow):
        behind(model).filter(day=NOV_1).delete()
    behind(AuditEntry).filter(pk__in=[log[0].pk, log[1].pk]).delete()
    assert "11月2日の封印は、前の日の封印とつながっていません。" in str(verify())


def test_a_day_sealed_anew_breaks_the_chain(log):
    """By somebody who has the key as well, but leaves the later days as they are."""
    changed(log[0], reason="x")
    sealed_again(NOV_1)
    assert "11月2日の封印は、前の日の封印とつながっていません。" in str(verify())


def sealed_again(*days: date) -> None:
    """The days' seals and marks made anew, as somebody does who has database and key."""
    later = [
        (model, [model(**row) for row in model.objects.filter(day__gt=max(days)).values()])
        for model in (AuditSeal, SealedRow)
    ]
    for model, _ in later:
        behind(model).filter(day__gte=min(days)).delete()
    assert seal_until(max(days))
    for model, rows_of_model in later:
        model.objects.bulk_create(rows_of_model)


def test_a_chain_sealed_anew_is_found_by_the_mailed_seal(log):
    received = AuditSeal.objects.get(day=NOV_3).value
    changed(log[0], reason="x")
    sealed_again(NOV_1, NOV_2, NOV_3)
    assert verify().finding is None, "within the database everything fits again"
    assert str(verify(mailed={NOV_3: received})) == (
        "2026年（令和8年）11月3日の封印は、メールで届いた封印と違います。"
        "その日までの記録が書き換えられ、封印が作り直されています。"
    )


def test_a_mark_that_hides_a_changed_row_cannot_be_made_without_the_key(log, settings):
    key, settings.AUDIT_KEY = settings.AUDIT_KEY, "the attacker's guess"
    changed(log[0], reason="x")
    sealed_again(NOV_1)
    settings.AUDIT_KEY = key
    assert "控えが合いません。" in str(verify())


def test_another_key_is_told_from_changed_rows(log, settings):
    settings.AUDIT_KEY = "another key"
    finding = verify().finding
    assert finding.row == log[0].pk
    assert str(finding) == (
        f"2026年（令和8年）11月1日の操作記録は封印と合いますが、{log[0].pk}番の控えが合いません。"
        "RENKEI_AUDIT_KEYが違うか、控えが書き換えられています。"
    )


def test_a_mark_that_is_none_is_named(log):
    behind(SealedRow).filter(pk=log[1].pk).update(mark="印")
    assert f"{log[1].pk}番の控えが合いません。" in str(verify())
    behind(SealedRow).filter(pk=log[0].pk).delete()
    assert f"{log[0].pk}番の控えが合いません。" in str(verify())


def test_the_first_of_several_changes_is_named(log):
    for entry in reversed(log):
        changed(entry, reason="x")
    assert verify().finding.row == log[0].pk


def test_days_that_are_not_sealed_yet_are_named(log):
    with time_machine.travel(noon(date(2026, 11, 6)), tick=False):
        assert str(verify()) == "2026年（令和8年）11月4日の操作記録は、封印されていません。"


def test_a_log_that_was_never_sealed_is_named():
    written(NOV_1)
    with time_machine.travel(noon(NOV_3), tick=False):
        assert str(verify()) == "2026年（令和8年）11月1日の操作記録は、封印されていません。"


def test_many_rows_are_compared_in_chunks(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(rows, "CHUNK", 4)
    entries = [written(NOV_1) for _ in range(11)]
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_until(NOV_1)
        assert SealedRow.objects.count() == 11
        with django_assert_max_num_queries(8):
            outcome = verify()
        assert (outcome.rows, outcome.finding) == (11, None)
        behind(AuditEntry).filter(pk=entries[9].pk).delete()
        assert verify().finding.row == entries[9].pk
