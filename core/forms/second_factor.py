"""The second factor's forms in the portal's look and words; set as ``MFA_FORMS``.

allauth decides what they do; here are only labels, hints and messages, that a code counts
once, and that a passkey alone is a login only where it has asked who holds it.
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.cache import cache
from fido2.webauthn import UserVerificationRequirement

from core import text
from core.forms.base import PortalForm
from core.forms.fields import BooleanField, CharField

# For the adapter of allauth.mfa: its sentences in the portal's words.
ERROR_MESSAGES = {
    "incorrect_code": "番号またはパスキーを確認できませんでした。もう一度お試しください",
    "unverified_email": "メールアドレスの変更を済ませてから、二段階の確認を登録してください",
    "cannot_generate_recovery_codes": "先に、認証アプリかパスキーを登録してください",
}
_STEP_SECONDS = 30  # RFC 6238, 5.2
# As long as a code is taken: its own step and those that the tolerance adds on either side.
CODE_SECONDS = _STEP_SECONDS * (2 * settings.MFA_TOTP_TOLERANCE + 1)


class _CodeForm(PortalForm):
    """A number of the app: full width, spaces and hyphens are accepted."""

    marks_required = False
    code_label = "認証アプリの6桁の番号、または予備の番号"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.width = self.code_label, 12
        field.error_label = "番号"
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric"}

    def clean_code(self) -> str:
        self.cleaned_data["code"] = text.normalise_digits(self.cleaned_data["code"])
        return super().clean_code()


class _OnceForm(_CodeForm):
    """A code is taken once, as long as it would hold (RFC 6238, 5.2).

    allauth remembers it for one step only, which is shorter where neighbouring steps count.
    """

    def clean_code(self) -> str:
        code = super().clean_code()
        mark = f"core.second_factor:{self.user.pk}:{code}"
        if not cache.add(mark, True, timeout=CODE_SECONDS):
            self.add_error("code", ERROR_MESSAGES["incorrect_code"])
        return code


class AuthenticateForm(_OnceForm, allauth.AuthenticateForm):
    """The number of the app, or a recovery code, at login."""


class ReauthenticateForm(_OnceForm, allauth.ReauthenticateForm):
    """The same before a change to the account, and before the admin."""


class ActivateTOTPForm(_CodeForm, AllauthActivateTOTPForm):
    """The first number that the app shows."""

    code_label = "認証アプリに表示された6桁の番号"


class _KeyForm(PortalForm):
    """The name of a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = CharField(
            label="名前",
            width=20,
            max_length=60,
            required=self.fields["name"].required,
            help_text="あとで見分けるための名前です。例：庁内のパソコン、予備のキー",
        )


class AddKeyForm(_KeyForm, AddWebAuthnForm):
    """A new passkey or hardware key."""

    marks_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"] = BooleanField(
            label="パスワードを使わずに、これだけでログインする",
            required=False,
            help_text="PINや指紋、顔で本人を確かめられる機器に限ります。",
        )
        self.order_fields(["name", "passwordless", "credential"])


class EditKeyForm(_KeyForm, EditWebAuthnForm):
    """Another name for a passkey."""

    marks_required = False


class LoginKeyForm(LoginWebAuthnForm):
    """A passkey as a login of its own, where it stands for both factors.

    allauth keeps one challenge in a session, whichever page has asked for it, and at the second
    step a touch is enough. So an answer to that page's challenge would make a stolen key a
    login. Here the challenge has to demand, and the key to have done, what proves its holder:
    the PIN, the finger or the face (WebAuthn Level 2, 6.1, the flag UV).
    """

    def clean_credential(self) -> Authenticator:
        answer = webauthn.parse_authentication_response(self.cleaned_data["credential"])
        asked = (webauthn.get_state() or {}).get("user_verification")
        is_verified = answer.response.authenticator_data.is_user_verified()
        if asked != UserVerificationRequirement.REQUIRED or not is_verified:
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()
