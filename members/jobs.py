"""What this room does each day (``core.daily``)."""

from datetime import date

from members import services


def expire_invitations(day: date) -> str:
    """Notes the invitations that nobody has answered in time; of a missed day as well."""
    return f"期限切れの招待{services.expire_invitations()}件"


def apply_renames(day: date) -> str:
    """Gives offices the names that were planned for ``day`` or for a day that was missed."""
    return f"部署名の変更{services.apply_renames(day)}件"


def apply_changes(day: date) -> str:
    """Lets municipalities be succeeded whose last day was the one before, or was missed."""
    return f"合併・名称変更などによる引継ぎ{services.apply_changes(day)}件"


def end_former_business(day: date) -> str:
    """Ends what bodies have open that were members until the day before, or earlier."""
    return f"退会した団体の提案・申し出{services.end_former_business(day)}件を終了"


def clear_login_changes(day: date) -> str:
    """Deletes the former login addresses that nobody needs any more."""
    return f"メールアドレスの変更の記録{services.clear_login_changes(day)}件を削除"


def expire_handovers(day: date) -> str:
    """Notes the handovers that nobody has answered in time, and tells of them."""
    return f"期限切れの引継ぎ{services.expire_handovers()}件"


def reset_confirmed_mailboxes(day: date) -> str:
    """Keeps out whoever knew the password of a shared account in the fiscal year before."""
    return f"年度の確認で初期化した共用アカウント{services.reset_confirmed_mailboxes(day)}件"


def reset_shared_mailboxes(day: date) -> str:
    """Keeps out whoever knew the password of a shared account until the day before."""
    return f"初期化した共用アカウント{services.reset_shared_mailboxes(day)}件"


def erase_people(day: date) -> str:
    """Erases what is held of people who left, when its time was over as ``day`` began."""
    return f"退いた人の個人の情報{services.erase_people(day)}人分を消去"


def remind(day: date) -> str:
    """Asks whom the running campaign (年度確認) is to ask by now."""
    return f"年度確認のメール{services.remind(day)}通"
