from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The register, organizations, memberships, offices, users and seats."""

    name = "members"
    verbose_name = "会員と団体"

    def ready(self) -> None:
        from core.audit import register_actions
        from core.files import ask_levels
        from core.files import register as register_files
        from core.idle import ask_login
        from members.enums import Action
        from members.models import Organization
        from members.open_business import register_business
        from members.pending import register as register_pending
        from members.retention import register as register_retention
        from members.rules import levels_of, may_stay

        register_actions(Action)
        ask_levels(levels_of)
        register_files(Organization)
        ask_login(may_stay)
        _record_factors()
        _note_starts()
        _register_links()
        _register_jobs()
        register_business()
        register_pending()
        register_retention()


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


def _note_starts() -> None:
    """Keeps when somebody has logged in for the first time; the login tells so by a signal."""
    from django.contrib.auth.signals import user_logged_in

    from members import services

    def started(sender, *, user, **kwargs) -> None:
        services.note_start(user)

    user_logged_in.connect(started, weak=False)


def _register_links() -> None:
    """Says what the links of this room's mails open."""
    from core import links
    from members import services
    from members.emails import CORRECTION
    from members.queries import CONFIRMATION
    from members.starting import WELCOME
    from members.views import applications, confirmations
    from members.views.people import logins, welcome
    from members.views.seats import accepting, succeeding

    # What it opens: its name, its page, and what renews a link that has run out.
    opened = {
        CORRECTION: (
            "会員登録申請の修正",
            applications.ApplicationCorrect,
            services.renew_correction,
        ),
        services.ADDRESS: (
            "会員登録申請の番号",
            applications.ApplicationAddress,
            services.refuse_renewal,
        ),
        services.LOGIN_CHANGE: (
            "ログインのメールアドレスの変更",
            logins.LoginChangeLink,
            services.renew_objection,
        ),
        services.INVITATION: (
            "担当への招待",
            accepting.InvitationLink,
            services.renew_invitation,
        ),
        services.HANDOVER: ("担当の引継ぎ", succeeding.HandoverLink, services.renew_handover),
        CONFIRMATION: (
            "登録情報の確認",
            confirmations.ConfirmationLink,
            services.renew_confirmation,
        ),
        WELCOME: ("ご利用開始のご案内", welcome.WelcomeLink, services.renew_welcome),
    }
    for kind, (name, page, renew) in opened.items():
        links.register(kind, links.Purpose(name, page.as_view(), renew))


def _register_jobs() -> None:
    """Makes this room's jobs part of every day."""
    from core import daily
    from members import jobs

    daily.register("members.invitations", jobs.expire_invitations)
    daily.register("members.handovers", jobs.expire_handovers)
    daily.register("members.shared_mailboxes", jobs.reset_shared_mailboxes)
    daily.register("members.confirmed_mailboxes", jobs.reset_confirmed_mailboxes)
    daily.register("members.renames", jobs.apply_renames)
    daily.register("members.changes", jobs.apply_changes)
    # After the mergers: what goes to a successor does not end.
    daily.register("members.leaving", jobs.end_former_business, in_steps=True)
    daily.register("members.login_changes", jobs.clear_login_changes)
    # After the day's names and mergers: the mails show them.
    daily.register("members.campaign", jobs.remind, in_steps=True)
    daily.register("members.erasure", jobs.erase_people)
