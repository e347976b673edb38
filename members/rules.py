"""Who may do what with organizations, offices and seats.

Each rule is written once, for a seat and an object. Services ask it for the acting seat;
pages ask the predicate made of it, which holds when one of the person's seats does.
"""

from collections.abc import Callable
from typing import Any

import rules

from core.enums import Level
from members.enums import Role

type SeatRule = Callable[[Any, Any], bool]

# Who may read which contact field of an office (domain.md: one fixed table). The public reads
# none of them; the two desks at the foot of every page are published by ``queries.desks``.
CONTACT_LEVELS = {
    "name": Level.MEMBERS,
    "postal_code": Level.MEMBERS,
    "address": Level.MEMBERS,
    "phone": Level.MEMBERS,
    "extension": Level.MEMBERS,
    "fax": Level.MEMBERS,
    "email": Level.MEMBERS,
}


def any_seat(rule: SeatRule) -> rules.Predicate:
    """The predicate that ``rule`` holds for one of the user's current seats."""

    @rules.predicate(name=f"any seat: {rule.__name__}")
    def holds(user, obj=None) -> bool:
        return user.is_authenticated and any(rule(seat, obj) for seat in user.current_seats)

    return holds


def is_current(seat, obj=None) -> bool:
    return seat.is_current and seat.user.is_active


def may_log_in(user) -> bool:
    """Not with a closed account, nor once every seat has ended; the break-glass account may.

    Asked at the login and at every request after it, so of the seats first that each page reads.
    """
    return user.is_active and (user.is_superuser or bool(user.current_seats) or not user.has_left)


def is_secretariat(seat, obj=None) -> bool:
    return seat.is_secretariat


def writes_for(seat, organization) -> bool:
    """A current lead or deputy of ``organization``."""
    return seat.may_write and seat.office.organization_id == organization.pk


def acts_for(seat, organization) -> bool:
    """A current lead or deputy of ``organization``, or the secretariat's staff for their own body."""
    return writes_for(seat, organization) or (
        is_secretariat(seat) and seat.office.organization_id == organization.pk
    )


def may_change_office(seat, office) -> bool:
    """Whoever acts for the organization that the office belongs to."""
    return acts_for(seat, office.organization)


def may_act_for_caller(seat, obj=None) -> bool:
    """The secretariat writes down what an office told it by telephone, fax, mail or in person."""
    return is_secretariat(seat)


def may_change_lead(seat, office) -> bool:
    """A lead of the office names another one."""
    return writes_for(seat, office.organization) and (
        seat.role == Role.LEAD and seat.office_id == office.pk
    )


def may_change_person(seat, user) -> bool:
    """Everybody their own name; an office account (共用) has none."""
    return is_current(seat) and seat.user_id == user.pk and not user.is_shared


def may_view_seat(seat, other) -> bool:
    """Leads are shown to all members, other seats to their own organization and the secretariat."""
    return is_current(seat) and (
        other.role == Role.LEAD
        or is_secretariat(seat)
        or seat.office.organization_id == other.office.organization_id
    )


def levels_of(user) -> list[str]:
    """The levels that ``user`` may read (domain.md: 公開, 会員, 特別区, 事務局)."""
    if not user.is_authenticated or not user.current_seats:
        return [Level.PUBLIC]
    levels = [Level.PUBLIC, Level.MEMBERS]
    if any(seat.organization.is_ward or seat.is_secretariat for seat in user.current_seats):
        levels.append(Level.WARDS)
    if any(seat.is_secretariat for seat in user.current_seats):
        levels.append(Level.SECRETARIAT)
    return levels


rules.add_perm("members.open_member_pages", any_seat(is_current))
rules.add_perm("members.open_admin", any_seat(is_secretariat))
rules.add_perm("members.view_office", any_seat(is_current))
rules.add_perm("members.change_office", any_seat(may_change_office))
rules.add_perm("members.change_lead", any_seat(may_change_lead))
rules.add_perm("members.act_for_caller", any_seat(may_act_for_caller))
rules.add_perm("members.change_person", any_seat(may_change_person))
rules.add_perm("members.view_seat", any_seat(may_view_seat))
