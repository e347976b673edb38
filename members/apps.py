from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The register, organizations, memberships, offices, users and seats."""

    name = "members"
    verbose_name = "会員と団体"

    def ready(self) -> None:
        from core.audit import register_actions
        from core.files import ask_levels
        from core.idle import ask_login
        from members.enums import Action
        from members.rules import levels_of, may_log_in

        register_actions(Action)
        ask_levels(levels_of)
        ask_login(may_log_in)
        _record_factors()


def _record_factors() -> None:
    """Keeps in the audit log what people do to their own factors.

    allauth's pages change them and tell so by signals alone.
    """
    from allauth.mfa import signals

    from members import services

    def added(sender, *, request, user, authenticator, **kwargs) -> None:
        services.note_factor(user, authenticator.type, is_added=True)
        # A login from before knows the password alone, which would show it the recovery codes.
        services.end_sessions(user, but=request.session.session_key)

    def removed(sender, *, user, authenticator, **kwargs) -> None:
        services.note_factor(user, authenticator.type, is_added=False)

    for signal in (signals.authenticator_added, signals.authenticator_reset):
        signal.connect(added, weak=False)
    signals.authenticator_removed.connect(removed, weak=False)
