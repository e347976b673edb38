from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    """News, policy pages, and the figures somebody published."""

    name = "chronicle"
    verbose_name = "お知らせと記録"

    def ready(self) -> None:
        from chronicle.enums import Action
        from chronicle.models import News
        from chronicle.queries import terms_in_force
        from core import files
        from core.audit import register_actions
        from members import terms

        register_actions(Action)
        files.register(News)
        terms.register(terms_in_force)
