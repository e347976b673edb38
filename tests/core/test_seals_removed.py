"""A day is sealed once: where its seal is gone, what is left on record says so."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from core import daily
from core.audit import evidence, jobs
from core.audit.jobs import seal_days, verify_days
from core.audit.seals import seal_until
from core.audit.verification import verify
from core.models import AuditEntry, AuditPersonal, AuditSeal, DailyRun, OutboxMail, SealedRow
from tests.core.sealing import NOV_1, NOV_2, NOV_3, NOV_4, behind, changed, noon, written
from tests.factories.core import AuditSealFactory, OutboxMailFactory

pytestmark = pytest.mark.django_db

BOX = "jimukyoku@example.lg.jp"
NOV_5 = date(2026, 11, 5)
FINDINGS = "seal-finding-"


@pytest.fixture
def log(settings, monkeypatch) -> Iterator[list[AuditEntry]]:
    """A row of each day from the 1st to the 3rd, sealed day by day; now it is the 4th.

    The daily run has no jobs but the log's own.
    """
    settings.SECRETARIAT_MAIL = BOX
    monkeypatch.setattr(daily, "_jobs", {})
    jobs.register()
    entries = []
    for day in (NOV_1, NOV_2, NOV_3):
        entries.append(written(day))
        with time_machine.travel(noon(day + timedelta(days=1)), tick=False):
            daily.run()
    with time_machine.travel(noon(NOV_4), tick=False):
        assert verify().finding is None
        yield entries


def gone(day: str) -> str:
    return (
        f"2026年（令和8年）11月{day}の操作記録は一度封印されましたが、その封印がありません。"
        "封印が消されています。"
    )


def unseal(*days: date) -> None:
    """The days' seals and marks are deleted by somebody who may."""
    for model in (AuditSeal, SealedRow):
        behind(model).filter(day__in=days).delete()


def forget_runs() -> None:
    DailyRun.objects.filter(name=evidence.JOB).delete()


def forget_mails() -> None:
    OutboxMail.objects.filter(key__startswith="seal-").delete()


def findings() -> list[str]:
    return [mail.body for mail in OutboxMail.objects.filter(key__startswith=FINDINGS)]


# --- never sealed anew --------------------------------------------------------------------


@pytest.mark.parametrize(
    "forgotten", [(), (forget_runs,), (forget_mails,)], ids=["all", "mails", "runs"]
)
@pytest.mark.parametrize("days", [(NOV_3,), (NOV_2, NOV_3), (NOV_1, NOV_2, NOV_3)])
def test_a_day_is_not_sealed_anew(log, days, forgotten):
    """Whatever of the evidence is left."""
    changed(log[2], reason="x")
    unseal(*days)
    for forget in forgotten:
        forget()
    sent = set(OutboxMail.objects.values_list("key", flat=True))
    assert seal_days(NOV_4).startswith("0 days sealed. 異常あり：")
    assert not AuditSeal.objects.filter(day__in=days).exists()
    assert not SealedRow.objects.filter(day__in=days).exists()
    new = OutboxMail.objects.exclude(key__in=sent)
    assert [mail.key.startswith(FINDINGS) for mail in new] == [True]
    assert str(verify()) == gone(f"{days[0].day}日")


def test_marks_alone_are_evidence(log):
    behind(AuditSeal).delete()
    forget_runs()
    forget_mails()
    assert seal_days(NOV_4).startswith("0 days sealed. 異常あり：")
    assert str(verify()) == gone("1日")


def test_the_finding_is_mailed_once_however_often_the_jobs_run(log):
    unseal(NOV_3)
    for _ in range(2):
        seal_days(NOV_4)
        verify_days(NOV_4)
    [body] = findings()
    assert gone("3日") in body.replace("\n", "")


def test_later_days_are_sealed_all_the_same(log):
    unseal(NOV_3)
    entry = written(NOV_4)
    with time_machine.travel(noon(NOV_5), tick=False):
        daily.run()
        assert list(AuditSeal.objects.order_by("day").values_list("day", flat=True)) == [
            NOV_1,
            NOV_2,
            NOV_4,
        ]
        assert OutboxMail.objects.filter(key="seal-2026-11-04").exists()
        assert str(verify()) == gone("3日")
        assert verify(since=NOV_4).finding is None
        changed(entry, reason="x")
        assert verify(since=NOV_4).finding.row == entry.pk


def test_a_row_moved_to_a_day_to_come_does_not_stop_the_seals(log):
    changed(log[1], at=noon(NOV_4))
    with time_machine.travel(noon(NOV_5), tick=False):
        daily.run()
        assert AuditSeal.objects.filter(day=NOV_4, rows=1).exists()
        sentence = f"11月2日の操作記録{log[1].pk}番は、封印した後に日時が書き換えられています。"
        assert sentence in str(verify())
        assert len(findings()) == 1


def test_what_says_nothing_of_a_seal_is_no_evidence(log):
    """Other mails, other jobs, a run that is not done, and days that are not over."""
    for key in ("seal-2026-13-40", "seal-2026-11-09", "seal-finding-2026-11-04-x", "seal"):
        OutboxMailFactory(key=key)
    for name, done_at in ((evidence.JOB, None), ("core.mail", noon(NOV_5))):
        DailyRun.objects.create(name=name, day=NOV_5, done_at=done_at)
    written(NOV_4)
    with time_machine.travel(noon(NOV_5), tick=False):
        assert seal_days(NOV_5) == "1 days sealed"
        assert verify().finding is None


# --- the whole log, and its end -----------------------------------------------------------


EMPTIED = (AuditPersonal, SealedRow, AuditSeal, AuditEntry)


@pytest.mark.parametrize("forget", [forget_runs, forget_mails])
def test_an_emptied_log_is_a_finding(log, forget):
    for model in EMPTIED:
        behind(model).delete()
    forget()
    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    assert str(error.value) == gone("1日")
    assert error.value.returncode == 1
    assert verify_days(NOV_4) == f"異常あり：{gone('1日')}"


def test_an_emptied_log_stays_a_finding_when_sealing_goes_on(log):
    for model in EMPTIED:
        behind(model).delete()
    written(NOV_4)
    with time_machine.travel(noon(NOV_5), tick=False):
        daily.run()
        assert AuditSeal.objects.get().day == NOV_4
        assert str(verify()) == gone("1日")


@pytest.mark.parametrize("forget", [forget_runs, forget_mails])
def test_a_log_cut_off_at_its_end_is_a_finding(log, forget):
    unseal(NOV_3)
    for model, entry in ((AuditPersonal, "entry"), (AuditEntry, "pk")):
        behind(model).filter(**{entry: log[2].pk}).delete()
    forget()
    assert str(verify()) == gone("3日")


def test_a_log_cut_off_at_its_beginning_is_a_finding(log):
    """Even when the first seal left has been made to look like the first of all."""
    unseal(NOV_1, NOV_2, NOV_3)
    behind(AuditEntry).filter(pk__in=[log[0].pk, log[1].pk]).delete()
    AuditSealFactory(day=NOV_3)
    assert str(verify()) == gone("1日")


# --- the mailed seals ---------------------------------------------------------------------


def remade(log: list[AuditEntry]) -> AuditSeal:
    """The seal of the 3rd made anew over a changed row, by somebody who has the key as well."""
    changed(log[2], reason="x")
    kept = list(OutboxMail.objects.filter(key__startswith="seal-").values())
    runs = list(DailyRun.objects.filter(name=evidence.JOB).values())
    unseal(NOV_3)
    forget_runs()
    forget_mails()
    [seal] = seal_until(NOV_3)
    OutboxMail.objects.bulk_create(OutboxMail(**mail) for mail in kept)
    DailyRun.objects.bulk_create(DailyRun(**run) for run in runs)
    return seal


def test_a_seal_made_anew_differs_from_the_one_in_the_outbox(log):
    remade(log)
    assert str(verify()) == (
        "2026年（令和8年）11月3日の封印は、送信したメールに残っている封印と違います。"
        "封印が作り直されたか、メールの記録が書き換えられています。"
    )


def test_another_seal_of_a_day_is_another_mail(log):
    seal = remade(log)
    for _ in range(2):
        seal_days(NOV_4)
    mails = OutboxMail.objects.filter(key__startswith="seal-2026-11-03").order_by("pk")
    assert [mail.key for mail in mails] == ["seal-2026-11-03", f"seal-2026-11-03-{seal.value}"]
    assert seal.value not in mails[0].body
    assert f"\n{seal.value}\n" in mails[1].body
    assert len(findings()) == 1
