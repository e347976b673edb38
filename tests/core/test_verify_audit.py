"""``manage.py verify_audit``, and the guards that make tampering more than a slip."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet

from core.audit.verification import verify
from core.errors import WrittenOnce
from core.models import AuditEntry, AuditPersonal, AuditSeal, SealedRow
from tests.core.sealing import GUARD, NOV_2, changed, sealed_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[list[AuditEntry]]:
    with sealed_log() as entries:
        yield entries


# --- written once -------------------------------------------------------------------------


def test_a_written_row_is_not_saved_again(log):
    for row in (log[0], log[0].personal, AuditSeal.objects.first(), SealedRow.objects.first()):
        with pytest.raises(WrittenOnce):
            row.save()
        with pytest.raises(WrittenOnce):
            type(row).objects.filter(pk=row.pk).update(pk=row.pk)
    for row in (log[0], AuditSeal.objects.first(), SealedRow.objects.first()):
        with pytest.raises(WrittenOnce):
            row.delete()
        with pytest.raises(WrittenOnce):
            type(row).objects.filter(pk=row.pk).delete()
    assert verify().finding is None


def test_a_row_is_not_written_over_another(log):
    forged = AuditEntry(pk=log[0].pk, at=log[0].at, action="core.add", reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert verify().finding is None


@pytest.mark.parametrize("model", [AuditEntry, AuditPersonal, AuditSeal, SealedRow])
def test_the_database_refuses_a_change(log, model):
    rows_of_model = QuerySet(model)
    with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
        rows_of_model.update(**{model._meta.pk.name: F("pk")})
    if connection.vendor == "postgresql" and model is not AuditPersonal:
        with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
            rows_of_model._raw_delete("default")
    assert verify().finding is None


def test_the_guard_is_lifted_and_set_again_by_its_migration(log):
    changed(log[0], reason="x")
    GUARD.refuse_changes(None, connection.SchemaEditorClass(connection))
    with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
        QuerySet(AuditEntry).filter(pk=log[0].pk).update(reason="y")


# --- manage.py verify_audit ---------------------------------------------------------------


def test_the_command_says_that_everything_fits_and_prints_the_last_seal(log, capsys):
    call_command("verify_audit")
    value = AuditSeal.objects.first().value
    assert capsys.readouterr().out == (
        "2026年（令和8年）11月1日から2026年（令和8年）11月3日までの封印3件と操作記録3件は、"
        f"すべて合っています。\n最後の封印（2026年（令和8年）11月3日）：{value}\n"
    )


def test_the_command_fails_with_the_first_thing_that_does_not_fit(log):
    changed(log[1], reason="x")
    with pytest.raises(CommandError, match=f"操作記録{log[1].pk}番は、封印した後") as error:
        call_command("verify_audit")
    assert error.value.returncode == 1


def test_the_command_begins_on_a_day(log, capsys):
    changed(log[0], reason="x")
    call_command("verify_audit", "--from", "2026-11-02")
    assert "の封印2件と操作記録1件は、すべて合っています。" in capsys.readouterr().out


def test_the_command_compares_a_mailed_seal(log, capsys):
    value = AuditSeal.objects.get(day=NOV_2).value
    call_command("verify_audit", "--mailed", f"2026-11-02={value.upper()}")
    assert "すべて合っています。" in capsys.readouterr().out
    with pytest.raises(CommandError, match="メールで届いた封印と違います。"):
        call_command("verify_audit", "--mailed", f"2026-11-02={'0' * 64}")
    with pytest.raises(CommandError, match="11月1日の封印は、比べた期間にありません。"):
        call_command("verify_audit", f"--mailed=2026-11-01={value}", "--from=2026-11-02")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "11/22"], "11/22 is not a day like 2026-11-22"),
        (["--from", "2026-11-04"], "11月4日は、まだ終わっていません。"),
        (["--mailed", "2026-11-01=abc"], "abc is not a seal of 64 hexadecimal digits"),
        (["--mailed", "2026-11-01"], "nothing is not a seal"),
    ],
)
def test_the_command_refuses_what_it_cannot_read(log, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("verify_audit", *arguments)
