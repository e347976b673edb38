"""What changes the state of news; a refusal changes nothing."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from chronicle import services
from chronicle.enums import Action, NewsStatus
from chronicle.models import News
from core import audit
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry
from tests.factories.chronicle import NewsFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def visible() -> list[News]:
    return list(News.objects.visible_to(AnonymousUser()))


@pytest.mark.parametrize("status", [NewsStatus.DRAFT, NewsStatus.WITHDRAWN])
@time_machine.travel(NOW, tick=False)
def test_publishing_puts_news_on_the_site_with_todays_date(status, staff):
    news = NewsFactory(status=status)
    assert visible() == []
    services.publish_news(news, by=staff)
    news.refresh_from_db()
    assert visible() == [news]
    assert news.published_at == NOW
    entry = audit.history_of(news).get()
    assert entry.action == Action.PUBLISH_NEWS
    assert entry.changes == {"status": [status, "published"]}


def test_withdrawing_takes_news_off_the_site_and_keeps_the_reason(staff):
    news = NewsFactory()
    services.withdraw_news(news, reason=" 日付の誤り ", by=staff)
    assert visible() == []
    entry = audit.history_of(news).get()
    assert (entry.action, entry.reason) == (Action.WITHDRAW_NEWS, "日付の誤り")


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (NewsStatus.PUBLISHED, lambda news, by: services.publish_news(news, by=by)),
        (NewsStatus.DRAFT, lambda news, by: services.withdraw_news(news, reason="誤り", by=by)),
        (NewsStatus.WITHDRAWN, lambda news, by: services.withdraw_news(news, reason="誤り", by=by)),
        (NewsStatus.PUBLISHED, lambda news, by: services.withdraw_news(news, reason=" ", by=by)),
    ],
)
def test_a_refusal_changes_nothing(status, act, staff):
    news = NewsFactory(status=status)
    with pytest.raises(DomainError):
        act(news, staff)
    assert News.objects.get().status == status
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda news, by: services.publish_news(news, by=by),
        lambda news, by: services.withdraw_news(news, reason="誤り", by=by),
    ],
)
def test_only_the_secretariat_publishes(act, lead):
    news = NewsFactory(status=NewsStatus.DRAFT)
    with pytest.raises(NotAllowed):
        act(news, lead)
    assert News.objects.get().status == NewsStatus.DRAFT
    assert not AuditEntry.objects.exists()
