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
    """Whoever may stay, unless a former address has objected to the present one.

    The objection has ended all logins, so it is asked at the login alone.
    """
    return may_stay(user) and not user.is_disputed


def may_stay(user) -> bool:
    """Not with a closed account, nor once every seat has ended; the break-glass account may.

    A last lead whom nobody has succeeded may, to hand over, and whoever is offered a seat, to
    answer. Asked at the login and at every request after it, so of the seats first that each
    page reads.
    """
    return user.is_active and (
        user.is_superuser
        or bool(user.current_seats)
        or not user.has_left
        or bool(user.lingering_seats)
        or user.is_awaited
    )


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


def may_change_profile(seat, organization) -> bool:
    """A lead or deputy of ``organization``; the secretariat does it in the admin."""
    return writes_for(seat, organization)


def may_confirm_office(seat, office) -> bool:
    """Whoever may change it; and its organization's last lead past the date of the seat."""
    return may_change_office(seat, office) or lingers_at(seat, office.organization)


def lingers_at(seat, organization) -> bool:
    """A last lead of ``organization`` whose seat is past its date (``User.lingering_seats``)."""
    return seat.office.organization_id == organization.pk and (
        not seat.is_current and seat in seat.user.lingering_seats
    )


def may_rename_office(seat, office) -> bool:
    """Whoever may change the office, and the secretariat, which renames many at once."""
    return is_secretariat(seat) or may_change_office(seat, office)


def may_act_for_caller(seat, obj=None) -> bool:
    """The secretariat writes down what an office told it by telephone, fax, mail or in person."""
    return is_secretariat(seat)


def leads(seat, organization) -> bool:
    """A current lead of any office of ``organization``."""
    return writes_for(seat, organization) and seat.role == Role.LEAD


def may_change_lead(seat, office) -> bool:
    """A lead of the office names another one; who acts for a shared mailbox names no lead."""
    return leads(seat, office.organization) and (
        seat.office_id == office.pk and not seat.user.is_shared
    )


def may_manage_seats(seat, office) -> bool:
    """A lead of the organization invites to all its offices, and sees who is invited."""
    return leads(seat, office.organization)


def may_change_seat(seat, other) -> bool:
    """A lead changes and ends the seats of the organization, but for the secretariat's staff."""
    return leads(seat, other.office.organization) and other.role != Role.STAFF


def may_handle_invitation(seat, invitation) -> bool:
    """A lead of the organization sends an invitation again or cancels it."""
    return leads(seat, invitation.office.organization) and invitation.role != Role.STAFF


def may_give_role(seat, role, *, to_shared) -> bool:
    """Which roles ``seat`` gives in its own organization; the secretariat gives every one.

    A shared mailbox leads where an office has nothing else: that is for the secretariat to say.
    And who acts for a shared mailbox is not known by name, so it makes no lead.
    """
    if is_secretariat(seat):
        return True
    is_for_persons = role == Role.LEAD and (to_shared or seat.user.is_shared)
    return role != Role.STAFF and not is_for_persons


def has_rights_of(user, other) -> bool:
    """Whether ``user`` may do in the admin all that ``other`` may.

    Who opens a way into a login may use it: so nobody does for one that may do more.
    """
    if user.is_superuser or other.is_superuser:
        return user.is_superuser
    return _rights(other.groups) <= _rights(user.groups)


def may_give_group(user, group) -> bool:
    """A superuser, and whoever may do all that the group may: nobody gives what they lack."""
    theirs = set(group.permissions.values_list("pk", flat=True))
    return user.is_superuser or theirs <= _rights(user.groups)


def _rights(groups) -> set[int]:
    """The keys of what the groups may do in the admin."""
    return set(groups.values_list("permissions", flat=True)) - {None}


def may_reset_login(seat, user) -> bool:
    """The secretariat's staff, for another account without rights that they lack themselves."""
    return is_secretariat(seat) and seat.user != user and has_rights_of(seat.user, user)


def may_reset_shared(seat, user) -> bool:
    """A lead of an organization that the shared account sits at, and the secretariat."""
    offices = [other.office for other in user.current_seats]
    return may_reset_login(seat, user) or any(
        leads(seat, office.organization) for office in offices
    )


def may_hand_over(seat, other) -> bool:
    """The holder, a last lead past its date too, and a lead of the organization.

    The secretariat's own seats pass on in the admin alone, where its groups say who may.
    """
    if other.role == Role.STAFF:
        return False
    is_own = seat.pk == other.pk and (is_current(seat) or lingers_at(seat, seat.organization))
    return is_own or leads(seat, other.office.organization)


def may_handle_handover(seat, handover) -> bool:
    """Whoever may hand the seat over changes, repeats and cancels the handover."""
    return may_hand_over(seat, handover.seat)


def may_view_handover(seat, handover) -> bool:
    """Both sides, whoever may hand the seat over, and the secretariat."""
    return (
        is_secretariat(seat)
        or may_handle_handover(seat, handover)
        or (is_current(seat) and seat.pk in (handover.seat_id, handover.new_seat_id))
    )


def may_print_handover(seat, handover) -> bool:
    """Who sees the handover, but for the secretariat: drafts stand on the sheet."""
    is_own = seat.office.organization_id == handover.seat.office.organization_id
    return is_own and may_view_handover(seat, handover)


def may_print_business(seat, office) -> bool:
    """Every seat of the organization, and its last lead past the date of the seat."""
    return lingers_at(seat, office.organization) or (
        is_current(seat) and seat.office.organization_id == office.organization_id
    )


def may_replace_login(seat, user) -> bool:
    """A lead, for a colleague who sits nowhere but in the organization; and the secretariat.

    Nobody for themselves, who confirm a new address by its code, nor for the break-glass account.
    Who acts for a shared mailbox is not known by name, and takes over no person's login.
    """
    if seat.user == user or user.is_superuser:
        return False
    others = user.opening_seats
    is_colleague = bool(others) and all(may_change_seat(seat, other) for other in others)
    may_stand_for = user.is_shared or not seat.user.is_shared
    return may_reset_login(seat, user) or (is_colleague and may_stand_for)


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
rules.add_perm("members.change_profile", any_seat(may_change_profile))
rules.add_perm("members.change_lead", any_seat(may_change_lead))
rules.add_perm("members.manage_seats", any_seat(may_manage_seats))
rules.add_perm("members.change_seat", any_seat(may_change_seat))
rules.add_perm("members.handle_invitation", any_seat(may_handle_invitation))
rules.add_perm("members.hand_over", any_seat(may_hand_over))
rules.add_perm("members.handle_handover", any_seat(may_handle_handover))
rules.add_perm("members.view_handover", any_seat(may_view_handover))
rules.add_perm("members.act_for_caller", any_seat(may_act_for_caller))
rules.add_perm("members.change_person", any_seat(may_change_person))
rules.add_perm("members.view_seat", any_seat(may_view_seat))
