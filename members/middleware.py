"""Nothing of the members' opens before the terms of use are accepted."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.idle import keep_form
from members import terms

# The edition that whoever is logged in has accepted: of a session that has it nothing is read.
ACCEPTED = "terms_accepted"

KEPT = "入力していた内容は残してあります。利用規約に同意すると、続きから使えます。"
SHOWN = "利用規約の前に入力していた内容を表示しています。まだ送信していません。"

# What stays open: the terms, the own profile, the way out. allauth's pages have no namespace.
_OPEN = {
    "members:terms_accept",
    "members:terms_decline",
    "members:person_update",
    "members:own_data",
    "members:own_data_export",
    "admin:logout",
}
_OPEN_PAGES = ("account_", "mfa_", "usersessions_")

type GetResponse = Callable[[HttpRequest], HttpResponse]


class TermsMiddleware:
    """Leads whoever has not accepted the edition in force to the terms, and back afterwards.

    Public pages stay open, and show what they show to the public. A form that was posted is
    kept as over a login. Before the middleware for idle sessions, which would bring a kept
    form back to a page that does not open yet.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: Iterable, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or _has_accepted(request):
            return None
        if not getattr(view, "login_required", True):
            request.user.set_seats_aside()
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in _OPEN or name.startswith(_OPEN_PAGES):
            return None
        keep_form(request, view, kept=KEPT, shown=SHOWN)
        here = request.get_full_path() if request.method == "GET" else request.path
        return redirect_to_login(here, reverse("members:terms_accept"))


def _has_accepted(request: HttpRequest) -> bool:
    if request.session.get(ACCEPTED, 0) >= terms.edition_in_force():
        return True
    # As the page of the terms reads it, or the two would lead to each other for a minute.
    edition = terms.read_edition()
    has_accepted = not edition or request.user.acceptances.filter(edition__gte=edition).exists()
    if has_accepted:
        request.session[ACCEPTED] = edition
    return has_accepted
