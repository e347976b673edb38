from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The board: proposals and replies."""

    name = "proposals"
    verbose_name = "連携提案"

    def ready(self) -> None:
        from core.audit import register_actions
        from proposals import rules  # noqa: F401 - registers the permissions
        from proposals.enums import Action

        register_actions(Action)
