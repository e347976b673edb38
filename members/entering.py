"""The way in for whoever is offered a seat by mail: a login by code for that very address.

allauth does it all: the code's mail, its page, the second factor and the limits are those of
every login by code.
"""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpRequest
from django.urls import reverse

from core.audit import System
from core.errors import DomainError
from core.forms.account import RequestLoginCodeForm
from core.links.masking import masked_email
from members import services
from members.enums import UserKind
from members.models import User


def enter_by_code(request: HttpRequest, email: str, *, kind: str, next_url: str) -> str:
    """Mails ``email`` a login code; returns the page that asks for it and leads to ``next_url``.

    Where the address has no account, one of ``kind`` is opened first, which has no seat and so
    opens no member page. The code's page shows the address as a link does: masked. Raises
    ``DomainError`` when too many codes have been asked for.
    """
    if not User.objects.filter(email=email).exists():
        services.open_account(email, by=System("招待のリンク"), kind=UserKind(kind))
    form = RequestLoginCodeForm({"email": email})
    if not form.is_valid():
        raise DomainError(next(iter(form.errors.values()))[0])
    process = LoginCodeVerificationProcess.initiate(
        request=request, user=form._user, email=form.cleaned_data["email"]
    )
    process.state["shown_email"] = masked_email(email)
    process.persist()
    return reverse("account_confirm_login_code", query={"next": next_url})
