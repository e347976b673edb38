"""The audit log's daily jobs: sealed and mailed, compared, personal values erased in time."""

from datetime import date, timedelta

import pytest
import time_machine

from core import audit, daily
from core.audit import Change, System, Told
from core.audit.erasure import erase_personal
from core.audit.jobs import VERIFY, erase_old, seal_days, verify_days
from core.audit.verification import verify
from core.enums import Action, Channel
from core.models import AuditEntry, AuditPersonal, AuditSeal, DailyRun, OutboxMail
from tests.core.sealing import NOV_1, NOV_2, NOV_3, NOV_4, changed, noon, written
from tests.factories.members import OfficeFactory
from tests.secretariat import secretary_client, url

pytestmark = pytest.mark.django_db

BOX = "jimukyoku@example.lg.jp"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.SECRETARIAT_MAIL = BOX


def test_a_day_is_sealed_when_it_is_over_and_its_seal_is_mailed():
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        assert seal_days(NOV_2) == "1 days sealed"
    seal = AuditSeal.objects.get()
    mail = OutboxMail.objects.get()
    assert (mail.key, mail.to) == ("seal-2026-11-01", BOX)
    assert mail.subject == "操作記録の封印（2026年（令和8年）11月1日）"
    assert f"\n{seal.value}\n" in mail.body
    assert "この日の記録：1件" in mail.body


def test_a_seal_is_mailed_once_however_often_the_job_runs():
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        assert seal_days(NOV_2) == "0 days sealed"
    assert OutboxMail.objects.count() == 1


def test_missed_days_are_sealed_each_and_the_last_seal_is_mailed():
    written(NOV_1)
    with time_machine.travel(noon(NOV_4), tick=False):
        assert seal_days(NOV_4) == "3 days sealed"
    assert [mail.key for mail in OutboxMail.objects.all()] == ["seal-2026-11-03"]


def test_without_a_mailbox_the_days_are_sealed_all_the_same(settings):
    settings.SECRETARIAT_MAIL = ""
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
    assert AuditSeal.objects.count() == 1
    assert not OutboxMail.objects.exists()


def test_the_mailed_seal_is_what_verify_audit_takes():
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        [value] = [line for line in OutboxMail.objects.get().body.split("\n") if len(line) == 64]
        assert verify(mailed={NOV_1: value}).finding is None


def test_the_log_is_compared_and_a_finding_is_mailed():
    entry = written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        assert verify_days(NOV_2).startswith("異常なし：")
        changed(entry, reason="x")
        result = verify_days(NOV_2)
    assert result.startswith("異常あり：2026年（令和8年）11月1日の操作記録")
    mail = OutboxMail.objects.get(key__startswith="seal-finding-2026-11-01-")
    assert mail.to == BOX
    assert mail.subject == "【要確認】操作記録が封印と合いません"
    assert f"操作記録{entry.pk}番は" in mail.body


def test_a_finding_is_mailed_once_and_the_next_one_again():
    first, second = written(NOV_1), written(NOV_1)
    findings = OutboxMail.objects.filter(key__startswith="seal-finding-")
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        changed(second, reason="x")
        verify_days(NOV_2)
    with time_machine.travel(noon(NOV_3), tick=False):
        assert seal_days(NOV_3).startswith("1 days sealed. 異常あり：")
        verify_days(NOV_3)
        assert findings.count() == 1
        changed(first, reason="x")
        verify_days(NOV_3)
    assert findings.count() == 2


def test_days_that_are_still_to_be_caught_up_with_are_no_finding():
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        daily.run()
    with time_machine.travel(noon(NOV_4), tick=False):
        daily.run()
        results = DailyRun.objects.filter(name=VERIFY).values_list("result", flat=True)
        assert [result.partition("：")[0] for result in results] == ["異常なし"] * 3
        assert verify().finding is None
    assert not OutboxMail.objects.filter(key__startswith="seal-finding-").exists()


def test_the_jobs_run_with_the_daily_run_in_their_order():
    written(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        daily.run()
        names = list(DailyRun.objects.exclude(done_at=None).order_by("pk").values_list("name"))
        own = [name for (name,) in names if name.endswith(("_audit", "_personal"))]
        assert own == ["core.seal_audit", "core.verify_audit", "core.erase_personal"]
        assert verify().finding is None


# --- erasure ------------------------------------------------------------------------------


@pytest.fixture
def year(settings) -> date:
    """Personal values are kept for a year; the day on which those of 1 November are over."""
    settings.PERSONAL_RETENTION_DAYS = 365
    return NOV_1 + timedelta(days=365)


def personal(day: date) -> AuditEntry:
    return written(day, lead=Change("見本 花子", "見本 太郎", personal=True))


def test_personal_values_are_erased_when_their_time_is_over_and_the_seals_stay_valid(year):
    first, second = personal(NOV_1), personal(NOV_2)
    with time_machine.travel(noon(NOV_3), tick=False):
        seal_days(NOV_3)
    with time_machine.travel(noon(year), tick=False):
        seal_days(year)
        assert erase_personal(year - timedelta(days=1)) == 0
        assert erase_old(year + timedelta(days=1)) == "1 side rows erased"
        assert [side.entry for side in AuditPersonal.objects.all()] == [second]
        first.refresh_from_db()
        assert first.personal_digests.keys() == {"lead"}
        assert verify().finding is None


def test_the_erasure_itself_stands_in_the_log_once(year):
    personal(NOV_1)
    for _ in range(2):
        erase_personal(year)
    entry = AuditEntry.objects.get(action=Action.ERASE_PERSONAL)
    assert entry.changes == {
        "個人の情報": [None, "消去1件"],
        "この日より前の記録": [None, "2026-11-02"],
    }


def sealed_year(year: date) -> tuple[AuditEntry, AuditEntry]:
    """Rows of 1 and 2 November, those of the 1st erased by the year's end; all days sealed."""
    entries = personal(NOV_1), personal(NOV_2)
    with time_machine.travel(noon(year), tick=False):
        seal_days(year)
        assert erase_old(year) == "0 side rows erased"
    with time_machine.travel(noon(year + timedelta(days=1)), tick=False):
        seal_days(year + timedelta(days=1))
        assert erase_old(year + timedelta(days=1)) == "1 side rows erased"
    return entries


@pytest.mark.once
@pytest.mark.parametrize("period", [0, 365, 366, 4000])
def test_what_was_erased_in_time_may_be_gone_whatever_the_period_is_now(year, settings, period):
    _, second = sealed_year(year)
    settings.PERSONAL_RETENTION_DAYS = period
    with time_machine.travel(noon(year + timedelta(days=1)), tick=False):
        assert verify().finding is None
        AuditPersonal.objects.filter(entry=second).delete()
        assert verify().finding.row == second.pk


def test_a_shorter_period_holds_from_when_it_is_set(year, settings):
    _, second = sealed_year(year)
    AuditPersonal.objects.filter(entry=second).delete()
    settings.PERSONAL_RETENTION_DAYS = 364
    with time_machine.travel(noon(year + timedelta(days=1)), tick=False):
        assert verify().finding is None


def test_an_illegible_erasure_excuses_nothing_nor_one_of_days_to_come(year, settings):
    settings.PERSONAL_RETENTION_DAYS = 0
    entry = personal(NOV_1)
    with time_machine.travel(noon(NOV_1), tick=False):
        for limit in ({}, {"この日より前の記録": "いつか"}, {"この日より前の記録": "2026-11-02"}):
            audit.record_run(Action.ERASE_PERSONAL, by=System("daily"), counts=limit)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        AuditPersonal.objects.filter(entry=entry).delete()
        assert verify().finding.row == entry.pk


def test_an_erasure_of_people_excuses_no_row_that_was_written_after_it(year, settings):
    settings.PERSONAL_RETENTION_DAYS = 0
    before = personal(NOV_1)
    with time_machine.travel(noon(NOV_1), tick=False):
        numbers = "、".join(str(before.pk + ahead) for ahead in range(9))
        audit.record_run(
            Action.FORGET_PEOPLE, by=System("見本"), counts={"対象の操作記録": numbers}
        )
    later = personal(NOV_1)
    with time_machine.travel(noon(NOV_2), tick=False):
        seal_days(NOV_2)
        AuditPersonal.objects.filter(entry=before).delete()
        assert verify().finding is None
        AuditPersonal.objects.filter(entry=later).delete()
        assert verify().finding.row == later.pk


def test_nothing_is_erased_until_a_period_is_set(settings):
    assert settings.PERSONAL_RETENTION_DAYS == 0
    personal(date(1990, 1, 1))
    assert erase_personal(NOV_4) == 0
    assert AuditPersonal.objects.count() == 1


def test_history_says_where_personal_values_stood(year, staff):
    office = OfficeFactory()
    changes = {"lead": Change("見本 花子", "見本 太郎", personal=True), "phone": Change("1", "2")}
    with time_machine.travel(noon(NOV_1), tick=False):
        told = Told(Channel.PHONE, caller="福井さん")
        entry = audit.record(Action.EDIT, office, by=staff, changes=changes, told=told)
        audit.record(Action.EDIT, office, by=System("見本"))
    client = secretary_client("閲覧")
    pages = (
        url("members.office", "history", office.pk),
        url("core.auditentry", "change", entry.pk),
    )
    before = [client.get(page).content.decode() for page in pages]
    erase_personal(year)
    for kept, address in zip(before, pages, strict=True):
        page = client.get(address).content.decode()
        for value in ("見本 花子", "見本 太郎", "福井さん", staff.user.display_name):
            assert value in kept, value
            assert value not in page, value
        # The actor, the caller, and both values of the one personal column.
        assert page.count("（保存期間が過ぎたため消去しました）") == 4
        assert "電話で確認（保存期間が過ぎたため消去しました）" in page
