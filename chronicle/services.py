"""Everything that changes the state of a piece of news, by ``enums.NEWS_MOVES``."""

from django.db import transaction
from django.utils import timezone

from chronicle.enums import NEWS_MOVES, Action, NewsStatus
from chronicle.models import News
from core import audit
from core.errors import DomainError, given, require
from members.models import Seat
from members.rules import is_secretariat


@transaction.atomic
def publish_news(news: News, *, by: Seat) -> News:
    """Puts a draft, or news that had been withdrawn, on the site with today's date.

    Raises ``NotAllowed``, and ``DomainError`` when it is on the site already.
    """
    news = _locked(news, by)
    before = _move(news, NewsStatus.PUBLISHED)
    news.published_at = timezone.now()
    news.save()
    audit.record(Action.PUBLISH_NEWS, news, by=by, changes={"status": before})
    return news


@transaction.atomic
def withdraw_news(news: News, *, reason: str, by: Seat) -> News:
    """Takes news off the site; it stays in the admin, with the reason in its history.

    Raises ``NotAllowed``, and ``DomainError`` without a reason or when it is not on the site.
    """
    news = _locked(news, by)
    before = _move(news, NewsStatus.WITHDRAWN)
    news.save()
    changes = {"status": before}
    audit.record(Action.WITHDRAW_NEWS, news, by=by, changes=changes, reason=given(reason))
    return news


def _locked(news: News, by: Seat) -> News:
    """The row as it stands now, held until the transaction ends, for the secretariat only."""
    require(is_secretariat(by))
    return News.objects.select_for_update().get(pk=news.pk)


def _move(news: News, target: NewsStatus) -> audit.Change:
    """Takes the news to ``target``; returns the change. Raises ``DomainError``."""
    if target not in NEWS_MOVES[NewsStatus(news.status)]:
        raise DomainError(
            f"このお知らせは「{news.get_status_display()}」になっています。この操作はできません"
        )
    change = audit.Change(news.status, target)
    news.status = target
    return change
