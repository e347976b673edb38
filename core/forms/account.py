"""The login pages' forms in the portal's look and words; set as ``ACCOUNT_FORMS``.

allauth decides what they do; here are only labels, hints and messages.
"""

from typing import Any

from allauth.account import forms as allauth

from core import text
from core.forms.base import PortalForm
from core.forms.fields import EmailField

# For the account adapter: allauth's sentences in the portal's words.
ERROR_MESSAGES = {
    "account_inactive": "この利用者は、現在ログインできません。会員登録の担当へお電話ください",
    "email_password_mismatch": "メールアドレスまたはパスワードが違います",
    "enter_current_password": "現在のパスワードが違います。もう一度入力してください",
    "incorrect_code": "番号が違います。メールで届いた番号を入力してください",
    "incorrect_password": "パスワードが違います。もう一度入力してください",
    "too_many_login_attempts": "続けて間違えたため、しばらくログインできません。時間をおいて、もう一度お試しください",
    "rate_limited": "続けて操作されたため、受け付けられません。時間をおいて、もう一度お試しください",
    "same_as_current": "いまと同じメールアドレスです。新しいメールアドレスを入力してください",
    "duplicate_email": "いまと同じメールアドレスです。新しいメールアドレスを入力してください",
    "email_taken": "このメールアドレスは、すでに使われています",
}
_LABELS = {
    "login": "メールアドレス",
    "email": "メールアドレス",
    "password": "パスワード",
    "oldpassword": "現在のパスワード",
    "password1": "新しいパスワード",
    "password2": "新しいパスワード（確認のため、もう一度）",
    "code": "メールで届いた番号",
}
# What the validators of ``AUTH_PASSWORD_VALIDATORS`` ask for.
VALIDATORS_ASK = (
    "10文字以上で決めてください。数字だけのもの、よく使われるもの、"
    "氏名やメールアドレスに似たものは使えません。"
)
_WIDTHS = {"code": 12, "password": 20, "oldpassword": 20, "password1": 20, "password2": 20}


class _AccountForm(PortalForm):
    """Japanese labels, a width to match, and no placeholder; nothing is optional here."""

    marks_required = False
    email_autocomplete = "email"
    email_label = _LABELS["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.width = _WIDTHS.get(name)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = VALIDATORS_ASK
            self.fields["password2"].error_label = "新しいパスワード（確認）"
        for name in {"login", "email"} & self.fields.keys():
            # Ours takes an address in full width; allauth's refuses it.
            self.fields[name] = EmailField(
                label=self.email_label, width=20, autocomplete=self.email_autocomplete
            )


class _CodeForm(_AccountForm):
    """A code from a mail, retyped: full width, spaces and hyphens are accepted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}

    def clean_code(self) -> str:
        self.cleaned_data["code"] = text.normalise_digits(self.cleaned_data["code"])
        return super().clean_code()


class LoginForm(_AccountForm, allauth.LoginForm):
    """E-mail address and password."""

    non_field_target = "login"
    email_autocomplete = "username"


class RequestLoginCodeForm(_AccountForm, allauth.RequestLoginCodeForm):
    """The address that a login code is mailed to."""

    email_autocomplete = "username"


class ConfirmLoginCodeForm(_CodeForm, allauth.ConfirmLoginCodeForm):
    """The login code."""


class ResetPasswordForm(_AccountForm, allauth.ResetPasswordForm):
    """The address that a code for a new password is mailed to."""


class ConfirmPasswordResetCodeForm(_CodeForm, allauth.ConfirmPasswordResetCodeForm):
    """The code for a new password."""


class ResetPasswordKeyForm(_AccountForm, allauth.ResetPasswordKeyForm):
    """The new password, twice."""


class ChangePasswordForm(_AccountForm, allauth.ChangePasswordForm):
    """The present password, and the new one twice."""


class SetPasswordForm(_AccountForm, allauth.SetPasswordForm):
    """A first password, twice."""


class AddEmailForm(_AccountForm, allauth.AddEmailForm):
    """A new e-mail address of one's own account."""

    email_label = "新しいメールアドレス"


class ChangeEmailForm(_AccountForm, allauth.ChangeEmailForm):
    """Another e-mail address than the one just given."""


class ConfirmEmailVerificationCodeForm(_CodeForm, allauth.ConfirmEmailVerificationCodeForm):
    """The code that confirms an e-mail address."""


class ReauthenticateForm(_AccountForm, allauth.ReauthenticateForm):
    """The password once more, before a change to the account."""
