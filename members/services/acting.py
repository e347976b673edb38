"""Who may call a service: the rule of the acting seat, or the secretariat for a caller."""

from typing import Any

from core.audit import Actor, Told
from core.enums import Channel
from core.errors import require
from members import rules
from members.models import Seat


def from_caller(told: Told | None) -> bool:
    """Whether the secretariat writes down what somebody else said."""
    return told is not None and told.channel != Channel.WEB


def require_or_told(rule: rules.SeatRule, by: Seat, obj: Any, told: Told | None) -> None:
    """Raises ``NotAllowed`` unless ``rule`` holds or, for a caller, ``by`` is the secretariat's."""
    require(rules.may_act_for_caller(by, obj) if from_caller(told) else rule(by, obj))


def require_secretariat_or_system(by: Actor) -> None:
    """Raises ``NotAllowed`` for a seat outside the secretariat."""
    require(not isinstance(by, Seat) or rules.is_secretariat(by))
