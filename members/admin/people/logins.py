"""How people log in: a new address, lost factors, objections to a changed address."""

from django.contrib import admin
from django.http import HttpRequest

from core.admin.actions import ObjectAction
from core.admin.actor import acting
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.forms import ActionForm, ReasonForm
from core.audit import Actor
from core.forms import EmailField
from core.second_factor import factors_of
from core.sheets import Column
from members import services
from members.models import LoginChange, User
from members.rules import may_reset_login


class AddressForm(ReasonForm):
    """The new address, and why the secretariat gives it."""

    field_order = ["email"]

    email = EmailField(label="新しいメールアドレス", max_length=254)


class ReplaceLogin(ObjectAction):
    """Gives the account of a dead mailbox an address that is read."""

    name = "replace_login"
    title = "ログインのメールアドレスを置き換える"
    button = "メールアドレスを置き換える"
    explanation = (
        "アドレスが使えなくなった方のログインを、新しいアドレスに変えます。ご本人からの依頼であること"
        "を電話や対面で確かめ、確かめた方法を理由に書いてください。パスワードは使えなくなり、"
        "新しいアドレスに届く番号でログインします。二段階の確認は、そのまま残ります。"
        "前のアドレスと新しいアドレスの両方にお知らせします。"
    )
    form_class = AddressForm
    is_grave = True
    row: User

    @classmethod
    def applies_to(cls, row: User) -> bool:
        return not row.is_superuser

    def act(self, form: AddressForm, by: Actor) -> str:
        data = form.cleaned_data
        services.replace_login(self.row, data["email"], by=by, reason=data["reason"])
        return "ログインのメールアドレスを置き換え、両方のアドレスにお知らせしました"


class ResetShared(ObjectAction):
    """Keeps out whoever knew the password of a shared account."""

    name = "reset_shared"
    title = "共用アカウントのログインの方法を初期化"
    button = "ログインの方法を初期化する"
    explanation = (
        "パスワードと二段階の確認をすべて使えなくし、ログイン中の端末をログアウトします。"
        "これからは、メールで届く番号でログインします。共用メールアドレスにお知らせします。"
    )
    is_grave = True
    row: User

    @classmethod
    def applies_to(cls, row: User) -> bool:
        return row.is_shared

    def act(self, form: ActionForm, by: Actor) -> str:
        services.reset_shared_credentials(self.row, by=by)
        return "ログインの方法を初期化し、共用メールアドレスにお知らせしました"


class ResetFactors(ObjectAction):
    """Lets somebody in again who has lost device and recovery codes."""

    name = "reset_factors"
    title = "二段階の確認を初期化"
    button = "二段階の確認を初期化する"
    explanation = (
        "認証アプリ、パスキー、予備の番号の登録をすべて外し、ログイン中の端末をログアウトします。"
        "ご本人であることを電話や対面で確かめ、確かめた方法を理由に書いてください。"
        "ご本人にはメールでお知らせします。"
    )
    form_class = ReasonForm
    is_grave = True
    row: User

    @classmethod
    def applies_to(cls, row: User) -> bool:
        return factors_of(row).exists()

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.reset_factors(self.row, by=by, reason=form.cleaned_data["reason"])
        return "二段階の確認を初期化し、ご本人にメールでお知らせしました"


class Settling(ObjectAction):
    """What the secretariat decides about a changed address; both addresses are told."""

    form_class = ReasonForm
    is_grave = True
    row: LoginChange


class KeepLogin(Settling):
    """The change was the owner's own: the account opens again, with the new address."""

    name = "keep"
    title = button = "変更を認める"
    explanation = (
        "新しいアドレスのまま、ログインできるようにします。パスワードは使えなくなり、"
        "新しいアドレスに届く番号でログインします。確かめた相手と方法を理由に書いてください。"
        "両方のアドレスにお知らせします。"
    )

    @classmethod
    def applies_to(cls, row: LoginChange) -> bool:
        return row.is_disputed

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.keep_login(self.row, by=by, reason=form.cleaned_data["reason"])
        return "変更を認め、両方のアドレスにお知らせしました"


class RestoreLogin(Settling):
    """The change was not the owner's: the address of before is the login again."""

    name = "restore"
    title = button = "前のアドレスに戻す"
    explanation = (
        "ログインを前のアドレスに戻します。パスワードと二段階の確認はすべて使えなくなり、"
        "前のアドレスに届く番号でログインします。電話での申し出により、異議がなくても戻せます。"
        "確かめた相手と方法を理由に書いてください。両方のアドレスにお知らせします。"
    )

    @classmethod
    def applies_to(cls, row: LoginChange) -> bool:
        return row.settled_at is None

    def act(self, form: ReasonForm, by: Actor) -> str:
        services.restore_login(self.row, by=by, reason=form.cleaned_data["reason"])
        return "前のアドレスに戻し、両方のアドレスにお知らせしました"


class ObjectionFilter(admin.SimpleListFilter):
    """What waits for the secretariat, and the rest."""

    title = "異議"
    parameter_name = "objection"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("open", "対応を待っている"), ("settled", "処理した"), ("none", "異議なし")]

    def queryset(self, request: HttpRequest, queryset):
        match self.value():
            case "open":
                return queryset.disputed()
            case "settled":
                return queryset.exclude(settled_at=None)
            case "none":
                return queryset.filter(objected_at=None, settled_at=None)
        return queryset


@admin.register(LoginChange)
class LoginChangeAdmin(ReadOnlyAdmin):
    """ログインのメールアドレスの変更. Kept for 90 days; the history keeps what was done."""

    list_display = ["user", "before", "after", era_column("changed_at", "変更日"), "state"]
    list_filter = [ObjectionFilter]
    list_select_related = ["user"]
    search_fields = ["before", "after", "user__family_name", "user__given_name"]
    search_help_text = "氏名・メールアドレスで探せます"
    object_actions = (KeepLogin, RestoreLogin)
    fieldsets = [
        (None, {"fields": ["user", "before", "after", "changed", "changed_by"]}),
        ("前のアドレスからの異議", {"fields": ["objected", "settlement", "settled"]}),
    ]
    readonly_fields = ["changed", "objected", "settled"]
    holds_contacts = True
    sheet_columns = [
        Column("氏名", "user.display_name"),
        Column("前のアドレス", "before"),
        Column("新しいアドレス", "after"),
        Column("変更日時", "changed_at"),
        Column("変更した部署", "changed_by"),
        Column("異議の日時", "objected_at"),
        Column("処理", "get_settlement_display"),
        Column("処理した日時", "settled_at"),
    ]

    changed = staticmethod(era_field("changed_at", "変更日時"))
    objected = staticmethod(era_field("objected_at", "異議の日時"))
    settled = staticmethod(era_field("settled_at", "処理した日時"))

    def may_act(self, request: HttpRequest, obj: LoginChange) -> bool:
        return super().may_act(request, obj) and may_reset_login(acting(request), obj.user)

    @admin.display(description="状態")
    def state(self, change: LoginChange) -> str:
        if change.settled_at:
            return change.get_settlement_display()
        return "対応を待っている" if change.is_disputed else "異議なし"
