"""Disasters, and what the wards gave to the municipalities struck by them."""

from django.db import models
from django.urls import reverse

from chronicle.enums import ReliefKind
from chronicle.querysets import DisasterQuerySet, ReliefQuerySet
from core.dates import Precision
from core.models import Dated, Recorded
from core.search import SearchTextField
from core.text import joined
from members.models import Organization


class Disaster(Dated, Recorded):
    """災害: one row of the newsletter's table, whose cells it keeps as they are printed."""

    name = models.CharField("名称", max_length=80)
    printed_year = models.CharField("年（広報紙のとおり）", max_length=10, blank=True)
    printed_when = models.CharField("発生時期（広報紙のとおり）", max_length=20, blank=True)
    printed_support = models.TextField("支援の内容（広報紙のとおり）", blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    search_text = SearchTextField()

    objects = DisasterQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "災害"
        ordering = ["order", "latest", "pk"]

    def __str__(self) -> str:
        return self.distinct_name

    def get_absolute_url(self) -> str:
        return reverse("chronicle:disaster_detail", args=[self.pk])

    @property
    def distinct_name(self) -> str:
        """The name with its date: two earthquakes off Fukushima share one name."""
        return f"{self.name}（{self.when}）"

    @property
    def year(self) -> int | None:
        """The calendar year in which it began; None when its date leaves the year open."""
        if self.earliest is None or self.latest is None:
            return None
        known = self.precision == Precision.DAY or self.earliest.year == self.latest.year
        return self.earliest.year if known else None

    def searchable_parts(self) -> list[str]:
        return [self.name, self.printed_support]


class Relief(Recorded):
    """被災地支援: one kind of support after a disaster. Several rows may name one kind."""

    disaster = models.ForeignKey(
        Disaster, models.PROTECT, verbose_name="災害", related_name="reliefs"
    )
    kind = models.CharField("種類", max_length=10, choices=ReliefKind)
    staff = models.PositiveIntegerField("職員の数（人）", null=True, blank=True)
    amount_yen = models.PositiveBigIntegerField("金額（円）", null=True, blank=True)
    recipients = models.ManyToManyField(
        Organization, verbose_name="支援先", blank=True, related_name="reliefs"
    )

    objects = ReliefQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "被災地支援"
        ordering = ["disaster__order", "pk"]

    def __str__(self) -> str:
        return f"{self.disaster}：{self.get_kind_display()}"

    @property
    def recipients_text(self) -> str:
        """石川県、新潟県; empty where the record names nobody."""
        return joined(self.recipients.all())
