"""Erasing what the portal holds of people who left, once its time is over.

Accounts, seats and the log stay, so that an office's history can be read: 退任者 stands where a
name stood. What people wrote for their organization is the organization's and stays as well.
"""

from collections.abc import Iterable
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import System
from core.audit.forgetting import forget_people
from core.models import AuditPersonal
from core.text import normalise_email
from core.traces import Traces, erased_address, forget_addresses, forget_mails
from members.enums import Action
from members.holdings import holdings
from members.models import (
    Application,
    ApplicationPerson,
    Handover,
    Invitation,
    Office,
    User,
)
from members.services.people.accounts import end_sessions
from members.services.people.leaving import (
    applicants_without_account,
    calls_to_erase,
    is_wanted,
    offers_not_taken,
    people_to_erase,
)

type Named = Invitation | Handover | ApplicationPerson

# How many people one day erases at most: the mails and the log are read once for all of them,
# while nobody else writes to the embedded database. Whoever is left is erased the day after.
BATCH = 100
_BY = System("保存期間")


@transaction.atomic
def erase_people(day: date) -> int:
    """Erases whose time is over when ``day`` begins, at most ``BATCH``; returns how many.

    Accounts of people who left, offers of a seat that nobody took, the people of settled
    applications. Nobody can log in to such an account again, and no mail is written to it.
    With 0 days as the period nobody is ever erased.
    """
    people = [_erase_user(user) for user in _locked(day)]
    rows = [*offers_not_taken(day), applicants_without_account(day)]
    for found in rows:
        people += [_erase_stranger(row) for row in found[: BATCH - len(people)]]
    for application in calls_to_erase(day):
        _erase_call(application)
    if people:
        forget_mails(people)
        forget_addresses(people)
        forget_people(people, by=_BY)
    return len(people)


def _locked(day: date) -> list[User]:
    """The accounts to erase, locked: who was given a seat until they were is not among them."""
    locked = [user.pk for user in people_to_erase(day).select_for_update(of=("self",))[:BATCH]]
    return list(people_to_erase(day).filter(pk__in=locked))


def _erase_user(user: User) -> Traces:
    """Erases the account and the rows that tell of it alone; returns what else to look for."""
    traces = _traces_of(user)
    for row in _rows_naming(user, traces.addresses):
        _erase_row(row)
    Handover.objects.filter(seat__user=user).exclude(note="").update(note="")
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.login_changes.all().delete()
    for holding in holdings():
        holding.erase(user)
    user.groups.clear()
    user.user_permissions.clear()
    user.family_name = user.given_name = ""
    user.email, user.last_login = erased_address(user), None
    user.is_active, user.erased_at = False, timezone.now()
    user.set_unusable_password()
    user.save()
    audit.record(Action.ERASE_PERSON, user, by=_BY)
    return traces


def _erase_stranger(row: Named) -> Traces:
    """Erases whom a row names who never had an account; returns what else to look for."""
    names = _names([(row.family_name, row.given_name)])
    shared = _borne_by_others(names)
    traces = Traces(
        addresses=_own_addresses({row.email}),
        names=names - shared,
        shared_names=shared,
        objects=frozenset() if isinstance(row, ApplicationPerson) else frozenset({_key(row)}),
        near=frozenset({_key(_subject(row))}),
    )
    _erase_row(row)
    audit.record(Action.ERASE_PERSON, _subject(row), by=_BY)
    return traces


def _erase_row(row: Named) -> None:
    row.email, row.family_name, row.given_name = erased_address(row), "", ""
    changed = ["email", "family_name", "given_name"]
    for column in ("reason", "note"):  # what the person, or the predecessor to them, wrote
        if hasattr(row, column):
            setattr(row, column, "")
            changed.append(column)
    row.save(update_fields=changed)


def _erase_call(application: Application) -> None:
    """Erases who answered the telephone, and the name of who had called; the office stays."""
    *office, _ = application.called_by.split("　")
    if len(office) > 1:  # a command has no name
        application.called_by = "　".join(office)
    application.called_whom = ""
    application.save(update_fields=["called_by", "called_whom"])


def _traces_of(user: User) -> Traces:
    """By what the holder of an account was known, as far as anything still says so."""
    seats = list(user.seats.all())
    taken = [
        *Invitation.objects.filter(seat__user=user),
        *Handover.objects.filter(new_seat__user=user),
    ]
    logged = _logged_values(user)
    addresses = {user.email, *(row.email for row in taken), *logged["email"]}
    for before, after in user.login_changes.values_list("before", "after"):
        addresses |= {before, after}
    own = _own_addresses(addresses, but=user)
    rows = _rows_naming(user, own)
    families = {user.family_name, *logged["family_name"]}
    givens = {user.given_name, *logged["given_name"]}
    pairs = {(family, given) for family in families for given in givens}
    pairs |= {(row.family_name, row.given_name) for row in rows}
    names = frozenset() if user.is_shared else _names(pairs)
    shared = _borne_by_others(names, but=user)
    applications = {row.application for row in rows if isinstance(row, ApplicationPerson)}
    offers = [row for row in rows if not isinstance(row, ApplicationPerson)]
    passed_on = Handover.objects.filter(seat__in=seats)
    offices = Office.objects.filter(seats__in=seats)
    return Traces(
        addresses=own,
        names=names - shared,
        shared_names=shared,
        objects=frozenset(map(_key, [user, *seats, *offers])),
        near=frozenset(map(_key, [*offices, *passed_on, *applications])),
        seats=frozenset(seat.pk for seat in seats),
    )


def _rows_naming(user: User, addresses: Iterable[str]) -> list[Named]:
    """What was offered to the person, and the applications that named them; none that waits."""
    by_address = Q(email__in=addresses)
    return [
        *Invitation.objects.filter(Q(seat__user=user) | by_address),
        *Handover.objects.filter(Q(new_seat__user=user) | by_address),
        *ApplicationPerson.objects.filter(by_address).select_related("application"),
    ]


def _logged_values(user: User) -> dict[str, set[str]]:
    """The addresses and names of before that the log still holds, by column."""
    found: dict[str, set[str]] = {"email": set(), "family_name": set(), "given_name": set()}
    about = {"entry__object_type": user._meta.label_lower, "entry__object_id": str(user.pk)}
    for values in AuditPersonal.objects.filter(**about).values_list("values", flat=True):
        for column, known in found.items():
            known |= {value for value in values.get(column, ()) if value}
    return found


def _own_addresses(addresses: set[str], but: User | None = None) -> frozenset[str]:
    """Those of ``addresses`` that are nobody else's: no office's, no other account's, awaited by
    nothing, and not the secretariat's."""
    addresses = {normalise_email(address) for address in addresses} - {""}
    others = User.objects.filter(email__in=addresses).exclude(pk=but.pk if but else None)
    shared = set(others.values_list("email", flat=True))
    shared |= set(Office.objects.filter(email__in=addresses).values_list("email", flat=True))
    shared |= {address for address in addresses if is_wanted(address)}
    return frozenset(addresses - shared - {normalise_email(settings.SECRETARIAT_MAIL)})


def _names(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Full names as they are printed; half a name tells of nobody."""
    return frozenset(f"{family} {given}" for family, given in pairs if family and given)


def _borne_by_others(names: Iterable[str], but: User | None = None) -> frozenset[str]:
    """Those of ``names`` that somebody else with an account bears too."""
    others = User.objects.filter(erased_at=None).exclude(pk=but.pk if but else None)
    pairs = {name: name.split(" ", 1) for name in names}
    return frozenset(
        name
        for name, (family, given) in pairs.items()
        if others.filter(family_name=family, given_name=given).exists()
    )


def _subject(row: Named) -> models.Model:
    """The row as the log speaks of it."""
    return row.application if isinstance(row, ApplicationPerson) else row


def _key(row: models.Model) -> tuple[str, str]:
    """How the log points at ``row``."""
    return row._meta.label_lower, str(row.pk)
