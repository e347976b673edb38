"""Who acts in the admin."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.audit import Actor, Identity

BREAK_GLASS = "緊急用アカウント"


@dataclass(frozen=True)
class BreakGlass:
    """A superuser without a secretariat seat: acts as the secretariat, named as what it is.

    Answers what services and rules ask of a seat that acts.
    """

    user: Any
    pk: None = None
    role: str = ""
    signature: str = BREAK_GLASS
    is_current: bool = True
    is_secretariat: bool = True
    may_write: bool = False

    @property
    def office(self) -> "BreakGlass":
        """It has no office and signs by itself."""
        return self

    def audit_identity(self) -> Identity:
        return Identity(organization=BREAK_GLASS, office="", role="", person=self.user.email)


def acting(request: HttpRequest) -> Actor:
    """The secretariat seat of whoever is logged in, or the break-glass account.

    Call it only where the admin has let the person in.
    """
    seats = request.user.current_seats
    return next((seat for seat in seats if seat.is_secretariat), None) or BreakGlass(request.user)
