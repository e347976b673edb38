"""News and policy pages."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from chronicle.enums import NewsKind, NewsStatus
from chronicle.querysets import TERMS, UNFINISHED, NewsQuerySet, PageQuerySet
from core.enums import Level
from core.markdown import render
from core.models import Attachment
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
    attachments = GenericRelation(
        Attachment,
        object_id_field="owner_id",
        content_type_field="owner_type",
        verbose_name="添付ファイル",
    )

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
    """固定ページ: a policy page that the secretariat edits. Its body is Markdown.

    ``edition`` counts for the terms of use alone (``is_terms``), which members accept.
    """

    slug = models.SlugField("アドレス", max_length=40, unique=True)
    title = models.CharField("題名", max_length=60)
    body = models.TextField(
        "本文", help_text="見出しは行の始めに「## 」、箇条書きは「- 」と書きます"
    )
    edition = models.PositiveIntegerField(
        "版", default=1, help_text="数字を上げると、全員にもう一度同意を求めます"
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
    def is_terms(self) -> bool:
        """Whether it holds the terms of use (利用規約)."""
        return self.slug == TERMS

    @property
    def is_unfinished(self) -> bool:
        """Whether the secretariat still has to write a part of it."""
        return UNFINISHED in self.body

    @cached_property
    def html(self) -> str:
        return render(self.body)
