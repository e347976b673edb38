from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The board: proposals and replies."""

    name = "proposals"
    verbose_name = "連携提案"

    def ready(self) -> None:
        from core.audit import register_actions
        from proposals import rules  # noqa: F401 - registers the permissions
        from proposals.enums import Action
        from proposals.handover import register_business
        from proposals.pending import register as register_pending
        from proposals.successions import register as register_belongings

        register_actions(Action)
        register_business()
        register_belongings()
        register_pending()
