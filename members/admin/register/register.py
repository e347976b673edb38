"""The official register: shown, and brought up to date by ``load_register``.

What changes before the official data has it is recorded as a ``MunicipalityChange``.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.admin.base import ReadOnlyAdmin
from core.admin.columns import NOTHING, era_column
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.dates import day_text, today
from core.sheets import Column
from members.admin.register.changes import CancelChange, CarryOver, CorrectChange, RecordChange
from members.models import Municipality, MunicipalityChange, Prefecture

FROM_REGISTER = (
    "総務省の全国地方公共団体コードから読み込んだ台帳です。"
    "合併や名称の変更は、「市区町村の変更」に登録するか、台帳の読み込みで反映します。"
)


class RegisterAdmin(ReadOnlyAdmin):
    """A table of the register."""

    def may_act(self, request: HttpRequest, obj) -> bool:
        return False


@admin.register(Prefecture)
class PrefectureAdmin(RegisterAdmin):
    """都道府県."""

    list_display = ["name", "kana", "code6", "region"]
    list_filter = ["region"]
    search_fields = ["name", "kana", "code6"]
    fieldsets = [
        (
            None,
            {"fields": ["code", "code6", "name", "kana", "region"], "description": FROM_REGISTER},
        ),
        ("地図", {"fields": ["tile_row", "tile_column"]}),
    ]
    sheet_columns = [
        Column("コード", "code"),
        Column("団体コード", "code6"),
        Column("名称", "name"),
        Column("カナ", "kana"),
        Column("地方", "region"),
    ]


class StandingFilter(admin.SimpleListFilter):
    """Municipalities of today, or those that were merged or replaced."""

    title = "現在の市区町村"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("now", "現在あるもの"), ("gone", "廃止されたもの")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "now":
            return queryset.on(today())
        if self.value() == "gone":
            return queryset.filter(valid_until__lt=today())
        return queryset


@admin.register(Municipality)
class MunicipalityAdmin(RegisterAdmin):
    """市区町村."""

    list_display = [
        "full_name",
        "kana",
        "code",
        "kind",
        "district",
        era_column("valid_until", "廃止の前日"),
    ]
    list_filter = [PrefectureFilter, "kind", StandingFilter, "designated_city"]
    list_select_related = ["prefecture"]
    search_fields = ["organization__search_text", "name", "kana", "code", "former_names"]
    fieldsets = [
        (
            None,
            {
                "fields": ["code", "prefecture", "name", "kana", "kind", "district"],
                "description": FROM_REGISTER,
            },
        ),
        ("そのほか", {"fields": ["designated_city", "former_names", "valid_from", "valid_until"]}),
    ]
    sheet_columns = [
        Column("団体コード", "code"),
        Column("都道府県", "prefecture.name"),
        Column("名称", "name"),
        Column("カナ", "kana"),
        Column("種類", "kind"),
        Column("郡", "district"),
        Column("政令指定都市", "designated_city"),
        Column("旧名称", "former_names"),
        Column("いつから", "valid_from"),
        Column("廃止の前日", "valid_until"),
    ]

    @admin.display(description="名称", ordering="code")
    def full_name(self, municipality: Municipality) -> str:
        return municipality.full_name


@admin.register(MunicipalityChange)
class MunicipalityChangeAdmin(ReadOnlyAdmin):
    """市区町村の変更: from the official data, or recorded by the secretariat before it has them."""

    object_actions = (CarryOver, CorrectChange, CancelChange)

    list_display = [
        era_column("date", "施行日"),
        "kind",
        "former_name",
        "current_name",
        "prefecture",
    ]
    list_display_links = ["former_name"]
    list_filter = [
        FiscalYearFilter.over("date"),
        "kind",
        PrefectureFilter.through("current__prefecture"),
    ]
    search_fields = [
        "former_name",
        "current_name",
        "former__kana",
        "current__kana",
        "current__code",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": ["date", "kind", "former", "former_name", "current", "current_name"],
            },
        ),
        ("団体の引継ぎ", {"fields": ["carried_over", "main_office", "from_data"]}),
        ("事務局のメモ", {"fields": ["sources", "note"]}),
    ]
    sheet_columns = [
        Column("施行日", "date"),
        Column("種類", "get_kind_display"),
        Column("都道府県", "current.prefecture.name"),
        Column("変更前のコード", "former.code"),
        Column("変更前の名称", "former_name"),
        Column("変更後のコード", "current.code"),
        Column("変更後の名称", "current_name"),
    ]
    sheet_related = ("former",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MunicipalityChange]:
        # Django asks list_select_related only where nothing is selected yet.
        related = ("current__prefecture", "succession__main_office")
        return super().get_queryset(request).select_related(*related)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.add_municipalitychange")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        return RecordChange.as_view(model_admin=self)(request)

    @admin.display(description="部署と担当")
    def carried_over(self, change: MunicipalityChange) -> str:
        succession = getattr(change, "succession", None)
        if succession is None:
            return "引継ぎは登録されていません"
        if succession.applied_at is None:
            return f"{day_text(change.date)}に移ります"
        return f"{day_text(timezone.localdate(succession.applied_at))}に移りました"

    @admin.display(description="代表になる部署")
    def main_office(self, change: MunicipalityChange) -> str:
        succession = getattr(change, "succession", None)
        return str(succession.main_office) if succession and succession.main_office else NOTHING

    @admin.display(description="台帳")
    def from_data(self, change: MunicipalityChange) -> str:
        if change.record_digest:
            return "総務省の台帳の読み込みで確かめられています"
        return "事務局が登録しました。台帳の読み込みでは、まだ確かめられていません"

    @admin.display(description="都道府県", ordering="current__prefecture")
    def prefecture(self, change: MunicipalityChange) -> str:
        return change.current.prefecture.name
