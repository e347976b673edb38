"""Disasters and the relief that was given, in the admin."""

from django.contrib import admin
from django.db.models import Max
from django.forms import HiddenInput, ModelForm
from django.http import HttpRequest

from chronicle.models import Disaster, Relief
from chronicle.queries import Given
from core.admin.base import RecordAdmin
from core.admin.columns import when
from core.admin.filters import FilledFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import DATE_HELP, DatedForm
from core.admin.inlines import RecordFormSet, RecordInline
from core.sheets import Column

PRINTED_HELP = "公開の一覧は、ここの言葉のとおりに表示します。空けておくと、上の日付と下の支援の行から作ります。"


class ReliefFormSet(RecordFormSet):
    """Rows of the loaded record are corrected, not taken out: a load would bring them back."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.record_digest and self.can_delete:
            box = form.fields["DELETE"]
            box.disabled, box.widget = True, HiddenInput()


class ReliefInline(RecordInline):
    model = Relief
    formset = ReliefFormSet
    fields = ["kind", "staff", "amount_yen", "recipients"]
    autocomplete_fields = ["recipients"]
    prefetched = ("recipients__prefecture",)
    show_change_link = True
    view_on_site = False


@admin.register(Disaster)
class DisasterAdmin(RecordAdmin):
    """災害."""

    form = DatedForm
    list_display = ["name", when, "support_text", "recipients_text"]
    list_filter = [
        "reliefs__kind",
        FiscalYearFilter,
        PrefectureFilter.through("reliefs__recipients__prefecture"),
        "confidence",
    ]
    search_fields = ["search_text", "reliefs__recipients__search_text", "record_id"]
    search_help_text = "災害名・支援の内容と、支援先の名称・カナで探せます"
    ordering = ["-latest", "-order"]
    autocomplete_fields = ["sources"]
    inlines = [ReliefInline]
    fieldsets = [
        (None, {"fields": ["name"]}),
        (
            "発生した日",
            {"fields": [("earliest", "latest"), "precision"], "description": DATE_HELP},
        ),
        (
            "広報紙の表記",
            {
                "fields": [("printed_year", "printed_when"), "printed_support", "order"],
                "description": PRINTED_HELP,
            },
        ),
        ("出典と事務局のメモ", {"fields": ["sources", "confidence", "note", "record_id"]}),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("災害名", "name", width=42),
        Column("発生時期", "when", width=32),
        Column("最も早い日", "earliest"),
        Column("最も遅い日", "latest"),
        Column("支援の内容", lambda disaster: Given.after(disaster).support_text, width=36),
        Column("支援先", lambda disaster: Given.after(disaster).recipients_text, width=40),
        Column("年（広報紙のとおり）", "printed_year"),
        Column("発生時期（広報紙のとおり）", "printed_when"),
        Column("支援の内容（広報紙のとおり）", "printed_support", width=60),
        Column("並び順", "order"),
        Column("メモ", "note"),
    ]

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["reliefs__recipients__prefecture"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str]:
        """A new disaster stands last in the public table."""
        last = Disaster.objects.aggregate(last=Max("order"))["last"] or 0
        return {"order": str(last + 1)} | super().get_changeform_initial_data(request)

    @admin.display(description="支援の内容")
    def support_text(self, disaster: Disaster) -> str | None:
        return Given.after(disaster).support_text or None

    @admin.display(description="支援先")
    def recipients_text(self, disaster: Disaster) -> str | None:
        return Given.after(disaster).recipients_text or None


@admin.register(Relief)
class ReliefAdmin(RecordAdmin):
    """被災地支援: one row with its own sources and note."""

    list_display = ["disaster_name", "kind", "staff_text", "amount_text", "recipients_text"]
    list_filter = [
        "kind",
        FiscalYearFilter.over("disaster__earliest", "disaster__latest", title="災害の年度"),
        PrefectureFilter.through("recipients__prefecture"),
        FilledFilter.of("staff", "職員の数", "記載あり", "記載なし"),
        FilledFilter.of("amount_yen", "金額", "記載あり", "記載なし"),
        "confidence",
    ]
    search_fields = ["disaster__search_text", "recipients__search_text", "record_id"]
    search_help_text = "災害名と、支援先の名称・カナで探せます"
    ordering = ["-disaster__latest", "-disaster__order", "pk"]
    list_select_related = ["disaster"]
    autocomplete_fields = ["disaster", "recipients", "sources"]
    fieldsets = [
        (None, {"fields": ["disaster", "kind", ("staff", "amount_yen"), "recipients"]}),
        ("出典と事務局のメモ", {"fields": ["sources", "confidence", "note", "record_id"]}),
    ]
    sheet_columns = [
        Column("記録番号", "record_id"),
        Column("災害の番号", "disaster.record_id"),
        Column("災害名", "disaster.name", width=42),
        Column("発生時期", "disaster.when", width=32),
        Column("種類", "get_kind_display"),
        Column("職員の数（人）", "staff"),
        Column("金額（円）", "amount_yen"),
        Column("支援先", "recipients_text", width=40),
        Column("メモ", "note"),
    ]

    def get_list_prefetch(self, request: HttpRequest) -> list[str]:
        return ["recipients__prefecture"]

    def view_on_site(self, obj: Relief) -> str:
        return obj.disaster.get_absolute_url()

    @admin.display(description="災害", ordering="disaster__latest")
    def disaster_name(self, relief: Relief) -> str:
        return relief.disaster.distinct_name

    @admin.display(description="職員の数（人）", ordering="staff")
    def staff_text(self, relief: Relief) -> str | None:
        return with_thousands(relief.staff)

    @admin.display(description="金額（円）", ordering="amount_yen")
    def amount_text(self, relief: Relief) -> str | None:
        return with_thousands(relief.amount_yen)

    @admin.display(description="支援先")
    def recipients_text(self, relief: Relief) -> str | None:
        return relief.recipients_text or None


def with_thousands(number: int | None) -> str | None:
    """30,000,000; None, which a list shows as ―, where nothing is stated."""
    return None if number is None else f"{number:,}"
