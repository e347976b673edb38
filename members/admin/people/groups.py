"""What the secretariat's groups may do: shown; ``load_register`` gives it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest

from core.admin.base import ReadOnlyAdmin
from core.sheets import Column
from members.admin.register.register import RegisterAdmin

_WORDS = {"view": "表示", "add": "追加", "change": "変更"}

# Django's and allauth's own pages would save without an audit row, and show factors' secrets.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(Group)
class GroupAdmin(ReadOnlyAdmin):
    """会員登録, プロジェクト, 閲覧."""

    list_display = ["name", "number_of_users"]
    search_fields = ["name"]
    search_help_text = "名称で探せます"
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "rights", "users"],
                "description": "だれがどのグループに入るかは「利用者」の画面で決めます",
            },
        )
    ]
    sheet_columns = [Column("名称", "name"), Column("人数", "number_of_users")]

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whoever sees accounts sees what their groups mean."""
        return request.user.has_perm("members.view_user")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(number_of_users=Count("user"))

    @admin.display(description="人数", ordering="number_of_users")
    def number_of_users(self, group: Group) -> int:
        return group.number_of_users

    @admin.display(description="できること")
    def rights(self, group: Group) -> str:
        words: dict[str, list[str]] = {}
        for permission in group.permissions.select_related("content_type"):
            model = permission.content_type.model_class()
            verb = _WORDS.get(permission.codename.split("_")[0])
            if verb and self.may_be_used(model, verb):
                words.setdefault(str(model._meta.verbose_name), []).append(verb)
        return "\n".join(f"{name}：{'・'.join(verbs)}" for name, verbs in words.items())

    def may_be_used(self, model: type[Model] | None, verb: str) -> bool:
        """Whether the admin has a page on which the right to ``verb`` counts for something."""
        if model is None or not self.admin_site.is_registered(model):
            return False
        model_admin = self.admin_site.get_model_admin(model)
        return verb == "表示" or not isinstance(model_admin, RegisterAdmin)

    @admin.display(description="利用者")
    def users(self, group: Group) -> str:
        return "\n".join(user.display_name for user in group.user_set.all())
