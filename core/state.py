"""システムの状態: how the portal is, for the secretariat, in words that it can pass on."""

import platform
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.contrib.admin import AdminSite
from django.db import connection
from django.db.models import Count, Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from core import health
from core.audit.jobs import FITS, VERIFY
from core.dates import day_text, today
from core.enums import MailState
from core.models import AuditEntry, AuditSeal, DailyRun, Heartbeat, OutboxMail
from core.search import rebuilding
from core.templatetags.dates import both_eras_minute

ASK = "サーバーの担当者に連絡してください。"
# What failed is looked at within days, or it is no news any more.
NEWS = timedelta(days=7)

ADVICES = {
    MailState.UNCERTAIN: "届いたかどうかを宛先に確かめて、必要なら送り直してください。",
    MailState.FAILED: "宛先のメールアドレスを確かめてください。",
}


@dataclass(frozen=True)
class Fact:
    """One line: what it is, how it is, and what to do when it is not well.

    ``is_well`` is None where there is nothing to judge.
    """

    label: str
    text: str
    is_well: bool | None = None
    advice: str = ""
    url: str = ""


@dataclass
class Section:
    title: str
    facts: list[Fact] = field(default_factory=list)


# What a room knows about the personal values that it keeps; a fixed number of queries.
type Source = Callable[[], Iterator[Fact]]

_of_rooms: dict[str, Source] = {}


def register(name: str, facts: Source) -> None:
    """Makes ``facts`` part of what is said of personal values; called in ``AppConfig.ready``."""
    _of_rooms[name] = facts


class SystemStateView(TemplateView):
    """The page of the admin. Opens for every seat of the secretariat."""

    template_name = "admin/system_state.html"
    admin_site: Any = None  # given to ``as_view``

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = self.admin_site
        self.request.current_app = site.name
        heartbeat = health.worker_heartbeat()
        sections = [
            Section("動作", list(running(heartbeat))),
            Section("メール", list(mail(site, heartbeat))),
            Section("操作記録", list(log(site))),
            Section("個人の情報", list(personal())),
            Section("ディスク", list(disk())),
        ]
        doubtful = sum(fact.is_well is False for part in sections for fact in part.facts)
        return super().get_context_data(
            **site.each_context(self.request),
            title="システムの状態",
            sections=sections,
            doubtful=doubtful,
            now=timezone.now(),
            **kwargs,
        )


def running(heartbeat: Heartbeat | None) -> Iterator[Fact]:
    """Version, database, worker, daily run."""
    versions = f"Django {django.get_version()}、Python {platform.python_version()}"
    yield Fact("バージョン", f"{settings.VERSION}（{versions}）")
    yield Fact("データベース", database_text(), True)
    missing = len(health.missing_migrations())
    yield Fact(
        "データベースの構造",
        f"このバージョンに合わせた変更が{missing}件、まだです"
        if missing
        else "このバージョンに合っています",
        not missing,
        f"manage.py migrateが必要です。{ASK}",
    )
    yield Fact(
        "裏で動く処理（ワーカー）",
        f"最後の応答：{both_eras_minute(heartbeat.seen_at)}" if heartbeat else "応答がありません",
        health.is_alive(heartbeat),
        f"メールの送信と毎日の処理が止まっています。{ASK}",
    )
    yield search_index()
    yield daily_run()


def search_index() -> Fact:
    """Whether every row is found by its words (``core.search``)."""
    missing = rebuilding.missing()
    text = f"索引と違うものが{missing:,}件あります" if missing else "すべての提案が入っています"
    advice = f"検索で見つからない提案があります。manage.py rebuild_searchが必要です。{ASK}"
    return Fact("検索の索引", text, not missing, advice)


def database_text() -> str:
    if connection.vendor == "postgresql":
        number = connection.pg_version
        return f"PostgreSQL {number // 10000}.{number % 10000}"
    return f"SQLite {sqlite3.sqlite_version}"


def daily_run() -> Fact:
    """Whether today's jobs are done, and none of an earlier day is still owed."""
    label, runs = "毎日の処理", DailyRun.objects.all()
    day = runs.order_by("-day").values_list("day", flat=True).first()
    if day is None:
        return Fact(label, "まだ一度も動いていません", False, ASK)
    failed = sorted(set(runs.filter(done_at=None).values_list("name", flat=True)))
    if failed:
        text = f"終わっていないものがあります：{'、'.join(failed)}"
        return Fact(label, text, False, f"10分ごとにやり直します。続くときは、{ASK}")
    late = "日付が変わっても動いていません。"
    return Fact(label, f"{day_text(day)}の分が終わりました", day == today(), f"{late}{ASK}")


def mail(site: AdminSite, heartbeat: Heartbeat | None) -> Iterator[Fact]:
    """What is stuck, what waits, what went wrong lately."""
    yield from stuck(heartbeat)
    address = reverse(f"{site.name}:core_outboxmail_changelist")
    lately = Q(claimed_at__gt=timezone.now() - NEWS)
    found = OutboxMail.objects.order_by().values_list("state")
    counts = dict(found.annotate(number=Count("pk")))
    news = dict(found.filter(lately).annotate(number=Count("pk")))
    for state in MailState:
        text, url = f"{counts.get(state, 0):,}通", f"{address}?state__exact={state}"
        if state not in ADVICES:
            yield Fact(state.label, text, url=url)
            continue
        if state in news:
            text += f"（この7日間に{news[state]:,}通）"
        yield Fact(state.label, text, state not in news, ADVICES[state], url)


def stuck(heartbeat: Heartbeat | None) -> Iterator[Fact]:
    """A mail server that is away, mail that is late: only while it is so."""
    oldest = health.oldest_due()
    leaves = health.mail_leaves(heartbeat, oldest)
    if heartbeat and heartbeat.trouble and heartbeat.trouble_since:
        since = f"{both_eras_minute(heartbeat.trouble_since)}から送信できていません"
        advice = f"回復すると、自動で送信します。続くときは、{ASK}"
        yield Fact("メールサーバー", f"{since}（{heartbeat.trouble}）", leaves, advice)
    if oldest:
        text = f"{both_eras_minute(oldest)}から待っているメールがあります"
        yield Fact("送信の遅れ", text, leaves, ASK)


def log(site: AdminSite) -> Iterator[Fact]:
    """Seals, and their comparison."""
    yield last_seal(reverse(f"{site.name}:core_auditseal_changelist"))
    yield last_verification()
    yield Fact(
        "封印の送り先",
        settings.SECRETARIAT_MAIL or "定められていません（RENKEI_SECRETARIAT_MAIL）",
        bool(settings.SECRETARIAT_MAIL),
        "封印が事務局に届かないと、封印ごと書き換えられたときに気づけません。",
    )


def personal() -> Iterator[Fact]:
    """How long personal values are kept, and what the rooms say of them."""
    days = settings.PERSONAL_RETENTION_DAYS
    never = "定められていません。消去しません（RENKEI_PERSONAL_RETENTION_DAYS）"
    yield Fact("個人の情報の保存期間", f"{days:,}日" if days else never)
    for facts in _of_rooms.values():
        yield from facts()


def last_seal(address: str) -> Fact:
    label, yesterday = "最後の封印", today() - timedelta(days=1)
    seal = AuditSeal.objects.first()
    if seal:
        text = f"{day_text(seal.day)}　{seal.value}"
        return Fact(label, text, seal.day >= yesterday, f"封印が遅れています。{ASK}", address)
    oldest = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    if oldest is None or timezone.localdate(oldest) == today():
        return Fact(label, "まだありません。最初の封印は、日付が変わってから作ります")
    return Fact(label, "ありません", False, f"封印が遅れています。{ASK}")


def last_verification() -> Fact:
    label = "最後の検証"
    done = DailyRun.objects.filter(name=VERIFY).exclude(done_at=None).order_by("-day").first()
    if done is None:
        return Fact(label, "まだありません。日付が変わってから行います")
    text = f"{both_eras_minute(done.done_at)}　{done.result}"
    return Fact(
        label, text, done.result.startswith(FITS), f"記録が書き換えられたおそれがあります。{ASK}"
    )


def disk() -> Iterator[Fact]:
    free = health.free_bytes()
    yield Fact(
        "空き容量",
        filesizeformat(free),
        free >= health.LEAST_FREE_BYTES,
        f"{filesizeformat(health.LEAST_FREE_BYTES)}より少なくなっています。{ASK}",
    )
    yield Fact("データの大きさ", filesizeformat(health.used_bytes(settings.DATA_DIR)))
