from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What is told to which seat: inbox, mails, follows."""

    name = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from core import daily
        from core.audit import register_actions
        from notices import jobs
        from notices.enums import Action
        from notices.handover import register_business
        from notices.holdings import register_holding

        register_actions(Action)
        register_business()
        register_holding()
        daily.register("notices.weekly", jobs.send_weekly, in_steps=True)
