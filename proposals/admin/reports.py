"""The admin of reports: what members tell the secretariat, and what it makes of it."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import FiscalYearFilter
from core.admin.forms import ActionForm
from core.audit import Actor
from core.sheets import Column
from proposals import services
from proposals.enums import ReportStatus
from proposals.models import Report


class SettleForm(ActionForm):
    """What the secretariat did, or why it did nothing."""

    status = forms.ChoiceField(
        label="結果",
        choices=[(status, status.label) for status in ReportStatus if status != ReportStatus.OPEN],
    )
    outcome = forms.CharField(
        label="処理の内容",
        help_text="操作記録に残り、あとから変えられません",
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class SettleReport(ObjectAction):
    """Notes what became of a report."""

    name = "settle"
    title = button = "処理の結果を記録する"
    explanation = "提案や返信を非表示にするときは、先にそれぞれのページで行ってください。"
    form_class = SettleForm
    row: Report

    @classmethod
    def applies_to(cls, row: Report) -> bool:
        return row.status == ReportStatus.OPEN

    def act(self, form: SettleForm, by: Actor) -> str:
        services.settle_report(
            self.row,
            by=by,
            status=ReportStatus(form.cleaned_data["status"]),
            outcome=form.cleaned_data["outcome"],
        )
        return "処理の結果を記録しました"


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """通報, and requests about talks."""

    list_display = [
        "ground",
        "about",
        "organization",
        "status",
        era_column("reported_at", "届け出た日"),
    ]
    list_filter = ["status", "ground", FiscalYearFilter.over("reported_at")]
    search_fields = ["reason", "signature", "organization__search_text"]
    search_help_text = "理由と、届け出た団体の名称・カナ・団体コードで探せます"
    object_actions = (SettleReport,)
    reported = staticmethod(era_field("reported_at", "届け出た日時"))
    settled = staticmethod(era_field("settled_at", "処理した日時"))
    fieldsets = [
        ("届け出た人", {"fields": ["organization", "signature", "reported"]}),
        ("処理", {"fields": ["status", "outcome", "settled", "settled_by"]}),
    ]
    sheet_columns = [
        Column("種類", "get_ground_display"),
        Column("対象", lambda row: str(row.subject)),
        Column("届け出た団体", "organization.name"),
        Column("署名", "signature"),
        Column("理由", "reason"),
        Column("状態", "get_status_display"),
        Column("届け出た日時", "reported_at"),
        Column("処理の内容", "outcome"),
        Column("処理した日時", "settled_at"),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Report | None = None):
        """Of the three kinds that a report may be about, only its own has a line."""
        about = [obj.subject._meta.model_name] if obj else []
        said = (None, {"fields": ["ground", *about, "reason"]})
        return [said, *super().get_fieldsets(request, obj)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).with_subjects()

    @admin.display(description="対象")
    def about(self, report: Report) -> str:
        return str(report.subject)
