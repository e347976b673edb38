"""How allauth behaves here: accounts by invitation only, and never for those who have left."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
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
            if user.is_disputed:
                raise ImmediateHttpResponse(HttpResponseRedirect(reverse("members:login_disputed")))
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def pre_login(
        self, request: HttpRequest, user: User, *, email: str | None, **kwargs: Any
    ) -> HttpResponse | None:
        """Refuses a code that was mailed to an address which is the account's no more."""
        _refuse_former(user, email)
        return super().pre_login(request, user, email=email, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The member home; for the break-glass account, which has no seat, the admin.

        For whoever has none yet, but is offered one: the page that answers.
        """
        if request.user.is_staff and not request.user.current_seats:
            return reverse("admin:index")
        if not request.user.current_seats and (handovers := request.user.open_handovers):
            return reverse("members:handover_accept", args=[handovers[0].pk])
        if not request.user.current_seats and (offers := request.user.open_invitations):
            return reverse("members:invitation_accept", args=[offers[0].pk])
        return super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """allauth's ways, in the words of our pages."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": REAUTHENTICATION[method["id"]]} for method in methods]

    def set_password(self, user: User, password: str) -> None:
        asked = self.request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY, {})
        if asked.get("user_id") == str(user.pk):
            _refuse_former(user, asked.get("email"))
        services.set_password(user, password)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirms an address by its code; a new one becomes the login."""
        user = email_address.user
        before = user.email
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            services.note_new_login(user, before=before)
        return confirmed

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """As allauth does; of a changed address ``services.note_new_login`` tells more."""
        if template_prefix != "account/email/email_changed":
            super().send_notification_mail(template_prefix, user, context, email)

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


def _refuse_former(user: User, email: str | None) -> None:
    """Leads back to the login when ``email``, to which a code went, is not the account's."""
    if email and normalise_email(email) != user.email:
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


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
