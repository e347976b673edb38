"""What tells of one person is found in texts, and nobody else's name or address is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import daily, mail
from core.enums import MailState
from core.models import OutboxMail
from core.traces import ERASED, Crowd, Traces, erase_mails

FUKUI = Traces(
    addresses=frozenset({"i.fukui@example.lg.jp"}), names=frozenset({"福井 一郎", "Ann Lee"})
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("福井 一郎 様", f"{ERASED} 様"),
        ("福井 一郎様、担当の福井 一郎さんと", f"{ERASED}様、担当の{ERASED}さんと"),
        ("担当の福\n井 一郎が退きました", f"担当の{ERASED}が退きました"),
        ("福井\n一郎（i.fukui@example.lg.jp）", f"{ERASED}（{ERASED}）"),
        ("宛先：I.Fukui@example.lg.jp。", f"宛先：{ERASED}。"),
        ("担当はi.fukui@example.lg.jpです", f"担当は{ERASED}です"),
        ("by Ann Lee, lead", f"by {ERASED}, lead"),
        ("福井一郎", ERASED),
    ],
)
def test_a_name_or_an_address_goes_wherever_it_stands(text, left):
    assert FUKUI.without(text, is_near=True) == left


@pytest.mark.parametrize(
    "text",
    [
        "小福井 一郎",
        "福井 一郎太",
        "福井県の一郎",
        "福井市",
        "Joann Lee",
        "Ann Leeds",
        "xi.fukui@example.lg.jp",
        "i.fukui@example.lg.jp.example.jp",
        "i.fukui@example.lg.jpx",
    ],
)
def test_a_longer_one_is_somebody_elses(text):
    assert FUKUI.without(text, is_near=True) == text


def test_a_name_that_others_bear_alone_tells_nothing():
    married = Traces(
        addresses=FUKUI.addresses,
        names=frozenset({"去田 花子"}),
        shared_names=frozenset({"福井 花子"}),
    )
    text = "福井 花子（i.fukui@example.lg.jp）、去田 花子"
    assert married.without(text, is_near=False) == f"福井 花子（{ERASED}）、{ERASED}"
    assert married.without(text, is_near=True) == f"{ERASED}（{ERASED}）、{ERASED}"
    assert married.are_in([["福井 花子", None], 1], is_near=True)
    assert not married.are_in([["福井 花子", None], 1], is_near=False)


def test_of_a_crowd_those_are_found_who_are_told_of():
    seated = Traces(seats=frozenset({7}), objects=frozenset({("members.seat", "7")}))
    two = Traces(names=frozenset({"林 一"}))
    crowd = Crowd([FUKUI, seated, two])
    assert crowd.named_in("福井市の林一さんへ") == [two]
    assert crowd.named_in("福井一郎、i.fukui@example.lg.jp") == [FUKUI]
    assert crowd.named_in("一") == []
    nothing = ("members.office", "7")
    everybody = crowd.concerned("annleeと林一", ("members.seat", "7"), 7)
    assert (len(everybody), set(everybody)) == (3, {seated, FUKUI, two})
    assert crowd.concerned("", nothing, 7) == [seated]
    assert crowd.concerned("", nothing, None) == []


def test_nobody_known_by_nothing_is_found_anywhere():
    assert Traces().without("福井 一郎", is_near=True) == "福井 一郎"


@pytest.mark.django_db
def test_old_mails_are_erased_but_for_what_waits_and_what_proves_the_seals():
    for key in ("x:old", "x:waiting", "seal-2026-11-01", "x:new"):
        mail.queue(key, to="a@example.jp", subject="件名", body="本文")
    OutboxMail.objects.exclude(key="x:waiting").update(state=MailState.SENT)
    now = timezone.now()
    OutboxMail.objects.exclude(key="x:new").update(created_at=now - timedelta(days=2))
    assert [erase_mails(now - timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert dict(OutboxMail.objects.values_list("key", "subject")) == {
        "x:old": ERASED,
        "x:waiting": "件名",
        "seal-2026-11-01": "件名",
        "x:new": "件名",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "erased"), [(0, False), (30, True)])
def test_mails_are_kept_as_long_as_personal_values(settings, days, erased):
    settings.PERSONAL_RETENTION_DAYS = days
    mail.queue("x:1", to="a@example.jp", subject="件名", body="本文")
    sent = timezone.now() - timedelta(days=31)
    OutboxMail.objects.update(state=MailState.SENT, created_at=sent)
    daily.run()
    assert (OutboxMail.objects.get(key="x:1").subject == ERASED) is erased
