"""The secretariat's outbox: every mail with what became of it, and the dead addresses."""

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from core import mail
from core.admin.actions import ObjectAction
from core.admin.base import ReadOnlyAdmin
from core.admin.columns import era_column, era_field
from core.admin.filters import FiscalYearFilter
from core.admin.forms import ActionForm, ReasonForm
from core.audit import Actor
from core.enums import MAIL_MOVES, MailKind, MailMove, MailState
from core.models import OutboxMail, UndeliverableAddress
from core.sheets import Column

# Tasks are the worker's own affair; their admin has not the portal's rules of who may see what.
admin.site.unregister(DBTaskResult)

NOT_SHOWN = "（番号のメールの本文は表示しません）"


class MailAction(ObjectAction):
    """An action on a mail, while ``MAIL_MOVES`` allows its ``move``."""

    move: MailMove
    row: OutboxMail

    @classmethod
    def applies_to(cls, row: OutboxMail) -> bool:
        return (MailState(row.state), cls.move) in MAIL_MOVES


class MailingAction(MailAction):
    """An action on all held mails of the mailing that a mail is of."""

    @classmethod
    def applies_to(cls, row: OutboxMail) -> bool:
        return row.state == MailState.HELD and bool(row.mailing)


class Release(MailAction):
    """Lets one mail of a mailing go, as to see how it arrives."""

    name = "release"
    move = MailMove.RELEASE
    title = button = "この1通を送信する"
    explanation = "宛先と本文を確かめてから送信してください。送信したメールは取り消せません。"

    def act(self, form: ActionForm, by: Actor) -> str:
        mail.release(self.row, by=by)
        return "メールを送信待ちにしました。まもなく送信します"


class ReleaseMailing(MailingAction):
    """Lets a whole mailing go."""

    name = "release-mailing"
    title = button = "この一斉送信をすべて送信する"
    is_grave = True

    @property
    def explanation(self) -> str:
        waiting = OutboxMail.objects.filter(mailing=self.row.mailing, state=MailState.HELD)
        return f"確認待ちの{waiting.count():,}通を送信します。送信したメールは取り消せません。"

    def act(self, form: ActionForm, by: Actor) -> str:
        count = mail.release_mailing(self.row.mailing, by=by)
        return f"{count:,}通を送信待ちにしました。まもなく送信を始めます"


class Cancel(MailAction):
    """Takes one waiting mail back."""

    name = "cancel"
    move = MailMove.CANCEL
    title = button = "この1通を取り消す"
    explanation = "このメールは送信されません。"
    form_class = ReasonForm
    is_grave = True

    def act(self, form: ReasonForm, by: Actor) -> str:
        mail.cancel(self.row, by=by, reason=form.cleaned_data["reason"])
        return "メールを取り消しました"


class CancelMailing(MailingAction):
    """Takes a whole mailing back."""

    name = "cancel-mailing"
    title = button = "この一斉送信をすべて取り消す"
    explanation = "まだ送信していない、確認待ちのメールをすべて取り消します。"
    form_class = ReasonForm
    is_grave = True

    def act(self, form: ReasonForm, by: Actor) -> str:
        reason = form.cleaned_data["reason"]
        count = mail.cancel_mailing(self.row.mailing, by=by, reason=reason)
        return f"{count:,}通を取り消しました"


class Resend(MailAction):
    """Sends one mail again."""

    name = "resend"
    move = MailMove.RESEND
    title = button = "送り直す"
    explanation = (
        "「要確認」のメールは、すでに届いているかもしれません。"
        "届いていないことを電話などで確かめてから送り直してください。"
    )

    @classmethod
    def applies_to(cls, row: OutboxMail) -> bool:
        return super().applies_to(row) and not row.is_secret

    def act(self, form: ActionForm, by: Actor) -> str:
        mail.resend(self.row, by=by)
        return "メールを送信待ちにしました。まもなく送信します"


class MarkUndeliverable(ObjectAction):
    """Notes that nothing reaches the address of a mail."""

    name = "undeliverable"
    title = button = "宛先の不達を記録する"
    explanation = (
        "この宛先には、今後メールを送りません。送信待ちのメールも送りません。"
        "ログインの番号は、ご本人が求めたときだけ送ります。"
    )
    form_class = ReasonForm
    is_grave = True
    row: OutboxMail

    @classmethod
    def applies_to(cls, row: OutboxMail) -> bool:
        return not UndeliverableAddress.objects.filter(address=row.to).exists()

    def act(self, form: ReasonForm, by: Actor) -> str:
        mail.mark_undeliverable(self.row.to, by=by, reason=form.cleaned_data["reason"])
        return "宛先の不達を記録しました"


class UnreachedFilter(admin.SimpleListFilter):
    """The mails that reached nobody and wait for the secretariat."""

    title = "到達"
    parameter_name = "unreached"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "30日以内に届かず、対応を待つもの")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=mail.unreached().values("pk")) if self.value() else queryset


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnlyAdmin):
    """送信待ちメール: what waits, what was sent, what failed. Codes are never shown."""

    list_display = [
        "heading",
        "to",
        "state",
        era_column("created_at", "作成"),
        "last_error",
    ]
    list_filter = ["state", UnreachedFilter, "kind", FiscalYearFilter.over("created_at")]
    search_fields = ["to", "subject", "mailing"]
    search_help_text = "宛先・件名・一斉送信の名前で探せます"
    object_actions = (
        Release,
        ReleaseMailing,
        Resend,
        Cancel,
        CancelMailing,
        MarkUndeliverable,
    )
    fieldsets = [
        (None, {"fields": ["subject", "to", "state", "kind", "mailing"]}),
        ("本文", {"fields": ["text"]}),
        (
            "送信",
            {
                "fields": [
                    "created",
                    "attempts",
                    "claimed",
                    "next_try",
                    "sent",
                    "expires",
                    "last_error",
                ]
            },
        ),
    ]
    holds_contacts = True
    sheet_columns = [
        Column("件名", "subject"),
        Column("宛先", "to"),
        Column("状態", "get_state_display"),
        Column("種類", "get_kind_display"),
        Column("一斉送信", "mailing"),
        Column("作成", "created_at"),
        Column("送信した日時", "sent_at"),
        Column("試みた回数", "attempts"),
        Column("最後のエラー", "last_error"),
    ]
    created = staticmethod(era_field("created_at", "作成"))
    claimed = staticmethod(era_field("claimed_at", "最後に試みた日時"))
    next_try = staticmethod(era_field("next_try_at", "次に試みる日時"))
    sent = staticmethod(era_field("sent_at", "送信した日時"))
    expires = staticmethod(era_field("expires_at", "期限"))

    @admin.display(description="件名", ordering="subject")
    def heading(self, row: OutboxMail) -> str:
        """The subject without the project's name, which says nothing in a list of its mails."""
        return row.subject.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX)

    @admin.display(description="本文")
    def text(self, row: OutboxMail) -> str:
        return NOT_SHOWN if row.kind == MailKind.SECRET else row.body


class ClearUndeliverable(ObjectAction):
    """Sends mail to the address again."""

    name = "clear"
    title = button = "不達を解除する"
    explanation = "この宛先に、またメールを送るようになります。"
    form_class = ReasonForm
    row: UndeliverableAddress

    def act(self, form: ReasonForm, by: Actor) -> str:
        mail.clear_undeliverable(self.row, by=by, reason=form.cleaned_data["reason"])
        return "不達を解除しました"

    def get_success_url(self) -> str:
        return reverse(self.model_admin.url_name("changelist"))


@admin.register(UndeliverableAddress)
class UndeliverableAddressAdmin(ReadOnlyAdmin):
    """不達のアドレス: noted from a mail that did not arrive, cleared here."""

    list_display = ["address", era_column("since", "記録した日"), "reason"]
    list_filter = [FiscalYearFilter.over("since")]
    search_fields = ["address", "reason"]
    search_help_text = "アドレス・理由で探せます"
    object_actions = (ClearUndeliverable,)
    fieldsets = [(None, {"fields": ["address", "noted", "reason"]})]
    holds_contacts = True
    sheet_columns = [
        Column("メールアドレス", "address"),
        Column("記録した日時", "since"),
        Column("理由", "reason"),
    ]
    noted = staticmethod(era_field("since", "記録した日時"))
