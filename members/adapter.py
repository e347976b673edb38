"""How allauth behaves here: accounts by invitation only, and never for those who have left."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.enums import MailKind
from core.forms import account, second_factor
from core.text import normalise_email
from members import rules, services
from members.models import User

# How long the codes of allauth's mails hold; its other mails tell what has happened.
CODE_SECONDS = {
    "account/email/login_code": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
    "account/email/password_reset_code": settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT,
    "account/email/email_confirmation": settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
}

REAUTHENTICATION = {
    "reauthenticate": "パスワードで確認する",
    "mfa_reauthenticate": "認証アプリの番号、または予備の番号で確認する",
    "mfa_reauthenticate:webauthn": "パスキーで確認する",
}


class AccountAdapter(DefaultAccountAdapter):
    """Closes the sign-up; an account is opened by ``members.services.open_account``."""

    error_messages = {**DefaultAccountAdapter.error_messages, **account.ERROR_MESSAGES}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Every way in ends here: by password, code or passkey, after the second factor.

        Only now, so that nobody learns of an account by trying its address.
        """
        if not rules.may_log_in(user):
            request.session.flush()
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The member home; for the break-glass account, which has no seat, the admin."""
        if request.user.is_staff and not request.user.current_seats:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """allauth's ways, in the words of our pages."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": REAUTHENTICATION[method["id"]]} for method in methods]

    def set_password(self, user: User, password: str) -> None:
        services.set_password(user, password)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirms an address by its code; a new one becomes the login."""
        user = email_address.user
        before = user.email
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            services.note_new_login(user, before=before)
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Puts the mail into the outbox: secret, and with a code only as long as that holds.

        Names the addressee, whom allauth does not know before login.
        """
        user = User.objects.filter(email=normalise_email(email), is_active=True).first()
        named = {"request": self.request, "email": email, "user": user, **context}
        message = self.render_mail(template_prefix, email, named)
        seconds = CODE_SECONDS.get(template_prefix)
        mail.queue(
            f"members.account:{uuid4()}",  # every one is a mail of its own
            to=email,
            subject=message.subject,
            body=str(message.body),
            kind=MailKind.SECRET,
            expires_at=timezone.now() + timedelta(seconds=seconds) if seconds else None,
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """The names that apps and browsers show for the portal, an account and its passkeys."""

    error_messages = {**DefaultMFAAdapter.error_messages, **second_factor.ERROR_MESSAGES}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host name; people see the portal's name."""
        entity = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.display_name}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return f"パスキー{self.number_of(user, type) + 1}"

    def number_of(self, user: User, kind: str) -> int:
        return user.authenticator_set.filter(type=kind).count()
