"""Who has left, and for how long: whose personal values are to be erased, and when.

The period is that of the log's personal values (``settings.PERSONAL_RETENTION_DAYS``). It
begins with the last day on which the portal had to do with a person: the end of the last seat,
or of the business that outlasted it.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from core.audit.erasure import oldest_kept
from core.dates import start_of
from core.traces import ERASED_DOMAIN
from members.enums import ApplicationStatus, InvitationStatus
from members.models import (
    Application,
    ApplicationPerson,
    Handover,
    Invitation,
    LoginChange,
    Seat,
    User,
)

_DAY = timedelta(days=1)
# What became of an offer that nobody took.
_NOT_TAKEN = (InvitationStatus.DECLINED, InvitationStatus.EXPIRED, InvitationStatus.CANCELLED)
_SETTLED = (
    ApplicationStatus.APPROVED,
    ApplicationStatus.REJECTED,
    ApplicationStatus.CANCELLED,
)


def first_day_kept(day: date) -> date | None:
    """Who has left before it is erased on ``day``; None where nobody ever is."""
    return oldest_kept(day - _DAY)


def people_to_erase(day: date) -> QuerySet[User]:
    """The accounts whose time is over when ``day`` begins, by key.

    Of people whose seats have all ended, and of those who were offered one and never sat.
    """
    limit = first_day_kept(day)
    if limit is None:
        return User.objects.none()
    has_sat, waits = Exists(_own_seats()), _own_seats().filter(_may_last(limit))
    users = _gone(day).exclude(Exists(waits) | Exists(_handed_over_since(limit)))
    return users.filter(Q(has_sat) | _came_to_nothing(limit)).order_by("pk")


def people_waiting(day: date) -> list[date]:
    """The days on which those who have left by ``day`` will be erased, the next one first.

    Empty where nobody ever is. Whoever business keeps longer is erased later.
    """
    days = settings.PERSONAL_RETENTION_DAYS
    if not days:
        return []
    lasting = Exists(_own_seats().filter(Q(valid_until=None) | Q(valid_until__gte=day)))
    users = _gone(day).exclude(lasting).filter(Exists(_own_seats()))
    last_days = users.annotate(last=Max("seats__valid_until")).values_list("last", flat=True)
    return sorted(max(last + timedelta(days=days + 1), day + _DAY) for last in last_days)


def offers_not_taken(day: date) -> list[QuerySet]:
    """The invitations and handovers that name people without an account, settled for long enough.

    Nobody took them. What was erased before is not among them.
    """
    limit = first_day_kept(day)
    if limit is None:
        return []
    conditions = {"status__in": _NOT_TAKEN, "settled_at__lt": start_of(limit)}
    return [_of_strangers(model).filter(**conditions) for model in (Invitation, Handover)]


def applicants_without_account(day: date) -> QuerySet[ApplicationPerson]:
    """The people of applications settled for long enough, of whom no account has the address."""
    limit = first_day_kept(day)
    if limit is None:
        return ApplicationPerson.objects.none()
    return _of_strangers(ApplicationPerson).filter(
        application__status__in=_SETTLED, application__settled_at__lt=start_of(limit)
    )


def calls_to_erase(day: date) -> QuerySet[Application]:
    """The applications settled for long enough that still say who answered the telephone."""
    limit = first_day_kept(day)
    if limit is None:
        return Application.objects.none()
    settled = Application.objects.filter(status__in=_SETTLED, settled_at__lt=start_of(limit))
    return settled.exclude(called_whom="")


def is_wanted(email: str) -> bool:
    """Whether a seat is offered to ``email``, or an application that waits names it."""
    return any(rows.filter(email=email).exists() for rows in _waiting())


def _own_seats() -> QuerySet[Seat]:
    """The seats of the account that the outer query is at."""
    return Seat.objects.filter(user=OuterRef("pk"))


def _may_last(limit: date) -> Q:
    """Seats that have not ended before ``limit``, or were taken over since."""
    has_lasted = Q(valid_until=None) | Q(valid_until__gte=limit)
    return has_lasted | Q(taken_over_at__gte=start_of(limit))


def _handed_over_since(limit: date) -> QuerySet[Handover]:
    """What the account has handed over since, with a last lead's seat that lingered."""
    return Handover.objects.filter(
        seat__user=OuterRef("pk"), settled_at__gte=start_of(limit), new_seat__isnull=False
    )


def _gone(day: date) -> QuerySet[User]:
    """The accounts that nothing keeps: no lingering seat, no handover either way, no invitation,
    application or objection.

    Never the break-glass account, and nobody twice.
    """
    waiting = [Exists(rows.filter(email=OuterRef("email"))) for rows in _waiting()]
    disputed = Exists(LoginChange.objects.disputed().filter(user=OuterRef("pk")))
    lingering = Q(pk__in=Seat.objects.lingering(day).values("user"))
    passing_on = Exists(Handover.objects.waiting().filter(seat__user=OuterRef("pk")))
    kept = lingering | Q(disputed) | Q(passing_on)
    for condition in waiting:
        kept |= Q(condition)
    return User.objects.filter(erased_at=None, is_superuser=False).exclude(kept)


def _waiting() -> list[QuerySet]:
    """What waits for somebody by their address."""
    unsettled = Application.objects.unsettled().values("pk")
    return [
        Invitation.objects.waiting(),
        Handover.objects.waiting(),
        ApplicationPerson.objects.filter(application__in=unsettled),
    ]


def _came_to_nothing(limit: date) -> Q:
    """Accounts from before ``limit`` that were opened to answer offers, all settled before it."""
    start = start_of(limit)
    offered = [model.objects.filter(email=OuterRef("email")) for model in (Invitation, Handover)]
    lately = [Exists(rows.exclude(settled_at__lt=start)) for rows in offered]
    came_by = Q(Exists(offered[0])) | Q(Exists(offered[1]))
    is_old = Q(created_at__lt=start) & (Q(last_login=None) | Q(last_login__lt=start))
    return is_old & came_by & ~Q(lately[0]) & ~Q(lately[1])


def _of_strangers(model: type[Invitation] | type[Handover] | type[ApplicationPerson]) -> QuerySet:
    """Rows whose address no account has and nothing waits for, by key; none erased before."""
    rows = model.objects.exclude(email__in=User.objects.values("email"))
    for waiting in _waiting():
        rows = rows.exclude(email__in=waiting.values("email"))
    return rows.exclude(email__endswith=f"@{ERASED_DOMAIN}").order_by("pk")
