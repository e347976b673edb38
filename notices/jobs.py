"""What this room does each day (``core.daily``)."""

from datetime import date

from notices import services


def send_weekly(day: date) -> str:
    """Sends the weekly mail on Monday, or on the first day after it that runs."""
    return f"週に1度の通知のメール{services.send_weekly(day)}通"
