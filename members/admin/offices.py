"""Offices: their contact details change through the service, on the word of a caller."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.admin.base import RecordAdmin
from core.admin.columns import era_column, era_field, period
from core.admin.filters import FiscalYearFilter, PrefectureFilter
from core.admin.forms import RecordForm
from core.admin.inlines import ReadOnlyInline
from core.dates import add_months, today
from core.forms import PhoneField, PostalCodeField
from core.sheets import Column
from members.admin.register.renames import CancelRename, RenameInline, RenamesMixin
from members.admin.seats.invitations import InviteToOffice
from members.admin.told import TellOffice
from members.models import Office, Seat, User
from members.services import CONTACT_FIELDS, PERSONAL_CONTACT_FIELDS


class StaleFilter(admin.SimpleListFilter):
    """By how long ago the details were confirmed."""

    title = "最終確認"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("fresh", "1年以内"), ("stale", "1年より前"), ("never", "未確認")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        limit = Q(confirmed_at__date__gte=add_months(today(), -12))
        conditions = {
            "fresh": limit,
            "stale": Q(confirmed_at__isnull=False) & ~limit,
            "never": Q(confirmed_at=None),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


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
class OfficeAdmin(RenamesMixin, RecordAdmin):
    """担当部署."""

    form = OfficeAddForm
    list_display = [
        "organization",
        "name",
        "phone",
        era_column("confirmed_at", "最終確認"),
        "confirmed_through",
        "is_main",
        "is_sample",
    ]
    list_display_links = ["organization", "name"]
    list_filter = [
        PrefectureFilter.through("organization__prefecture"),
        StaleFilter,
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
    sheet_columns = [
        Column("団体コード", "organization.code"),
        Column("都道府県", "organization.prefecture.name"),
        Column("団体", "organization.name"),
        Column("部署名", "name"),
        Column("郵便番号", "postal_code_text"),
        Column("住所", "address"),
        Column("電話番号", "phone"),
        Column("内線", "extension"),
        Column("ファクス番号", "fax"),
        Column("共用メールアドレス", "email"),
        Column("最終確認", lambda office: local_day(office.confirmed_at)),
        Column("確認の方法", "get_confirmed_through_display"),
        Column("確認した部署", "confirmed_by"),
        Column("代表の部署", "is_main"),
        Column("見本", "is_sample"),
    ]

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


def local_day(moment):
    """The day of ``moment`` in Asia/Tokyo, or None."""
    return timezone.localdate(moment) if moment else None
