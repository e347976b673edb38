"""What the audit log needs once a day, each as a job of ``core.daily``."""

from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings

from core import daily, mail
from core.audit import evidence
from core.audit.erasure import erase_personal
from core.audit.seals import seal_until
from core.audit.verification import Finding, verify
from core.dates import day_text
from core.models import AuditSeal

VERIFY = "core.verify_audit"
FITS, DIFFERS = "異常なし", "異常あり"
_DAY = timedelta(days=1)

_SEAL = """特別区全国連携プロジェクト 事務局 御中

{day}までの操作記録を封印しました。
このメールは、消さずに保存してください。後になって操作記録が書き換えられても、この封印と比べれば分かります。

日：{iso_day}
この日の記録：{rows:,}件
封印：
{value}

管理画面の「操作記録の封印」に、同じ日の同じ封印があるかを、ときどき確かめてください。
"""
_WARNING = """特別区全国連携プロジェクト 事務局 御中

操作記録を封印と比べたところ、合わないものが見つかりました。

{finding}

サーバーの担当者に、このメールを見せてください。これまでに届いた「操作記録の封印」のメールは、消さないでください。
"""


def register() -> None:
    daily.register(evidence.JOB, seal_days)
    daily.register(VERIFY, verify_days)
    daily.register("core.erase_personal", erase_old)


def seal_days(day: date) -> str:
    """Seals the days before ``day`` and mails the last seal, which holds all before it.

    First compares what was sealed before; what does not fit is mailed. Later days are sealed
    all the same: a day without a seal may be rewritten by anybody, unseen.
    """
    outcome = verify(due=date.min)  # what was never sealed is sealed next
    if outcome.finding:
        _mail_finding(outcome.finding)
    seals = seal_until(day - _DAY)
    if last := AuditSeal.objects.filter(day=day - _DAY).first():
        _mail_seal(last)
    sealed = f"{len(seals)} days sealed"
    return f"{sealed}. {DIFFERS}：{outcome}" if outcome.finding else sealed


def verify_days(day: date) -> str:
    """Compares the whole log with its seals; what does not fit is mailed at once.

    The days before ``day`` have to be sealed. Later ones, while missed days are caught up
    with, are sealed by the runs that follow.
    """
    outcome = verify(due=day - _DAY)
    if outcome.finding:
        _mail_finding(outcome.finding)
    return f"{DIFFERS if outcome.finding else FITS}：{outcome}"


def erase_old(day: date) -> str:
    """Erases personal values whose time was over when ``day`` began."""
    return f"{erase_personal(day - _DAY)} side rows erased"


def _mail_seal(seal: AuditSeal) -> None:
    if not settings.SECRETARIAT_MAIL:
        return
    mail.queue(
        evidence.mail_key(seal.day, seal.value, evidence.gathered().mailed),
        to=settings.SECRETARIAT_MAIL,
        subject=f"操作記録の封印（{day_text(seal.day)}）",
        body=_SEAL.format(
            day=day_text(seal.day), iso_day=seal.day, rows=seal.rows, value=seal.value
        ),
    )


def _mail_finding(finding: Finding) -> None:
    """One mail for each finding, however long it stands."""
    if not settings.SECRETARIAT_MAIL:
        return
    mail.queue(
        f"seal-finding-{finding.day}-{sha256(str(finding).encode()).hexdigest()}",
        to=settings.SECRETARIAT_MAIL,
        subject="【要確認】操作記録が封印と合いません",
        body=_WARNING.format(finding=finding),
    )
