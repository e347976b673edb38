"""What of this room passes to a successor (``members.handover``): what the seat follows.

What a seat was told, and how it wants to be told, is its holder's own.
"""

from members.handover import Business, register
from notices import services


def register_business() -> None:
    rows = ("notices.Watch", "notices.Notice", "notices.Preference")
    register("notices.watches", Business(rows, hand_over=services.pass_watches))
