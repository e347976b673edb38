"""Accounts with an authenticator app, and the app itself."""

import base64
import hashlib
import hmac
import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from members.models import User
from tests.factories.members import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ASKED_AT_LOGIN = "/accounts/2fa/authenticate/"


def totp(secret: str, at: float | None = None) -> str:
    """The six digits that an app shows for ``secret`` (base 32) at ``at``, by default now.

    Written from RFC 6238, not from the code under test.
    """
    step = int(time.time() if at is None else at) // 30
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] % 16
    number = int.from_bytes(digest[offset : offset + 4], "big") % 2**31
    return f"{number % 1_000_000:06}"


def with_app(user: User) -> User:
    """``user`` with an app that knows ``SECRET``, and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def logged_in(user: User, code: str | None = None, next_url: str = "") -> Client:
    """A browser in which ``user`` has typed the password and, when given, ``code``."""
    client = Client()
    form = {"login": user.email, "password": PASSWORD, "next": next_url}
    response = client.post("/accounts/login/", form)
    if code is not None:
        assert response.url.startswith(ASKED_AT_LOGIN)
        client.post(response.url, {"code": code})
    return client


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
