"""News, policy pages and stated figures."""

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from chronicle.enums import NewsKind, NewsStatus
from chronicle.querysets import UNFINISHED, NewsQuerySet, PageQuerySet, StatedFigureQuerySet
from core.dates import RecordDate
from core.enums import Level, Qualifier, qualified
from core.markdown import render
from core.models import Recorded
from core.search import SearchTextField


class News(models.Model):
    """お知らせ. Its body is Markdown."""

    title = models.CharField("題名", max_length=120)
    kind = models.CharField("種類", max_length=10, choices=NewsKind, default=NewsKind.NOTICE)
    body = models.TextField(
        "本文", help_text="見出しは行の始めに「## 」、箇条書きは「- 」と書きます"
    )
    level = models.CharField("公開の範囲", max_length=11, choices=Level, default=Level.PUBLIC)
    status = models.CharField(
        "状態", max_length=10, choices=NewsStatus, default=NewsStatus.DRAFT, editable=False
    )
    published_at = models.DateTimeField("公開日時", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("見本", default=False)
    search_text = SearchTextField()

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("chronicle:news_detail", args=[self.pk])

    def searchable_parts(self) -> list[str]:
        return [self.title, self.body]

    @cached_property
    def html(self) -> str:
        return render(self.body)


class Page(models.Model):
    """固定ページ: a policy page that the secretariat edits. Its body is Markdown."""

    slug = models.SlugField("アドレス", max_length=40, unique=True)
    title = models.CharField("題名", max_length=60)
    body = models.TextField(
        "本文", help_text="見出しは行の始めに「## 」、箇条書きは「- 」と書きます"
    )
    order = models.PositiveSmallIntegerField("並び順", default=100)
    updated_at = models.DateTimeField("更新日時", auto_now=True)
    search_text = SearchTextField()

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "固定ページ"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("chronicle:page_detail", args=[self.slug])

    def searchable_parts(self) -> list[str]:
        return [self.title, self.body]

    @property
    def is_unfinished(self) -> bool:
        """Whether the secretariat still has to write a part of it."""
        return UNFINISHED in self.body

    @cached_property
    def html(self) -> str:
        return render(self.body)


class StatedFigure(Recorded):
    """公表値: a figure somebody published; never mixed with a computed one."""

    metric = models.CharField("指標", max_length=40)
    value = models.BigIntegerField("値")
    unit = models.CharField("単位", max_length=10)
    qualifier = models.CharField(
        "数に付く言葉", max_length=3, choices=Qualifier, default=Qualifier.EXACT, blank=True
    )
    as_of_earliest = models.DateField("時点（最も早い日）", null=True, blank=True)
    as_of_latest = models.DateField("時点（最も遅い日）", null=True, blank=True)
    description = models.CharField("説明", max_length=200)
    refers_to = models.CharField("対応する記録", max_length=10, blank=True)
    in_charts = models.BooleanField("図に載せる", default=True)

    objects = StatedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公表値"
        ordering = ["metric", "as_of_latest", "pk"]

    def __str__(self) -> str:
        return f"{self.description} {self.value_text}"

    @property
    def value_text(self) -> str:
        """1,100自治体超; 7団体."""
        return qualified(self.value, self.qualifier, self.unit)

    @property
    def word_before(self) -> str:
        """What stands before the number: 約, 延べ, or nothing."""
        return "" if self.qualifier == Qualifier.OVER else self.qualifier

    @property
    def word_after(self) -> str:
        """What stands behind the number: 自治体, 自治体超."""
        return f"{self.unit}{self.qualifier if self.qualifier == Qualifier.OVER else ''}"

    @property
    def as_of(self) -> RecordDate:
        precision = "day" if self.as_of_earliest == self.as_of_latest else "month"
        return RecordDate(self.as_of_earliest, self.as_of_latest, precision)
