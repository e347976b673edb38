"""Who sits where, who is invited, and how an organization stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone

from core import kept
from core.dates import today
from members.enums import UNHEEDED, InvitationStatus, Role, Standing
from members.models import (
    Application,
    Invitation,
    Membership,
    Office,
    Organization,
    Seat,
    TermsAcceptance,
    User,
)


def desks() -> list[Office]:
    """The two offices that answer questions, for the foot of every page."""
    return list(Office.objects.desks().select_related("organization"))


def roster(office: Office, user: User) -> list[Seat]:
    """Who sits at ``office`` today, as far as ``user`` may know: leads first, then deputies."""
    seats = office.seats.on(today()).active().visible_to(user).with_user().order_by("pk")
    return sorted(seats, key=lambda seat: list(Role).index(Role(seat.role)))


def leads_of(office: Office, user: User) -> list[Seat]:
    """Who leads ``office`` today, as far as ``user`` may know."""
    return [seat for seat in roster(office, user) if seat.role == Role.LEAD]


def standing_of(organization: Organization) -> Standing:
    """Whether ``organization``, a municipality, may apply to become a member today."""
    if organization.is_ward:
        return Standing.WARD
    members = Membership.objects.filter(Q(left=None) | Q(left__gte=today()))
    if members.filter(organization=organization).exists():
        return Standing.MEMBER
    waiting = Application.objects.unsettled().filter(organization=organization).exists()
    return Standing.WAITING if waiting else Standing.FREE


def leaves_on(organization: Organization) -> date | None:
    """The last day of a member whose membership ends or has ended; None for everybody else."""
    return leaving_days([organization.pk]).get(organization.pk)


def leaving_days(organizations: Iterable[int]) -> dict[int, date]:
    """``leaves_on`` of those of ``organizations``, by their ids, whose membership ends."""
    ends: dict[int, list[date | None]] = defaultdict(list)
    rows = Membership.objects.filter(organization__in=organizations).order_by()
    for organization, left in rows.values_list("organization", "left"):
        ends[organization].append(left)
    return {key: max(days) for key, days in ends.items() if None not in days}


def full_names(ids: Collection[int]) -> dict[int, str]:
    """The full names of the organizations with these ids, as they were within the minute."""
    return kept.many("members.full_name", ids, _full_names)


def _full_names(ids: list[int]) -> dict[int, str]:
    return {key: body.full_name for key, body in organizations(ids).items()}


def organizations(ids: Collection[int]) -> dict[int, Organization]:
    """The organizations with these ids, as they were within the minute: who they are, not what
    their profiles say."""
    return kept.many("members.organization", ids, _organizations)


def _organizations(ids: list[int]) -> dict[int, Organization]:
    named = Organization.objects.select_related("municipality", "prefecture")
    return named.defer("search_text", "profile_text", "introduction").in_bulk(ids)


def seats_of(office: Office) -> list[Seat]:
    """The seats of ``office`` that have not ended: leads first, then deputies and readers."""
    seats = office.seats.lasting_beyond(today() - timedelta(days=1)).active().with_office()
    # Whether somebody also sits elsewhere is asked of each (``rules.may_replace_login``).
    opening = Seat.objects.opening(today()).with_office()
    everywhere = Prefetch("user__seats", opening, to_attr="opening_seats")
    return sorted(
        seats.with_user().prefetch_related(everywhere).order_by("valid_from", "pk"),
        key=lambda seat: list(Role).index(Role(seat.role)),
    )


# How long an invitation that came to nothing stands in the list of the leads.
SHOWN_DAYS = 30


def shown_invitations(office: Office, user: User) -> list[Invitation]:
    """The invitations to ``office`` that ``user`` may see: waiting, or lately without a yes."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    lately = Q(status__in=UNHEEDED, settled_at__gt=since)
    invitations = office.invitations.visible_to(user).with_office()
    return list(invitations.filter(lately | Q(status=InvitationStatus.SENT)))


def acceptances_of(edition: int) -> int:
    """How many accounts have accepted this edition of the terms of use."""
    return TermsAcceptance.objects.filter(edition=edition).count()
