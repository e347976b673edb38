from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The register, organizations, memberships, offices, users and seats."""

    name = "members"
    verbose_name = "会員と団体"

    def ready(self) -> None:
        from core.audit import register_actions
        from members.enums import Action

        register_actions(Action)
