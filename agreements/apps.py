from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements, their parties, and what they cover on a day."""

    name = "agreements"
    verbose_name = "連携協定"

    def ready(self) -> None:
        from agreements.enums import Action
        from core.audit import register_actions

        register_actions(Action)
