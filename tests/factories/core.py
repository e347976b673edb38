"""Rows of the core."""

from datetime import UTC, date, datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.models import (
    AuditSeal,
    Heartbeat,
    MissedSearch,
    OutboxMail,
    Source,
    SynonymSet,
    UndeliverableAddress,
)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source{n}")
    title = factory.Sequence(lambda n: f"見本の資料{n}")
    issuer = "見本県"


class SynonymSetFactory(DjangoModelFactory):
    class Meta:
        model = SynonymSet

    words = factory.Sequence(lambda n: f"見本語{n}\n例語{n}")


class MissedSearchFactory(DjangoModelFactory):
    class Meta:
        model = MissedSearch

    place = "連携提案"
    words = factory.Sequence(lambda n: f"見つからない語{n}")
    last_at = factory.LazyFunction(timezone.now)


class AuditSealFactory(DjangoModelFactory):
    class Meta:
        model = AuditSeal

    day = factory.Sequence(lambda n: date.fromordinal(date(2026, 1, 1).toordinal() + n))
    form = 1
    rows = 0
    value = factory.Sequence(lambda n: f"{n:064x}")
    sealed_at = datetime(2026, 1, 2, tzinfo=UTC)


class HeartbeatFactory(DjangoModelFactory):
    """A worker that is alive now."""

    class Meta:
        model = Heartbeat

    name = factory.Sequence(lambda n: f"worker{n}")
    host = "localhost"
    pid = 1
    started_at = factory.LazyFunction(timezone.now)
    seen_at = factory.LazyFunction(timezone.now)


class OutboxMailFactory(DjangoModelFactory):
    """A normal mail that waits to be sent."""

    class Meta:
        model = OutboxMail

    key = factory.Sequence(lambda n: f"test:{n}")
    to = factory.Sequence(lambda n: f"tantou{n}@example.lg.jp")
    subject = factory.Sequence(lambda n: f"見本のお知らせ{n}")
    body = "見本の本文です。"


class UndeliverableAddressFactory(DjangoModelFactory):
    class Meta:
        model = UndeliverableAddress

    address = factory.Sequence(lambda n: f"fumei{n}@example.lg.jp")
    reason = "エラーで戻ったため"
