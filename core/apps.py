from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Dates, text, search, audit, mail, sheets and forms; knows no other app."""

    name = "core"
    verbose_name = "記録"

    def ready(self) -> None:
        from core.audit import register_actions
        from core.enums import Action

        register_actions(Action)
