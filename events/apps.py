from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events, coming and past."""

    name = "events"
    verbose_name = "イベント"

    def ready(self) -> None:
        from core.audit import register_actions
        from events import rules  # noqa: F401 - registers the permissions
        from events.enums import Action
        from events.handover import register_business
        from events.pending import register as register_pending
        from events.successions import register as register_belongings

        register_actions(Action)
        register_business()
        register_belongings()
        register_pending()
