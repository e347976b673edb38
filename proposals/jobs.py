"""What this room does each day (``core.daily``)."""

from datetime import date

from proposals import services
from proposals.services import reminders


def remind(day: date) -> str:
    """Tells of end dates that come near or have passed, and of proposals without an answer."""
    return (
        f"募集期限の予告{reminders.warn_of_ends(day)}件、"
        f"期限切れ{reminders.tell_expired(day)}件、"
        f"回答のない提案{reminders.tell_unanswered(day)}件"
    )


def clear_offer_drafts(day: date) -> str:
    """Deletes the drafts of offers on proposals that were over long ago."""
    return f"申し出の下書き{services.clear_offer_drafts(day)}件を削除"
