"""The pages of the memberships' admin that bring the members in: import, invite, who has come."""

from django.http import HttpRequest
from django.urls import path, reverse

from members.admin.joining.imports import ImportMembers, ImportPreview, ImportTemplate, RefusedRows
from members.admin.joining.starting import Board, BoardExport, Calls, WriteWelcomes


class GoingLiveMixin:
    """Mixed into the memberships' admin: its further pages, and the links to them."""

    def get_urls(self) -> list:
        pages = {
            "import/": ("import", ImportMembers),
            "import/template.xlsx": ("import_template", ImportTemplate),
            "import/<int:pk>/": ("import_preview", ImportPreview),
            "import/<int:pk>/refused.xlsx": ("import_refused", RefusedRows),
            "welcome/": ("welcome", WriteWelcomes),
            "board/": ("board", Board),
            "board/calls/": ("calls", Calls),
            "board/export.<str:ending>": ("board_export", BoardExport),
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                route,
                self.admin_site.admin_view(view.as_view(model_admin=self)),
                name=f"{prefix}_{name}",
            )
            for route, (name, view) in pages.items()
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context=None):
        return super().changelist_view(
            request, {"tools": self.tools(request), **(extra_context or {})}
        )

    def tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Label and address of the pages that whoever is logged in may open."""
        found = [("利用開始の状況", "board")]
        if self.has_change_permission(request):
            found.insert(0, ("利用開始の案内", "welcome"))
        if self.has_add_permission(request):
            found.insert(0, ("会員の表を読み込む", "import"))
        return [(label, reverse(self.url_name(name))) for label, name in found]
