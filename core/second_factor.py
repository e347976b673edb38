"""The second factor in front of the admin: whether this session has used one, and where to.

A passkey login counts as both factors, a recovery code as the second. A factor that was added
counts once it has been used, and one that was removed no longer.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# Where the person wanted to go when they were led away to set a factor up.
WANTED = "second_factor_wanted"


def is_satisfied(request: HttpRequest) -> bool:
    """Whether the admin may open for this session, as far as factors go."""
    return not settings.SECOND_FACTOR or was_used(request)


def was_used(request: HttpRequest) -> bool:
    """Whether whoever is logged in has used a factor in this session that they still have.

    allauth's records belong to one account and end with the session: what another person, or
    the same one in another session, has proved does not count.
    """
    records = get_authentication_records(request, request.user)
    used = [record.get("id") for record in records if record.get("method") == "mfa"]
    return bool(used) and factors_of(request.user).filter(pk__in=used).exists()


def factors_of(user: Any) -> Any:
    """The factors of ``user``, recovery codes among them."""
    return Authenticator.objects.filter(user_id=user.pk)


def page_before(request: HttpRequest, wanted: str) -> str:
    """The page that leads to ``wanted``: the question for the factor, or where one is set up."""
    kinds = set(factors_of(request.user).values_list("type", flat=True))
    if not kinds:
        request.session[WANTED] = wanted
        return reverse("mfa_index")
    only_keys = Authenticator.Type.TOTP not in kinds and Authenticator.Type.WEBAUTHN in kinds
    page = reverse("mfa_reauthenticate_webauthn" if only_keys else "mfa_reauthenticate")
    return f"{page}?{urlencode({'next': wanted})}"
