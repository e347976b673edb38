"""Figures that somebody published."""

from django.db import models

from chronicle.querysets import StatedFigureQuerySet
from core.dates import RecordDate
from core.enums import Qualifier, qualified
from core.models import Recorded


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
