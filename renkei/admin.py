"""The secretariat's admin site: its title, who may open it, and what stands where."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.audit import action_label
from core.history import object_label
from core.models import AuditEntry

# The order of rooms and of their models, as the secretariat's day goes; others come last.
ROOMS = ("members", "proposals", "agreements", "events", "chronicle", "core", "auth")
MODELS = (
    "Organization",
    "Office",
    "User",
    "Seat",
    "Membership",
    "Theme",
    "Municipality",
    "MunicipalityChange",
    "Prefecture",
    "Proposal",
    "Reply",
    "News",
    "Page",
    "StatedFigure",
    "AuditEntry",
    "Source",
)
RECENT = 10


class RenkeiAdminSite(admin.AdminSite):
    """Opens for current secretariat seats only (``members.User.is_staff``)."""

    site_title = site_header = "特別区全国連携プロジェクト 管理画面"
    index_title = "事務局の管理画面"
    site_url = "/"
    empty_value_display = "―"

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
        """The first page, with the last actions of everybody instead of one's own."""
        recent: list[tuple[AuditEntry, str]] = []
        if request.user.has_perm("core.view_auditentry"):
            entries = AuditEntry.objects.all()[:RECENT]
            recent = [
                (entry, f"{action_label(entry.action)}：{object_label(entry)}") for entry in entries
            ]
        return super().index(request, {"recent": recent, **(extra_context or {})})


def _place(name: str, order: tuple[str, ...]) -> int:
    """Where ``name`` stands in ``order``; behind it when it is not named there."""
    return order.index(name) if name in order else len(order)
