"""Offices: their contact details change through the service, on the word of a caller."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core.admin.base import RecordAdmin
from core.admin.columns import era_field, period
from core.admin.filters import DeadAddressFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import RecordForm
from core.admin.inlines import ReadOnlyInline
from core.dates import today
from core.forms import PhoneField, PostalCodeField
from members.admin.edited import EditedMixin
from members.admin.freshness import FreshnessFilter, freshness
from members.admin.register.renames import CancelRename, RenameInline, RenamesMixin
from members.admin.seats.invitations import InviteToOffice
from members.admin.told import TellOffice
from members.models import Office, Seat, User
from members.services import CONTACT_FIELDS, PERSONAL_CONTACT_FIELDS
from members.services.edited import OFFICE_EDITS
from members.sheets import OFFICE_SHEET


class LeftFilter(admin.SimpleListFilter):
    """Without the offices of bodies that have left, or these alone."""

    title = "団体の退会"
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("no", "退会した団体を除く"), ("yes", "退会した団体")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        here = Office.objects.taking_part(today()).values("pk")
        match self.value():
            case "no":
                return queryset.filter(pk__in=here)
            case "yes":
                return queryset.exclude(pk__in=here)
        return queryset


class OfficeSeatInline(ReadOnlyInline):
    model = Seat
    fields = ["person", "role", "period"]
    related = ("user", "office__organization__prefecture")

    @admin.display(description="利用者")
    def person(self, seat: Seat) -> str:
        return seat.user.display_name

    @admin.display(description="期間")
    def period(self, seat: Seat) -> str:
        return period(seat)


class OfficeAddForm(RecordForm):
    """Contact details in any width."""

    postal_code = PostalCodeField(label="郵便番号", required=False, width=8)
    phone = PhoneField(label="電話番号", required=False, max_length=20, width=12)
    fax = PhoneField(label="ファクス番号", required=False, max_length=20, width=12)


@admin.register(Office)
class OfficeAdmin(RenamesMixin, EditedMixin, RecordAdmin):
    """担当部署."""

    form = OfficeAddForm
    list_display = [
        "organization",
        "name",
        "phone",
        freshness,
        "confirmed_through",
        "is_main",
        "is_sample",
    ]
    list_display_links = ["organization", "name"]
    list_filter = [
        PrefectureFilter.through("organization__prefecture"),
        FreshnessFilter,
        LeftFilter,
        DeadAddressFilter.of("email"),
        FiscalYearFilter.over("confirmed_at", title="確認の年度"),
        "confirmed_through",
        "organization__kind",
        "is_sample",
    ]
    list_select_related = ["organization__prefecture", "organization__municipality"]
    search_fields = ["search_text", "organization__search_text"]
    search_help_text = "団体の名称・カナ・団体コード、部署名、電話番号、メールアドレスで探せます"
    autocomplete_fields = ["organization"]
    fixed_fields = ("organization", *CONTACT_FIELDS)
    confirmed_in_both_eras = staticmethod(era_field("confirmed_at", "最終確認"))
    readonly_fields = ["confirmed_in_both_eras", "confirmed_by", "confirmed_through"]
    personal_fields = PERSONAL_CONTACT_FIELDS
    object_actions = (TellOffice, InviteToOffice, CancelRename)
    inlines = [OfficeSeatInline, RenameInline]
    holds_contacts = True
    edited_sheet, edited_table = OFFICE_SHEET, OFFICE_EDITS
    sheet_columns = edited_sheet.sheet_columns

    def get_fieldsets(self, request: HttpRequest, obj: Office | None = None):
        contact: dict[str, Any] = {"fields": list(CONTACT_FIELDS[1:])}
        if obj is not None:
            contact["description"] = "連絡先は「電話などで確認・訂正を記録」から直します"
        rest = [
            ("連絡先", contact),
            ("全ページの下に出す問い合わせ先", {"fields": ["desk_heading", "desk_order"]}),
            ("事務局のメモ", {"fields": ["note", "is_sample"]}),
        ]
        if obj is not None:
            rest.insert(1, ("最終確認", {"fields": self.readonly_fields}))
        return [(None, {"fields": ["organization", "name", "is_main"]}), *rest]

    def get_inlines(self, request: HttpRequest, obj: Office | None = None):
        return self.inlines if obj else []

    def action_links(self, request: HttpRequest, obj: Office) -> list[dict[str, Any]]:
        links = super().action_links(request, obj)
        for model, label in ((User, "新しい利用者を登録"), (Seat, "担当を追加")):
            model_admin = self.admin_site.get_model_admin(model)
            if model_admin.has_add_permission(request):
                url = reverse(model_admin.url_name("add"), query={"office": obj.pk})
                links.append({"label": label, "url": url, "kind": "plain"})
        return links
