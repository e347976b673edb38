"""What opens and closes memberships."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from core import audit
from core.audit import Actor
from core.dates import day_text, today
from core.errors import DomainError, given
from members.enums import Action, Standing
from members.models import Handover, Invitation, Membership, Organization, Seat
from members.services.acting import require_secretariat_or_system
from members.services.register.leaving import end_business
from members.services.seats.handovers import cancel_handover
from members.services.seats.invitations import cancel_invitation
from members.services.seats.seats import end_seat

AFTER_THE_LAST = "登録日は、前の会員登録の退会日より後の日付にしてください"
LEFT_IN_ORDER = "退会日は、登録日以降の日付にしてください"


@transaction.atomic
def open_membership(
    organization: Organization, *, joined: date, by: Actor, is_sample: bool = False
) -> Membership:
    """Makes ``organization`` a member from ``joined`` on; a former member is readmitted.

    Raises ``DomainError`` for a ward and for the secretariat's bodies, for a municipality that
    is none on that day, while a membership is open, and for a day on which an earlier one
    still held; ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    organization = locked_organization(organization)
    if refusal := membership_refusal(organization, joined):
        raise DomainError(refusal)
    membership = Membership.objects.create(
        organization=organization, joined=joined, is_sample=is_sample
    )
    changes = {"joined": audit.Change(None, joined)}
    audit.record(Action.OPEN_MEMBERSHIP, membership, by=by, changes=changes)
    return membership


def membership_refusal(organization: Organization, joined: date) -> str:
    """Why ``organization`` cannot become a member on ``joined``; empty when it can."""
    if not organization.may_be_member:
        return "特別区と事務局の団体は、会員として登録しません"
    town = organization.municipality
    if town and not town.is_there_on(joined):
        return f"{day_text(joined)}に、{town}という市区町村はありません"
    earlier = organization.memberships.filter(Q(left=None) | Q(left__gte=joined))
    if earlier.filter(left=None).exists():
        return Standing.MEMBER.label
    if earlier.exists():
        return AFTER_THE_LAST
    return ""


@transaction.atomic
def correct_joined(
    membership: Membership, *, joined: date, by: Actor, reason: str = ""
) -> Membership:
    """Corrects the first day of a membership, which was written down wrongly.

    Raises ``DomainError`` for what ``joined_refusal`` says; ``NotAllowed`` for a seat outside
    the secretariat.
    """
    require_secretariat_or_system(by)
    organization = locked_organization(membership.organization)
    rows = Membership.objects.select_for_update(of=("self",))
    membership = rows.select_related("organization__prefecture", "organization__municipality").get(
        pk=membership.pk
    )
    others = organization.memberships.exclude(pk=membership.pk)
    if refusal := joined_refusal(membership, joined, others=others):
        raise DomainError(refusal)
    changes = audit.differences({"joined": membership.joined}, {"joined": joined})
    if changes:
        membership.joined = joined
        membership.save(update_fields=["joined"])
        audit.record(Action.EDIT, membership, by=by, changes=changes, reason=reason)
    return membership


def joined_refusal(membership: Membership, joined: date, *, others: Iterable[Membership]) -> str:
    """Why the membership cannot have begun on ``joined``; empty when it can.

    ``others`` are the organization's further memberships.
    """
    town = membership.organization.municipality
    if town and not town.is_there_on(joined):
        return f"{day_text(joined)}に、{town}という市区町村はありません"
    if membership.left is not None and membership.left < joined:
        return "登録日は、退会日以前の日付にしてください"
    before = [other for other in others if other.joined <= membership.joined]
    if any(other.left is None or other.left >= joined for other in before):
        return AFTER_THE_LAST
    return ""


@transaction.atomic
def close_membership(membership: Membership, *, left: date, by: Actor, reason: str) -> Membership:
    """Ends a membership: ``left`` is its last day. Offices and seats stay as they are.

    Raises ``DomainError`` when it has ended already, would end before it began, or without a
    reason; ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    rows = Membership.objects.select_for_update(of=("self",))
    membership = rows.select_related("organization__prefecture", "organization__municipality").get(
        pk=membership.pk
    )
    if membership.left is not None:
        raise DomainError("この会員登録は、すでに終わっています")
    if left < membership.joined:
        raise DomainError(LEFT_IN_ORDER)
    membership.left = left
    membership.save(update_fields=["left"])
    changes = {"left": audit.Change(None, left)}
    audit.record(Action.CLOSE_MEMBERSHIP, membership, by=by, changes=changes, reason=given(reason))
    return membership


@transaction.atomic
def withdraw_membership(
    membership: Membership, *, left: date, by: Actor, reason: str
) -> Membership:
    """Ends a membership (``close_membership``), and with it every seat of the organization.

    Seats that are still offered by mail are offered no longer. What the organization has open
    in the rooms above ends as well (``end_business``): at once, or by the daily job after a last
    day that lies ahead. Raises what ``close_membership`` raises.
    """
    locked_organization(membership.organization)  # nobody accepts a seat meanwhile
    membership = close_membership(membership, left=left, by=by, reason=reason)
    if left <= today():
        # Before the seats: whoever accepts an offer holds it, and then asks for the seats told.
        end_business(membership.organization, by=by, reason=reason.strip())
    held = Seat.objects.filter(office__organization=membership.organization)
    # A last day that has passed gives nobody the rest of today.
    yesterday = today() - timedelta(days=1)
    last_day = max(left, yesterday)
    for seat in held.filter(Q(valid_until=None) | Q(valid_until__gt=last_day)):
        if seat.valid_from > last_day:
            _call_off(seat, yesterday, by)
        else:
            end_seat(seat, last_day=last_day, by=by)
    of_organization = {"office__organization": membership.organization}
    for invitation in Invitation.objects.waiting().filter(**of_organization):
        cancel_invitation(invitation, by=by)
    for handover in Handover.objects.waiting().filter(seat__in=held):
        cancel_handover(handover, by=by)
    return membership


def _call_off(seat: Seat, day: date, by: Actor) -> None:
    """Ends a seat that would begin after the organization has left, so that it never holds.

    A seat has one day at least: ``day``, which is over.
    """
    changes = {"valid_from": audit.Change(seat.valid_from, day)}
    seat.valid_from = day
    seat.save(update_fields=["valid_from"])
    audit.record(Action.CHANGE_SEAT, seat, by=by, changes=changes)
    end_seat(seat, last_day=day, by=by)


def locked_organization(organization: Organization) -> Organization:
    """The organization as it is now, locked (``OrganizationQuerySet.locked``)."""
    rows = Organization.objects.locked().select_related("municipality__prefecture", "prefecture")
    return rows.get(pk=organization.pk)
