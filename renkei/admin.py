"""The secretariat's admin site: its title, who may open it, and what stands where."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse

from core import second_factor
from core.audit import action_label
from core.dates import today
from core.history import object_label
from core.models import AuditEntry
from core.pending import pending
from core.state import SystemStateView

# The order of rooms and of their models, as the secretariat's day goes; others come last.
ROOMS = ("members", "proposals", "agreements", "events", "chronicle", "core", "auth")
MODELS = (
    "Organization",
    "Office",
    "User",
    "Seat",
    "Invitation",
    "Handover",
    "LoginChange",
    "Application",
    "Membership",
    "Theme",
    "Municipality",
    "MunicipalityChange",
    "Prefecture",
    "Proposal",
    "Reply",
    "Offer",
    "Report",
    "News",
    "Page",
    "StatedFigure",
    "OutboxMail",
    "UndeliverableAddress",
    "AuditEntry",
    "AuditSeal",
    "Source",
)
RECENT = 10


class RenkeiAdminSite(admin.AdminSite):
    """Opens for current secretariat seats only (``members.User.is_staff``), after a second factor.

    ``has_permission`` is asked before every page but ``login``, which lets nobody in: it only
    leads to where the next step is taken.
    """

    site_title = site_header = "特別区全国連携プロジェクト 管理画面"
    index_title = "事務局の管理画面"
    site_url = "/"
    empty_value_display = "―"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_satisfied(request)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Leads staff who are logged in (``secure_admin_login``) on; takes no password itself."""
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        if self.has_permission(request):
            return redirect(wanted)
        return redirect(second_factor.page_before(request, wanted))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"second_factor": settings.SECOND_FACTOR}

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Django's guard around every page, which refuses an address with a NUL as well.

        Lists, filters and autocompletes hand what stands in the address to the database, and
        PostgreSQL cannot even compare a NUL.
        """

        @wraps(view)
        def readable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "\x00" in request.path_info or "%00" in request.META["QUERY_STRING"]:
                raise BadRequest("NUL in the address")
            return view(request, *args, **kwargs)

        return super().admin_view(readable, cacheable)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        state = self.admin_view(SystemStateView.as_view(admin_site=self))
        return [path("system/", state, name="system_state"), *super().get_urls()]

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The portal's own page: Django's would know nothing of its notices and limits."""
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The rooms, and the models within each, in their order."""
        rooms = sorted(
            self._build_app_dict(request, app_label).values(),
            key=lambda room: _place(room["app_label"], ROOMS),
        )
        for room in rooms:
            room["models"].sort(key=lambda model: _place(model["object_name"], MODELS))
        return rooms

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        """The first page: what waits, and the last actions of everybody instead of one's own."""
        recent: list[tuple[AuditEntry, str]] = []
        if request.user.has_perm("core.view_auditentry"):
            entries = AuditEntry.objects.all()[:RECENT]
            recent = [
                (entry, f"{action_label(entry.action)}：{object_label(entry)}") for entry in entries
            ]
        own = {"pending": pending(request.user, ROOMS), "recent": recent, "today": today()}
        return super().index(request, {**own, **(extra_context or {})})


def _place(name: str, order: tuple[str, ...]) -> int:
    """Where ``name`` stands in ``order``; behind it when it is not named there."""
    return order.index(name) if name in order else len(order)
