"""Organizations, what associations cover, memberships, and the list of themes."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from core.admin.actions import ObjectAction
from core.admin.base import RecordAdmin
from core.admin.columns import day_or_none, era_column
from core.admin.fields import EraDateField
from core.admin.filters import FilledFilter, FiscalYearFilter, PrefectureFilter
from core.admin.forms import ActionForm, ReasonForm, RecordForm
from core.admin.inlines import ReadOnlyInline, RecordInline
from core.audit import Actor
from core.dates import today
from core.forms import KanaField
from core.sheets import Column
from members import services
from members.admin.edited import EditedMixin
from members.admin.freshness import freshness
from members.admin.joining.going_live import GoingLiveMixin
from members.admin.register.profiles import (
    PROFILE_ROWS,
    ProfileAdmin,
    ProfileFilter,
    ProfileLinkInline,
    ProfileRecordForm,
)
from members.enums import OrganizationKind
from members.models import (
    Coverage,
    CoverageException,
    Membership,
    Office,
    Organization,
    Theme,
)
from members.services.edited import MEMBERSHIP_EDITS, ORGANIZATION_EDITS
from members.services.register.organizations import REGISTER_KINDS, is_from_register
from members.sheets import MEMBERSHIP_SHEET, ORGANIZATION_SHEET


class OfficeInline(ReadOnlyInline):
    model = Office
    fields = ["name", "phone", "email", "is_main", freshness]
    related = ("organization__prefecture",)


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ["joined", "left"]
    related = ("organization__prefecture",)


class CoverageInline(RecordInline):
    model = Coverage
    fields = ["prefecture", "kinds", "valid_from", "valid_until"]
    autocomplete_fields = ["prefecture"]
    related = ("prefecture",)
    rows_to_add = 1


class CoverageExceptionInline(RecordInline):
    model = CoverageException
    fields = ["municipality", "included", "valid_from", "valid_until"]
    autocomplete_fields = ["municipality"]
    related = ("municipality__prefecture",)
    rows_to_add = 1


class MemberFilter(admin.SimpleListFilter):
    """By membership today."""

    title = "会員登録"
    parameter_name = "member"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "会員"), ("no", "会員以外")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        members = Membership.objects.on(today()).values("organization")
        if self.value() == "yes":
            return queryset.filter(pk__in=members)
        if self.value() == "no":
            return queryset.exclude(pk__in=members)
        return queryset


class LeadFilter(admin.SimpleListFilter):
    """Organizations that take part and have nobody who leads: the secretariat's queue."""

    title = "主担当"
    parameter_name = "lead"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("none", "主担当のいない団体")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.without_lead(today()) if self.value() == "none" else queryset


class OrganizationForm(ProfileRecordForm):
    """A body that is not in the register; municipalities and prefectures come from there."""

    kana = KanaField(label="カナ", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            choices = [c for c in OrganizationKind.choices if c[0] not in REGISTER_KINDS]
            self.fields["kind"].choices = [("", "選んでください"), *choices]


@admin.register(Organization)
class OrganizationAdmin(EditedMixin, ProfileAdmin):
    """団体."""

    form = OrganizationForm
    list_display = ["full_name", "kana", "code", "kind", "member_since", "main_freshness"]
    list_filter = [PrefectureFilter, "kind", MemberFilter, LeadFilter, ProfileFilter]
    list_select_related = ["municipality", "prefecture"]
    search_fields = ["search_text"]
    autocomplete_fields = ["prefecture"]
    fixed_fields = ("kind", "municipality")
    inlines = [
        OfficeInline,
        MembershipInline,
        ProfileLinkInline,
        CoverageInline,
        CoverageExceptionInline,
    ]
    edited_sheet, edited_table = ORGANIZATION_SHEET, ORGANIZATION_EDITS
    sheet_columns = edited_sheet.sheet_columns

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        current = Membership.objects.on(today()).filter(organization=OuterRef("pk"))
        since = Subquery(current.values("joined")[:1])
        return super().get_queryset(request).annotate(member_since=since)

    def get_list_prefetch(self, request: HttpRequest) -> list[Prefetch | str]:
        main = Office.objects.filter(is_main=True)
        return [Prefetch("offices", queryset=main, to_attr="main_offices"), "themes"]

    def get_fieldsets(self, request: HttpRequest, obj: Organization | None = None):
        identity = ["kind", "municipality"] if obj and obj.municipality_id else ["kind"]
        names = {"fields": [*identity, "name", "kana", "prefecture"]}
        if obj is None:
            names["description"] = "市区町村と都道府県は、台帳から登録されています"
        return [
            (None, names),
            ("紹介", {"fields": PROFILE_ROWS}),
            ("事務局のメモ", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None):
        fields = super().get_readonly_fields(request, obj)
        from_register = obj is not None and is_from_register(obj)
        return (*fields, "name", "kana", "prefecture") if from_register else fields

    def get_inlines(self, request: HttpRequest, obj: Organization | None = None):
        """What an association covers is asked for associations only."""
        if obj is None:
            return []
        return self.inlines if obj.is_association else self.inlines[:3]

    def action_links(self, request: HttpRequest, obj: Organization) -> list[dict[str, Any]]:
        links = super().action_links(request, obj)
        office_admin = self.admin_site.get_model_admin(Office)
        if office_admin.has_add_permission(request):
            url = reverse(office_admin.url_name("add"), query={"organization": obj.pk})
            links.append({"label": "部署を追加", "url": url, "kind": "plain"})
        return links

    def save_model(self, request: HttpRequest, obj: Organization, form, change: bool) -> None:
        """Saves; the offices are found by the organization's name, so they learn the new one."""
        super().save_model(request, obj, form, change)
        for office in obj.offices.all() if change else ():
            office.save(update_fields=["search_text"])

    @admin.display(description="名称", ordering="municipality__code")
    def full_name(self, organization: Organization) -> str:
        return organization.full_name

    @admin.display(description="団体コード", ordering="municipality__code")
    def code(self, organization: Organization) -> str | None:
        return organization.code

    @admin.display(description="会員登録日", ordering="member_since")
    def member_since(self, organization: Organization) -> str | None:
        return day_or_none(organization.member_since)

    @admin.display(description="代表の部署の最終確認")
    def main_freshness(self, organization: Organization) -> str | None:
        office = main_office(organization)
        return freshness(office) if office else None


def main_office(organization: Organization) -> Office | None:
    """The main office of an organization read by ``OrganizationAdmin.get_list_prefetch``."""
    return next(iter(organization.main_offices), None)


class MembershipForm(RecordForm):
    """Refuses what ``services.open_membership`` refuses."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk is None and {"organization", "joined"} <= data.keys():
            refusal = services.membership_refusal(data["organization"], data["joined"])
            if refusal:
                self.add_error("organization", refusal)
        return data


class WithdrawForm(ReasonForm):
    """The last day of a membership, and why it ends."""

    left = EraDateField(label="退会日", initial=today, help_text="この日まで会員として数えます")

    field_order = ["left", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = "取り下げる提案や辞退する申し出のページにも載ります"
        self.fields["reason"].help_text += f"。{shown}"


class WithdrawMembership(ObjectAction):
    """Ends a membership, and the seats and the open business of the organization with it."""

    name = "withdraw"
    title = "退会を記録"
    button = "退会を記録する"
    explanation = (
        "団体の担当も、すべて退会日までになり、返事待ちの招待と引継ぎは取り消されます。"
        "募集中・協議中の提案は取り下げ、返事を待つ申し出は終わりにして、相手とフォロー中の方に知らせます"
        "（退会日が先のときは、退会日の翌日に行います）。実施が決まった提案は残り、新しい申し出を受け付けません。"
        "返信、下書き、会員登録の記録も残ります。もう一度会員になるときは、新しい会員登録を始めます。"
    )
    template_name = "admin/membership_withdraw.html"
    form_class = WithdrawForm
    is_grave = True
    row: Membership

    @classmethod
    def applies_to(cls, row: Membership) -> bool:
        return row.left is None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = services.consequences_of_leaving(self.row.organization)
        return super().get_context_data(consequences=told, **kwargs)

    def act(self, form: WithdrawForm, by: Actor) -> str:
        data = form.cleaned_data
        services.withdraw_membership(self.row, left=data["left"], by=by, reason=data["reason"])
        return f"{self.row.organization.full_name}の退会を記録しました"


class ReadmitForm(ActionForm):
    """From when the organization is a member again."""

    joined = EraDateField(label="登録日", initial=today)


class ReadmitMembership(ObjectAction):
    """Opens a new membership of a former member; the old one stays as it was."""

    name = "readmit"
    title = "もう一度会員にする"
    button = "もう一度会員にする"
    explanation = "新しい会員登録を始めます。担当の方は、部署の画面から招待してください。"
    form_class = ReadmitForm
    row: Membership

    @classmethod
    def applies_to(cls, row: Membership) -> bool:
        return row.left is not None and not row.organization.memberships.filter(left=None).exists()

    def act(self, form: ReadmitForm, by: Actor) -> str:
        self.opened = services.open_membership(
            self.row.organization, joined=form.cleaned_data["joined"], by=by
        )
        return f"{self.row.organization.full_name}の会員登録を始めました"

    def get_success_url(self) -> str:
        return self.change_url(getattr(self, "opened", self.row))


@admin.register(Membership)
class MembershipAdmin(GoingLiveMixin, EditedMixin, RecordAdmin):
    """会員登録."""

    form = MembershipForm
    list_display = [
        "organization",
        era_column("joined", "登録日"),
        era_column("left", "退会日"),
        "is_sample",
    ]
    list_filter = [
        PrefectureFilter.through("organization__prefecture"),
        FiscalYearFilter.over("joined", title="登録の年度"),
        FilledFilter.of("left", "退会", "退会したもの", "登録中のもの"),
        "is_sample",
    ]
    list_select_related = ["organization__prefecture", "organization__municipality"]
    search_fields = ["organization__search_text"]
    autocomplete_fields = ["organization"]
    fixed_fields = ("organization", "joined", "left")
    object_actions = (WithdrawMembership, ReadmitMembership)
    edited_sheet, edited_table = MEMBERSHIP_SHEET, MEMBERSHIP_EDITS
    sheet_columns = edited_sheet.sheet_columns

    def get_fieldsets(self, request: HttpRequest, obj: Membership | None = None):
        left = ["left"] if obj else []
        return [(None, {"fields": ["organization", "joined", *left, "is_sample"]})]


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    """分野."""

    list_display = ["name", "order"]
    search_fields = ["name"]
    search_help_text = "名称で探せます"
    fieldsets = [(None, {"fields": ["name", "order"]})]
    sheet_columns = [Column("名称", "name"), Column("並び順", "order")]
