from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The board: proposals and replies."""

    name = "proposals"
    verbose_name = "連携提案"

    def ready(self) -> None:
        from agreements import following
        from core import daily, files
        from core.audit import register_actions
        from notices import watching
        from proposals import rules  # noqa: F401 - registers the permissions
        from proposals.enums import Action
        from proposals.handover import register_business
        from proposals.jobs import clear_offer_drafts, remind
        from proposals.models import Proposal, TalkMessage
        from proposals.pending import register as register_pending
        from proposals.queries import (
            beginnings_of,
            chosen_origins,
            origin_choices,
            seats_following,
        )
        from proposals.services import choose_origin, follow_project
        from proposals.successions import register as register_belongings

        register_actions(Action)
        files.register(Proposal)
        files.register(TalkMessage)
        watching.register(Proposal)
        daily.register("proposals.deadlines", remind)
        daily.register("proposals.offer_drafts", clear_offer_drafts)
        following.register(
            "proposals.proposals",
            follower=follow_project,
            audience=seats_following,
            beginnings=beginnings_of,
            origins=following.Origins(origin_choices, chosen_origins, choose_origin),
        )
        register_business()
        register_belongings()
        register_pending()
