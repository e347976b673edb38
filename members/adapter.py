"""How allauth behaves here: accounts by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from core.forms.account import ERROR_MESSAGES
from core.text import normalise_email
from members import services
from members.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Closes the sign-up; an account is opened by ``members.services.open_account``."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERROR_MESSAGES}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The member home; for the break-glass account, which has no seat, the admin."""
        if request.user.is_staff and not request.user.current_seats:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

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
        """Names the addressee, whom allauth does not know before login."""
        user = User.objects.filter(email=normalise_email(email), is_active=True).first()
        super().send_mail(template_prefix, email, {"user": user, **context})
