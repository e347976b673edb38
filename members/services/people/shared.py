"""Accounts of shared mailboxes (共用), whose keys several people know."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import Actor, System
from core.dates import fiscal_year_bounds, fiscal_year_of, start_of
from core.errors import DomainError, require
from members import emails, rules
from members.enums import Action, UserKind
from members.models import Seat, User
from members.services.people.accounts import end_sessions


@transaction.atomic
def reset_shared_credentials(user: User, *, by: Actor) -> User:
    """Makes the password and all second factors of a shared account useless, ends its logins.

    From then on it is the mailbox alone that opens it, by a mailed code. The mailbox is told.
    Asked for whenever the people behind it change: at each handover and April confirmation.
    Raises ``DomainError`` for a personal account; ``NotAllowed`` for a seat that neither leads
    where the account sits nor is the account's own, nor the secretariat's with all its rights.
    """
    if isinstance(by, Seat):
        require(by.user_id == user.pk or rules.may_reset_shared(by, user))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_shared:
        raise DomainError("ログインの方法を初期化できるのは、共用アカウントだけです")
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    factors.delete()
    user.set_unusable_password()
    user.credentials_reset_at = timezone.now()
    user.save(update_fields=["password", "credentials_reset_at"])
    end_sessions(user)
    changes = {"factors": audit.Change(kinds, [])}
    entry = audit.record(Action.RESET_SHARED_CREDENTIALS, user, by=by, changes=changes)
    emails.tell_reset_shared(user, entry)
    return user


@transaction.atomic
def reset_confirmed_mailboxes(day: date) -> int:
    """Resets the shared accounts of offices that were confirmed this fiscal year; returns how many.

    Once for each fiscal year, in the night after its first confirmation, when nobody is logged
    in: in April people change, and with them who knows the password. An account of this year
    is new to everybody.
    """
    yesterday = day - timedelta(days=1)
    first_day, _ = fiscal_year_bounds(fiscal_year_of(yesterday))
    confirmed = (
        Seat.objects.on(day)
        .active()
        .filter(
            user__kind=UserKind.OFFICE,
            office__confirmed_at__gte=start_of(first_day),
            office__confirmed_at__lt=start_of(day),
        )
    )
    old_keys = Q(credentials_reset_at=None) | Q(credentials_reset_at__lt=start_of(first_day))
    due = User.objects.filter(
        old_keys, created_at__lt=start_of(first_day), pk__in=confirmed.values("user")
    )
    for user in due:
        reset_shared_credentials(user, by=System("年度の確認"))
    return len(due)
