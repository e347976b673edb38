"""Accounts and seats: opened, given and ended through the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse

from core.admin.actions import AddAction, ObjectAction
from core.admin.actor import acting
from core.admin.base import ReadOnlyAdmin, RecordAdmin
from core.admin.columns import day_or_none, period
from core.admin.fields import AutocompleteOne, EraDateField
from core.admin.filters import DeadAddressFilter, PeriodFilter, PrefectureFilter
from core.admin.forms import ActionForm, ReasonForm, RecordForm
from core.admin.inlines import ReadOnlyInline
from core.audit import Actor
from core.dates import day_text, today
from core.forms import EmailField
from core.sheets import Column
from members import services
from members.admin.edited import EditedMixin
from members.admin.people.logins import ReplaceLogin, ResetFactors, ResetShared
from members.admin.seats.handovers import StartHandover
from members.admin.told import MakeLead
from members.enums import Role, UserKind
from members.models import Office, Seat, TermsAcceptance, User
from members.rules import may_give_group, may_reset_login
from members.services.edited import SEAT_EDITS
from members.sheets import SEAT_SHEET


class OfficeChoiceField(forms.ModelChoiceField):
    """One of the offices, found as in every list."""

    def __init__(self, **kwargs: Any) -> None:
        widget = AutocompleteOne(Seat._meta.get_field("office"), admin.site)
        offices = Office.objects.select_related("organization__prefecture")
        super().__init__(offices, widget=widget, **kwargs)


class PersonForm(ActionForm):
    """A new person, and where they sit."""

    email = EmailField(label="メールアドレス", help_text="ログインに使うアドレスです")
    kind = forms.ChoiceField(
        label="種類",
        choices=UserKind,
        help_text="共用は、部署の共用メールアドレスしかないときに使います",
    )
    family_name = forms.CharField(label="姓", max_length=40, required=False)
    given_name = forms.CharField(label="名", max_length=40, required=False)
    office = OfficeChoiceField(label="担当部署")
    role = forms.ChoiceField(label="役割", choices=Role)
    valid_from = EraDateField(label="いつから", initial=today)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("kind") == UserKind.PERSONAL:
            for name in ("family_name", "given_name"):
                if not self.cleaned_data.get(name):
                    self.add_error(name, f"{self[name].label}を入力してください")


class AddPerson(AddAction):
    """Opens an account and gives it its first seat."""

    title = "新しい利用者を登録"
    button = "利用者を登録する"
    explanation = (
        "パスワードは登録しません。ご本人は、ログインのページで「メールで番号を受け取る」を選んで"
        "ログインし、必要ならパスワードを設定します。"
    )
    form_class = PersonForm

    def act(self, form: PersonForm, by: Actor) -> str:
        data = form.cleaned_data
        self.added = services.open_account(
            data["email"],
            by=by,
            kind=UserKind(data["kind"]),
            family_name=data["family_name"],
            given_name=data["given_name"],
        )
        office, role = data["office"], Role(data["role"])
        services.give_seat(self.added, office, role, valid_from=data["valid_from"], by=by)
        return f"利用者を登録し、{office.signature}の{role.label}にしました"


class SeatForm(ActionForm):
    """A seat for somebody who has an account."""

    user = forms.ModelChoiceField(
        User.objects.all(),
        label="利用者",
        widget=AutocompleteOne(Seat._meta.get_field("user"), admin.site),
    )
    office = OfficeChoiceField(label="担当部署")
    role = forms.ChoiceField(label="役割", choices=Role)
    valid_from = EraDateField(label="いつから", initial=today)
    valid_until = EraDateField(
        label="いつまで", required=False, help_text="決まっていなければ空けます"
    )


class AddSeat(AddAction):
    """Gives somebody a seat at an office."""

    title = "担当を追加"
    button = "担当を追加する"
    explanation = "まだ利用者として登録のない方は、「利用者」から登録してください。"
    form_class = SeatForm

    def act(self, form: SeatForm, by: Actor) -> str:
        data = form.cleaned_data
        self.added = services.give_seat(
            data["user"],
            data["office"],
            Role(data["role"]),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            by=by,
        )
        return f"{data['office'].signature}の{self.added.get_role_display()}を追加しました"


class EndForm(ActionForm):
    """The last day of a seat."""

    last_day = EraDateField(
        label="最後の日", initial=today, help_text="この日まで担当として扱います"
    )


class EndSeat(ObjectAction):
    """Ends a seat; what was posted stays with the organization."""

    name = "end"
    title = "担当を終える"
    button = "担当を終える"
    explanation = (
        "団体の提案や返信は、そのまま残ります。団体の最後の主担当は、この日を過ぎても、引継ぎと"
        "登録情報の確認だけはできます。それもできなくするときは「事務局が引き取る」を使います。"
    )
    form_class = EndForm
    is_grave = True
    row: Seat

    @classmethod
    def applies_to(cls, row: Seat) -> bool:
        return row.valid_until is None or row.valid_until >= today()

    def act(self, form: EndForm, by: Actor) -> str:
        seat = services.end_seat(self.row, last_day=form.cleaned_data["last_day"], by=by)
        return f"担当を{day_text(seat.valid_until)}までにしました"


class TakeOverSeat(ObjectAction):
    """The secretariat answers for an organization whose last lead leaves without a successor."""

    name = "take_over"
    title = "事務局が引き取る"
    button = "事務局が引き取る"
    explanation = (
        "団体の最後の主担当の担当を、今日までにします。期間が過ぎているときは、引継ぎのページも"
        "開けなくなります。団体は、後任の主担当が決まるまで「主担当のいない団体」に出ます。"
        "ご本人にはメールでお知らせします。"
    )
    form_class = ReasonForm
    is_grave = True
    row: Seat

    @classmethod
    def applies_to(cls, row: Seat) -> bool:
        return services.may_be_taken_over(row)

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.take_over_seat(self.row, by=by, reason=form.cleaned_data["reason"])
        return "担当を引き取り、ご本人にメールでお知らせしました"


class AcceptanceInline(ReadOnlyInline):
    """Which editions of the terms of use the account has accepted, newest first."""

    model = TermsAcceptance
    fields = ["edition", "accepted"]
    show_change_link = False

    @admin.display(description="同意した日")
    def accepted(self, acceptance: TermsAcceptance) -> str | None:
        return day_or_none(acceptance.accepted_at)


class UserSeatInline(ReadOnlyInline):
    model = Seat
    fields = ["office", "role", "period"]
    related = ("user", "office__organization__prefecture")

    @admin.display(description="期間")
    def period(self, seat: Seat) -> str:
        return period(seat)


class UserForm(RecordForm):
    """An account; ``giver`` gives it no group with rights that they lack themselves."""

    giver: User

    def clean_groups(self) -> QuerySet[Group]:
        groups = self.cleaned_data["groups"]
        new = groups.exclude(pk__in=self.instance.groups.values("pk"))
        if beyond := [group.name for group in new if not may_give_group(self.giver, group)]:
            raise forms.ValidationError(
                f"{'、'.join(beyond)}の権限をご自身が持っていないため、加えられません。"
                "その権限を持つ事務局の方にご依頼ください"
            )
        return groups


@admin.register(User)
class UserAdmin(RecordAdmin):
    """利用者. Passwords are neither shown nor set; the address is the login and stays."""

    form = UserForm
    list_display = [
        "display_name",
        "email",
        "kind",
        "seats_text",
        "edition",
        "is_active",
        "is_sample",
    ]
    list_filter = [
        "kind",
        "is_active",
        ("groups", admin.RelatedOnlyFieldListFilter),
        PrefectureFilter.through("seats__office__organization__prefecture"),
        "is_sample",
    ]
    search_fields = [
        "email",
        "family_name",
        "given_name",
        "seats__office__organization__search_text",
    ]
    search_help_text = "氏名・メールアドレス・団体の名称・カナ・団体コードで探せます"
    readonly_fields = ["email", "is_superuser", "last_login", "created_at"]
    personal_fields = frozenset({"email", "family_name", "given_name"})
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    inlines = [UserSeatInline, AcceptanceInline]
    object_actions = (ReplaceLogin, ResetFactors, ResetShared)
    fieldsets = [
        (None, {"fields": ["email", "kind", "family_name", "given_name"]}),
        ("利用", {"fields": ["is_active", "last_login", "created_at", "is_sample"]}),
        (
            "管理画面の権限",
            {
                "fields": ["groups", "is_superuser"],
                "description": "事務局の担当がある間だけ使えます。自分の権限は、ほかの方が変えます。"
                "自分が持たない権限は、ほかの方にも加えられません",
            },
        ),
    ]
    holds_contacts = True
    sheet_columns = [
        Column("姓", "family_name"),
        Column("名", "given_name"),
        Column("メールアドレス", "email"),
        Column("種類", "get_kind_display"),
        Column("担当", lambda user: seats_text(user)),
        Column("同意した利用規約の版", lambda user: accepted_edition(user)),
        Column("有効", "is_active"),
        Column("見本", "is_sample"),
    ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        return AddPerson.as_view(model_admin=self)(request)

    def get_list_prefetch(self, request: HttpRequest) -> list[Prefetch | str]:
        current = Seat.objects.on(today()).with_office()
        return [Prefetch("seats", queryset=current, to_attr="seats_today"), "acceptances"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The break-glass account is changed by itself only, one that was erased by nobody."""
        beyond = obj is not None and (
            obj.is_erased or (obj.is_superuser and not request.user.is_superuser)
        )
        return not beyond and super().has_change_permission(request, obj)

    def may_act(self, request: HttpRequest, obj: User) -> bool:
        return super().may_act(request, obj) and may_reset_login(acting(request), obj)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[UserForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.giver = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None):
        """Nobody gives rights to themselves."""
        fields = super().get_readonly_fields(request, obj)
        itself = obj is not None and obj.pk == request.user.pk
        return (*fields, "groups", "is_active") if itself else fields

    @admin.display(description="氏名", ordering="family_name")
    def display_name(self, user: User) -> str:
        return user.display_name

    @admin.display(description="同意した規約")
    def edition(self, user: User) -> str | None:
        edition = accepted_edition(user)
        return f"第{edition}版" if edition else None

    @admin.display(description="担当")
    def seats_text(self, user: User) -> str | None:
        return seats_text(user) or None


def seats_text(user: User) -> str:
    """The present seats of a user read by ``UserAdmin.get_list_prefetch``."""
    return "、".join(
        f"{seat.office.signature}（{seat.get_role_display()}）" for seat in user.seats_today
    )


def accepted_edition(user: User) -> int | None:
    """The newest edition of the terms of use that a user read by the list has accepted."""
    return max((acceptance.edition for acceptance in user.acceptances.all()), default=None)


class OverdueFilter(admin.SimpleListFilter):
    """The last leads past their date to whom nobody has succeeded: the secretariat's queue."""

    title = "引継ぎ"
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "期間を過ぎ、後任のない主担当")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.filter(pk__in=Seat.objects.lingering(today()).values("pk"))
        return queryset


@admin.register(Seat)
class SeatAdmin(EditedMixin, ReadOnlyAdmin):
    """担当. Given and ended, never edited."""

    list_display = ["person", "office", "role", period]
    list_filter = [
        PeriodFilter,
        OverdueFilter,
        DeadAddressFilter.of("user__email"),
        "role",
        PrefectureFilter.through("office__organization__prefecture"),
        "office__organization__kind",
    ]
    list_select_related = [
        "user",
        "office__organization__prefecture",
        "office__organization__municipality",
    ]
    search_fields = [
        "user__email",
        "user__family_name",
        "user__given_name",
        "office__search_text",
        "office__organization__search_text",
    ]
    search_help_text = "氏名・メールアドレス・部署・団体の名称・カナ・団体コードで探せます"
    object_actions = (StartHandover, MakeLead, EndSeat, TakeOverSeat)
    fieldsets = [
        (
            None,
            {"fields": ["user", "office", "role", "valid_from", "valid_until", "taken_over_at"]},
        )
    ]
    holds_contacts = True
    edited_sheet, edited_table = SEAT_SHEET, SEAT_EDITS
    sheet_columns = edited_sheet.sheet_columns

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.add_seat")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        return AddSeat.as_view(model_admin=self)(request)

    @admin.display(description="氏名", ordering="user__family_name")
    def person(self, seat: Seat) -> str:
        return seat.user.display_name
