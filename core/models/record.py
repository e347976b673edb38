"""Sources, and the abstract rows that every room's record builds on."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from core.dates import Precision, RecordDate
from core.enums import Confidence
from core.querysets import DatedQuerySet, RecordQuerySet


class Dated(models.Model):
    """A row with one date of the record; ``when`` is that date."""

    earliest = models.DateField("最も早い日", null=True, blank=True)
    latest = models.DateField("最も遅い日", null=True, blank=True)
    precision = models.CharField(
        "日付の正確さ", max_length=11, choices=Precision, default=Precision.DAY
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                # Both are named, because a comparison with nothing passes a check.
                condition=Q(earliest=None, latest=None)
                | Q(earliest__isnull=False, latest__isnull=False, earliest__lte=F("latest")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message="「最も早い日」と「最も遅い日」は両方を、順に入力してください",
            )
        ]

    @property
    def when(self) -> RecordDate:
        return RecordDate(self.earliest, self.latest, self.precision)


class Loaded(models.Model):
    """A row that a load of the data brings in (``core.record``).

    ``record_digest`` is the digest of the data row last loaded: a later load changes the row
    only when the data changed, so that corrections made in the admin stay.
    """

    record_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class SourceQuerySet(RecordQuerySet):
    def public(self) -> Self:
        """The sources that a visitor may see."""
        return self.filter(public=True)


class Source(Loaded):
    """出典: where a row of the record comes from."""

    key = models.SlugField("キー", max_length=40, unique=True)
    title = models.CharField("題名", max_length=200)
    title_is_descriptive = models.BooleanField("題名は説明", default=False)
    issuer = models.CharField("発行者", max_length=100, blank=True)
    date_text = models.CharField("発行の時期", max_length=10, blank=True)
    url = models.URLField("URL", max_length=500, blank=True)
    public = models.BooleanField("公開", default=True)
    note = models.TextField("メモ（事務局のみ）", blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "出典"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Recorded(Loaded):
    """A row of the public record, with its sources.

    ``note`` and ``confidence`` are for the secretariat only.
    """

    record_id = models.CharField("記録番号", max_length=10, unique=True, null=True, blank=True)
    note = models.TextField("メモ（事務局のみ）", blank=True)
    confidence = models.CharField(
        "確かさ（事務局のみ）", max_length=6, choices=Confidence, default=Confidence.HIGH
    )
    sources = models.ManyToManyField(Source, verbose_name="出典", blank=True, related_name="+")

    class Meta:
        abstract = True

    @cached_property
    def public_sources(self) -> list[Source]:
        """The sources that a visitor may see."""
        return list(self.sources.public())


def public_sources(path: str = "sources") -> models.Prefetch:
    """For ``prefetch_related``: ``public_sources`` of many rows in one query."""
    return models.Prefetch(path, Source.objects.public(), to_attr="public_sources")
