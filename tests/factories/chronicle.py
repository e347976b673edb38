"""Rows of the chronicle's room."""

from datetime import date, datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from chronicle.enums import Metric, MilestoneCategory, NewsStatus, ReliefKind
from chronicle.models import Disaster, Milestone, News, Page, Relief, StatedFigure


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


class DisasterFactory(DjangoModelFactory):
    """A disaster of one day, as one row of the newsletter's table; its relief is rows of its own."""

    class Meta:
        model = Disaster

    name = factory.Sequence(lambda n: f"令和6年見本の大雨{n}")
    earliest = date(2024, 7, 25)
    latest = factory.SelfAttribute("earliest")
    printed_year = "Ｒ6"
    printed_when = "7/25"
    printed_support = "復興支援金の提供（山形県）"
    order = factory.Sequence(lambda n: n + 1)


class ReliefFactory(DjangoModelFactory):
    """Recovery money, to whom ``recipients`` names: by default to nobody."""

    class Meta:
        model = Relief
        skip_postgeneration_save = True

    disaster = factory.SubFactory(DisasterFactory)
    kind = ReliefKind.RECOVERY_MONEY

    @factory.post_generation
    def recipients(self, create, extracted, **kwargs):
        if create and extracted:
            self.recipients.set(extracted)


class MilestoneFactory(DjangoModelFactory):
    """A meeting of one day that refers to nothing."""

    class Meta:
        model = Milestone

    title = factory.Sequence(lambda n: f"見本の会議{n}")
    category = MilestoneCategory.MEETING
    earliest = date(2014, 9, 16)
    latest = factory.SelfAttribute("earliest")
