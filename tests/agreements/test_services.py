"""What changes an agreement's standing; a refusal changes nothing."""

from datetime import date

import pytest

from agreements import services
from agreements.enums import Action
from agreements.models import Agreement
from core import audit
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry
from tests.factories.agreements import AgreementFactory

pytestmark = pytest.mark.django_db

REASON = "相手方からの通知による"


def test_a_terminated_agreement_stands_until_the_day_before(staff):
    agreement = AgreementFactory(earliest=date(2016, 4, 26))
    services.terminate(agreement, on=date(2026, 4, 1), reason=f" {REASON} ", by=staff)
    agreement.refresh_from_db()
    assert list(Agreement.objects.in_force_on(date(2026, 3, 31))) == [agreement]
    assert list(Agreement.objects.in_force_on(date(2026, 4, 1))) == []
    assert (agreement.termination_reason, agreement.version) == (REASON, 2)
    entry = audit.history_of(agreement).get()
    assert (entry.action, entry.reason) == (Action.TERMINATE, REASON)
    assert entry.changes == {"terminated_on": [None, "2026-04-01"]}


@pytest.mark.parametrize(
    ("fields", "on", "reason", "sentence"),
    [
        (
            {"terminated_on": date(2020, 4, 1)},
            date(2026, 4, 1),
            REASON,
            "2020年（令和2年）4月1日に終了",
        ),
        ({}, date(2016, 4, 26), REASON, "締結の日（2016年（平成28年）4月26日）より後の日付"),
        ({}, date(2026, 4, 1), " ", "理由を入力してください"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(fields, on, reason, sentence, staff):
    agreement = AgreementFactory(**fields)
    before = Agreement.objects.values().get()
    with pytest.raises(DomainError, match=sentence):
        services.terminate(agreement, on=on, reason=reason, by=staff)
    assert Agreement.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_only_the_secretariat_terminates(lead):
    agreement = AgreementFactory()
    with pytest.raises(NotAllowed):
        services.terminate(agreement, on=date(2026, 4, 1), reason=REASON, by=lead)
    assert Agreement.objects.get().terminated_on is None
    assert not AuditEntry.objects.exists()
