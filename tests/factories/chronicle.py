"""Rows of the chronicle's room."""

from datetime import date, datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from chronicle.enums import Metric, NewsStatus
from chronicle.models import News, Page, StatedFigure


class NewsFactory(DjangoModelFactory):
    """A published, public piece of news."""

    class Meta:
        model = News

    title = factory.Sequence(lambda n: f"見本のお知らせ{n}")
    body = "## 見出し\n\n本文です。"
    status = NewsStatus.PUBLISHED
    published_at = factory.LazyFunction(lambda: timezone.make_aware(datetime(2026, 11, 1, 9)))  # noqa: DTZ001 - made aware


class PageFactory(DjangoModelFactory):
    class Meta:
        model = Page

    slug = factory.Sequence(lambda n: f"page{n}")
    title = factory.Sequence(lambda n: f"見本のページ{n}")
    body = "## 見出し\n\n本文です。"


class StatedFigureFactory(DjangoModelFactory):
    class Meta:
        model = StatedFigure

    metric = Metric.REGISTERED_MEMBERS
    value = 213
    unit = "自治体"
    as_of_earliest = date(2017, 2, 27)
    as_of_latest = factory.SelfAttribute("as_of_earliest")
    description = "ホームページの会員登録数"
