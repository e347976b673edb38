from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Dates, text, search, audit, mail, sheets and forms; knows no other app."""

    name = "core"
    verbose_name = "記録"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from core import pending, tidying
        from core.audit import jobs, register_actions
        from core.enums import Action
        from core.files import sweeping
        from core.search import rebuilding

        register_actions(Action)
        tidying.register()
        sweeping.register()
        jobs.register()
        pending.register_own()
        post_migrate.connect(rebuilding.mend)
