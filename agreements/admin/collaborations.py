"""Joint projects in the admin."""

import re
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from agreements import following, services
from agreements.enums import CollaborationSide, CollaborationStatus
from agreements.models import GRANTS, Collaboration, CollaborationParty, YearReport, names_of
from agreements.services.projects import check_agreements
from core.admin.actions import ObjectAction
from core.admin.actor import acting
from core.admin.base import RecordAdmin
from core.admin.columns import era_column, era_field
from core.admin.fields import EraDateField, is_possible
from core.admin.filters import FilledFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import DATE_HELP, ActionForm, DatedForm, ReasonForm
from core.admin.inlines import RecordFormSet, RecordInline
from core.audit import Actor
from core.dates import Precision, RecordDate
from core.errors import DomainError
from core.sheets import Column
from core.text import joined
from members.models import Organization


class CollaborationForm(DatedForm):
    """A joint project has two dates, the end not before the start, and agreements that reach it."""

    points = ("start_", "end_")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start_earliest"), cleaned.get("end_latest")
        if start and end and end < start:
            self.add_error("end_earliest", "終了は、開始より後にしてください")
        if not self.errors and cleaned.get("agreements"):
            self._check_agreements(cleaned)
        return cleaned

    def _check_agreements(self, cleaned: dict[str, Any]) -> None:
        start = RecordDate(*(cleaned[f"start_{part}"] for part in _PARTS))
        project = self.instance if self.instance.pk else None
        try:
            check_agreements(cleaned["agreements"], self._bodies(), start=start, project=project)
        except DomainError as refusal:
            self.add_error("agreements", str(refusal))

    def _bodies(self) -> list[Organization]:
        """The organizations chosen in the rows below, which are checked after this form."""
        keys = [
            value
            for name, value in self.data.items()
            if _PARTY.fullmatch(name)
            and not self.data.get(name.replace("organization", "DELETE"))
            and is_possible(value, Organization)
        ]
        return list(Organization.objects.filter(pk__in=filter(None, keys)))


_PARTS = ("earliest", "latest", "precision")
# What the rows of the organizations post.
_PARTY = re.compile(r"parties-\d+-organization")


class PartyFormSet(RecordFormSet):
    """A joint project has a ward, and only wards stand on their side."""

    def clean(self) -> None:
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        sides = {row.get("side") for row in rows}
        if not any(self.errors) and CollaborationSide.WARD not in sides:
            raise ValidationError("連携する団体は、特別区を1区以上選んでください")
        for row in rows:
            self._check_side(row)

    def _check_side(self, row: dict[str, Any]) -> None:
        body = row.get("organization")
        if body and body.is_ward != (row.get("side") == CollaborationSide.WARD):
            kind = "特別区です" if body.is_ward else "特別区ではありません"
            raise ValidationError(f"{body.full_name}は{kind}。側を選び直してください")


class PartyInline(RecordInline):
    model = CollaborationParty
    formset = PartyFormSet
    fields = ["side", "organization", "order"]
    autocomplete_fields = ["organization"]
    related = ("organization__municipality", "organization__prefecture")


class YearReportFormSet(RecordFormSet):
    """What a ward has submitted is corrected here, and never taken out with its files."""

    def clean(self) -> None:
        super().clean()
        if any(form.instance.submitted_at for form in self.deleted_forms):
            raise ValidationError("区が提出した年度実績は外せません。内容を修正してください")


class YearReportInline(RecordInline):
    """What the record holds: accepted ones. A ward's own come by ``YearReportAdmin``."""

    model = YearReport
    formset = YearReportFormSet
    fields = ["fiscal_year", "result", "visitors_qualifier", "visitors", *GRANTS]
    rows_to_add = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[YearReport]:
        return super().get_queryset(request).accepted()

    def rows_of(self, parent: Model) -> QuerySet[YearReport]:
        return super().rows_of(parent).accepted()


class CollaborationAction(ObjectAction):
    """An action of the lifecycle; ``target`` is the state it leads to."""

    target: CollaborationStatus
    row: Collaboration

    @classmethod
    def applies_to(cls, row: Collaboration) -> bool:
        return row.may_become(cls.target)


class Publish(ObjectAction):
    """Shows a joint project to everybody."""

    name = "publish"
    title = button = "連携事業を公開する"
    explanation = "公開すると、状態にかかわらず、だれでもサイトで読めます。"
    row: Collaboration

    @classmethod
    def applies_to(cls, row: Collaboration) -> bool:
        return not row.is_published

    def act(self, form: ActionForm, by: Actor) -> str:
        services.publish(self.row, by=by, version=self.version)
        return "連携事業を公開しました"


class Unpublish(ObjectAction):
    """Takes a joint project back from the public."""

    name = "unpublish"
    title = button = "連携事業の公開を取り消す"
    explanation = "この事業の団体の担当者と事務局だけが読めるようになります。もう一度公開できます。"
    form_class = ReasonForm
    is_grave = True
    row: Collaboration

    @classmethod
    def applies_to(cls, row: Collaboration) -> bool:
        return row.is_published

    def act(self, form: ReasonForm, by: Actor) -> str:
        reason = form.cleaned_data["reason"]
        services.unpublish(self.row, reason=reason, by=by, version=self.version)
        return "連携事業の公開を取り消しました"


KEPT = "空けると、入力済みの時期のままにします"


class StartForm(ActionForm):
    """The day on which a joint project began, unless the row tells the time already."""

    day = EraDateField(label="開始した日", required=False, help_text=KEPT)


class EndForm(ActionForm):
    """The day on which a joint project was over, unless the row tells the time already."""

    day = EraDateField(label="終了した日", required=False, help_text=KEPT)


def when_of(form: StartForm | EndForm) -> RecordDate | None:
    """The day typed, as a date of the record."""
    day: date | None = form.cleaned_data["day"]
    return RecordDate(day, day, Precision.DAY) if day else None


class Start(CollaborationAction):
    """Says that a planned joint project has begun."""

    name = "start"
    title = button = "連携事業を開始する"
    explanation = "状態を「実施中」に変えます。元には戻せません。"
    form_class = StartForm
    target = CollaborationStatus.UNDER_WAY

    def act(self, form: StartForm, by: Actor) -> str:
        services.start(self.row, when=when_of(form), by=by, version=self.version)
        return "連携事業を「実施中」にしました"


class End(CollaborationAction):
    """Says that a joint project is over."""

    name = "end"
    title = button = "連携事業を終了する"
    explanation = "状態を「終了」に変えます。元には戻せません。"
    form_class = EndForm
    target = CollaborationStatus.ENDED

    def act(self, form: EndForm, by: Actor) -> str:
        services.end(self.row, when=when_of(form), by=by, version=self.version)
        return "連携事業を「終了」にしました"


class Cancel(CollaborationAction):
    """Calls a joint project off."""

    name = "cancel"
    title = button = "連携事業を中止する"
    explanation = "状態を「中止」に変えます。元には戻せません。記録は残り、理由とあわせて読めます。"
    form_class = ReasonForm
    is_grave = True
    target = CollaborationStatus.CANCELLED

    def act(self, form: ReasonForm, by: Actor) -> str:
        reason = form.cleaned_data["reason"]
        services.cancel(self.row, reason=reason, by=by, version=self.version)
        return "連携事業を「中止」にしました"


@admin.register(Collaboration)
class CollaborationAdmin(RecordAdmin):
    """連携事業."""

    form = CollaborationForm
    list_display = [
        "title",
        "wards_column",
        "period",
        "status",
        era_column("published_at", "公開日"),
        "is_sample",
    ]
    list_filter = [
        "status",
        FilledFilter.of("published_at", "公開", "公開したもの", "公開前のもの"),
        FiscalYearFilter.over("start_earliest", "start_latest", title="開始した年度"),
        "themes",
        PrefectureFilter.through("organizations__prefecture"),
        "origin",
        "scope",
        "is_sample",
        "confidence",
    ]
    search_fields = ["search_text", "organizations__search_text", "record_id"]
    search_help_text = "題名・概要・きっかけと、団体の名称・カナ・団体コードで探せます"
    autocomplete_fields = ["agreements", "themes", "sources"]
    readonly_fields = ["status", "status_reason", "published"]
    object_actions = (Publish, Start, End, Cancel, Unpublish)
    inlines = [PartyInline, YearReportInline]
    fieldsets = [
        (None, {"fields": ["title", ("status", "status_reason"), "published", "scope"]}),
        (
            "時期",
            {
                "fields": [
                    ("start_earliest", "start_latest", "start_precision"),
                    ("end_earliest", "end_latest", "end_precision"),
                ],
                "description": f"{DATE_HELP}終わっていないときは、終了を空けるか、予定を入力します。",
            },
        ),
        ("きっかけ", {"fields": ["origin", "origin_date", "origin_text"]}),
        ("内容", {"fields": ["summary", "themes", "partner_text", "funding", "agreements"]}),
        (
            "出典と事務局のメモ",
            {
                "fields": [
                    "sources",
                    "status_as_of",
                    "confidence",
                    "note",
                    "record_id",
                    "is_sample",
                ]
            },
        ),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("題名", "title", width=44),
        Column("主体", "get_scope_display"),
        Column("特別区", lambda project: names_of(project.wards), width=28),
        Column("連携先", lambda project: names_of(project.partners), width=44),
        Column("連携先についての補足", "partner_text"),
        Column("分野", lambda project: joined(project.themes.all())),
        Column("きっかけ", "get_origin_display"),
        Column("きっかけの日", "origin_date"),
        Column("きっかけの説明", "origin_text", width=44),
        Column("期間", "period_text", width=36),
        Column("開始（最も早い日）", "start_earliest"),
        Column("開始（最も遅い日）", "start_latest"),
        Column("終了（最も早い日）", "end_earliest"),
        Column("終了（最も遅い日）", "end_latest"),
        Column("状態", "get_status_display"),
        Column("中止の理由", "status_reason"),
        Column("状態を確認した時期", "status_as_of"),
        Column("公開日時", "published_at"),
        Column("概要", "summary", width=44),
        Column("外部の資金", "funding"),
        Column("協定", lambda project: joined(project.agreements.all())),
        Column("メモ", "note"),
        Column("見本", "is_sample"),
    ]

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return [
            "parties__organization__municipality",
            "parties__organization__prefecture",
            "themes",
            "agreements",
        ]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets, change: bool) -> None:
        """Tells of the agreements and reports that it has from now on, and lets follow what does."""
        project, by = form.instance, acting(request)
        agreements = set(project.agreements.all())
        reports = set(project.year_reports.accepted())
        super().save_related(request, form, formsets, change)
        if change:
            linked = [row for row in project.agreements.all() if row not in agreements]
            services.tell_agreements(project, linked, by=by)
            added = [row for row in project.year_reports.accepted() if row not in reports]
            services.tell_added_reports(added, by=by)
        following.tell(project, by=by)

    published = staticmethod(era_field("published_at", "公開日時"))

    @admin.display(description="特別区")
    def wards_column(self, project: Collaboration) -> str:
        return project.wards_text

    @admin.display(description="期間", ordering="start_latest")
    def period(self, project: Collaboration) -> str:
        return project.period_text
