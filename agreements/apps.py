from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements and what they cover on a day; joint projects and how they went."""

    name = "agreements"
    verbose_name = "協定と連携事業"

    def ready(self) -> None:
        from agreements.enums import Action
        from agreements.handover import register_business
        from agreements.models import Collaboration, YearReport
        from agreements.pending import register as register_pending
        from agreements.successions import register as register_belongings
        from core import files
        from core.audit import register_actions
        from notices import watching

        register_actions(Action)
        files.register(YearReport)
        watching.register(Collaboration)
        register_business()
        register_belongings()
        register_pending()
