"""Stated figures in the admin."""

from django.contrib import admin

from chronicle.enums import Metric
from chronicle.models import StatedFigure
from core.admin.base import RecordAdmin
from core.admin.filters import FiscalYearFilter
from core.sheets import Column


@admin.register(StatedFigure)
class StatedFigureAdmin(RecordAdmin):
    """公表値."""

    list_display = ["description", "value_text", "as_of", "metric_label", "in_charts"]
    list_filter = [
        FiscalYearFilter.over("as_of_earliest", "as_of_latest"),
        "in_charts",
        "confidence",
    ]
    search_fields = ["description", "metric", "record_id"]
    search_help_text = "説明と指標で探せます"
    autocomplete_fields = ["sources"]
    fieldsets = [
        (None, {"fields": ["description", "metric", ("qualifier", "value", "unit"), "in_charts"]}),
        ("時点", {"fields": [("as_of_earliest", "as_of_latest")]}),
        (
            "出典と事務局のメモ",
            {"fields": ["sources", "refers_to", "confidence", "note", "record_id"]},
        ),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("説明", "description"),
        Column("指標", lambda figure: metric_text(figure)),
        Column("数に付く言葉", "qualifier"),
        Column("値", "value"),
        Column("単位", "unit"),
        Column("時点（最も早い日）", "as_of_earliest"),
        Column("時点（最も遅い日）", "as_of_latest"),
        Column("図に載せる", "in_charts"),
        Column("対応する記録", "refers_to"),
        Column("メモ", "note"),
    ]

    @admin.display(description="値", ordering="value")
    def value_text(self, figure: StatedFigure) -> str:
        return figure.value_text

    @admin.display(description="時点", ordering="as_of_latest")
    def as_of(self, figure: StatedFigure) -> str:
        return str(figure.as_of)

    @admin.display(description="指標", ordering="metric")
    def metric_label(self, figure: StatedFigure) -> str:
        return metric_text(figure)


def metric_text(figure: StatedFigure) -> str:
    """What the figure counts; a metric without a label keeps its name."""
    return dict(Metric.choices).get(figure.metric, figure.metric)
