"""The chronology in the admin."""

from django.contrib import admin
from django.db.models import Manager
from django.http import HttpRequest

from chronicle.models import Milestone
from core.admin.base import RecordAdmin
from core.admin.columns import when
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.admin.forms import DATE_HELP, DatedForm
from core.sheets import Column
from core.text import joined

SAME_HELP = "この沿革と同じ出来事の記録を選びます。あゆみのページには、沿革の1行だけを表示し、選んだ記録へリンクします。"


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    """沿革."""

    form = DatedForm
    list_display = ["title", when, "category", "same_text"]
    list_filter = [
        "category",
        FiscalYearFilter,
        PrefectureFilter.through("organizations__prefecture"),
        "precision",
        "confidence",
    ]
    search_fields = ["search_text", "organizations__search_text", "record_id"]
    search_help_text = "題名・説明・場所・人と、団体の名称・カナ・団体コードで探せます"
    ordering = ["-latest", "-earliest", "-pk"]
    autocomplete_fields = [
        "organizations",
        "agreements",
        "collaborations",
        "events",
        "disasters",
        "sources",
    ]
    fieldsets = [
        (None, {"fields": ["title", "category", "detail"]}),
        (
            "日付",
            {"fields": [("earliest", "latest"), "precision"], "description": DATE_HELP},
        ),
        ("場所と参加", {"fields": ["place", "organizations", "people", "participants_text"]}),
        (
            "同じ出来事の記録",
            {
                "fields": ["agreements", "collaborations", "events", "disasters"],
                "description": SAME_HELP,
            },
        ),
        (
            "出典と事務局のメモ",
            {"fields": ["sources", "newsletter_order", "confidence", "note", "record_id"]},
        ),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("題名", "title", width=48),
        Column("種類", "get_category_display"),
        Column("日付", "when", width=32),
        Column("最も早い日", "earliest"),
        Column("最も遅い日", "latest"),
        Column("説明", "detail", width=48),
        Column("場所", "place"),
        Column("団体", lambda milestone: joined(milestone.organizations.all()), width=40),
        Column("人", lambda milestone: joined(milestone.people_list)),
        Column("参加した団体（文で）", "participants_text"),
        Column("同じ出来事の記録", lambda milestone: same_as(milestone), width=48),
        Column("広報紙の年表での順番", "newsletter_order"),
        Column("メモ", "note"),
    ]

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return [
            "organizations__prefecture",
            "agreements",
            "collaborations",
            "events",
            "disasters",
        ]

    @admin.display(description="同じ出来事の記録")
    def same_text(self, milestone: Milestone) -> str | None:
        """協定、イベント: what kinds of records; which ones, the page says."""
        kinds = [rows.model._meta.verbose_name for rows in records_of(milestone) if rows.all()]
        return joined(kinds) or None


def records_of(milestone: Milestone) -> tuple[Manager, ...]:
    """The relations to the records that the milestone is the same happening as."""
    return (
        milestone.agreements,
        milestone.collaborations,
        milestone.events,
        milestone.disasters,
    )


def same_as(milestone: Milestone) -> str:
    """The titles of those records."""
    return joined(record for rows in records_of(milestone) for record in rows.all())
