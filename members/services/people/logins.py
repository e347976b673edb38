"""The login's address: changed by its owner, replaced for them, objected to, settled.

A changed address is the way in for whoever reads it, so the owner of the old one hears of each
change and may object for some days. A link alone never changes an address: an objection closes
the account, and the secretariat decides.

Second factors stay when an address is replaced: it is the same person with another mailbox,
and the factor still keeps out whoever has talked somebody into it. They go when an address is
restored: whoever had changed it may have added one of their own, and a passkey alone logs in.
"""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, links
from core.audit import Actor, Change, System
from core.dates import start_of, today
from core.errors import DomainError, given, require
from core.models import MailLink
from core.text import normalise_email
from members import emails, rules
from members.enums import Action, Settlement
from members.models import LoginChange, Seat, User
from members.services.people.accounts import IN_USE, end_sessions, refuse_erased_account

# The kind of the links that object (``core.links``), and how long they may.
LOGIN_CHANGE = "members.login_change"
OBJECTION_DAYS = 7
# How long the addresses are kept for whoever calls; the audit log keeps that they changed.
KEPT_DAYS = 90

SAME = "今と同じメールアドレスです"
DISPUTED = (
    "このアカウントのメールアドレスの変更には、前のアドレスから異議が出ています。"
    "事務局が確認するまで、変えられません"
)
TOO_LATE = "この変更への申し出は、もう受け付けていません。心当たりがないときは、お電話ください"
NOT_DISPUTED = "この変更には、対応を待っている異議がありません"
SETTLED = "この変更は、すでに処理されています"


def note_new_login(user: User, *, before: str) -> LoginChange | None:
    """Records that the owner of an account has changed its address from ``before``, and tells it.

    Call it inside the transaction that changes the address; nothing when it is the same.
    """
    if user.email == before:
        return None
    return _note(user, before, Action.CHANGE_LOGIN, by=user)


@transaction.atomic
def replace_login(user: User, email: str, *, by: Actor, reason: str) -> LoginChange:
    """Gives the account of a dead mailbox the address ``email``; both addresses are told.

    The password is unusable from then on and the logins end; the first login by a code mailed
    to the new address confirms it. Raises ``DomainError`` without a reason, for an address
    that is in use, for an account that was erased, and while an objection waits; ``NotAllowed``.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if isinstance(by, Seat):  # as it is now: leads end each other
        by = Seat.objects.with_office().with_user().get(pk=by.pk)
    if not isinstance(by, System):
        require(rules.may_replace_login(by, user))
    refuse_erased_account(user)
    reason, before = given(reason), user.email
    if user.is_disputed:
        raise DomainError(DISPUTED)
    email = normalise_email(email)
    if email == before:
        raise DomainError(SAME)
    _give_address(user, email)
    change = _note(user, before, Action.REPLACE_LOGIN, by=by, reason=reason)
    emails.tell_new_login(change)
    return change


@transaction.atomic
def object_to_login(link: MailLink) -> LoginChange:
    """The reader of the old address says that the change was not theirs: the account closes.

    Its logins end, and nobody logs in before the secretariat has settled it. The leads of the
    account's organizations and the secretariat are told. Raises ``DomainError`` when the link
    is over or the change is settled.
    """
    links.use(link)
    change = _locked(link.object_id)
    if change.settled_at or change.objected_at:
        raise DomainError(TOO_LATE)
    change.objected_at = timezone.now()
    change.save(update_fields=["objected_at"])
    end_sessions(change.user)
    by = System("前のアドレスに届いたリンク")
    entry = audit.record(Action.OBJECT_TO_LOGIN, change.user, by=by)
    emails.tell_objection(change, entry, _leads_over(change.user))
    return change


def renew_objection(link: MailLink) -> None:
    """Mails a new link in place of one that is over, while one may still object.

    Raises ``DomainError``.
    """
    change = LoginChange.objects.select_related("user").filter(pk=link.object_id).first()
    if change is None or change.objected_at or change.settled_at or _is_late(change):
        raise DomainError(TOO_LATE)
    emails.tell_changed_login(change, _issue(change))


@transaction.atomic
def keep_login(change: LoginChange, *, by: Actor, reason: str) -> LoginChange:
    """The change was the owner's own: the account opens again, by a code to its new address.

    The password may be known to whoever objected, so it is unusable from then on. Both
    addresses are told. Raises ``DomainError`` when no objection waits, ``NotAllowed``.
    """
    reason = given(reason)
    change = _to_settle(change, by)
    if not change.is_disputed:
        raise DomainError(NOT_DISPUTED)
    user = change.user
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    _settle(LoginChange.objects.filter(pk=change.pk), Settlement.KEPT)
    entry = audit.record(Action.KEEP_LOGIN, user, by=by, reason=reason)
    emails.tell_settled_login(change, entry, login=user.email, kept=True)
    change.refresh_from_db()
    return change


@transaction.atomic
def restore_login(change: LoginChange, *, by: Actor, reason: str) -> LoginChange:
    """The change was not the owner's: the address of before is the login again.

    Also without an objection by link, for whoever has called. Password and second factors are
    gone, what was changed after it is settled with it, and both addresses are told. Raises
    ``DomainError`` when it is settled already or the address is in use, ``NotAllowed``.
    """
    reason = given(reason)
    change = _to_settle(change, by)
    if change.settled_at:
        raise DomainError(SETTLED)
    user, wrong = change.user, change.user.email
    Authenticator.objects.filter(user=user).delete()
    _give_address(user, change.before)
    later = user.login_changes.filter(pk__gte=change.pk, settled_at=None)
    for other in later:
        links.cancel(LOGIN_CHANGE, other)
    _settle(later, Settlement.RESTORED)
    changes = {"email": Change(wrong, user.email, personal=True)}
    entry = audit.record(Action.RESTORE_LOGIN, user, by=by, changes=changes, reason=reason)
    emails.tell_settled_login(change, entry, login=wrong, kept=False)
    change.refresh_from_db()
    return change


def clear_login_changes(day: date) -> int:
    """Deletes the changes that nobody needs on ``day`` any more; returns how many."""
    limit = start_of(day - timedelta(days=KEPT_DAYS))
    return LoginChange.objects.over_before(limit).delete()[0]


def _is_late(change: LoginChange) -> bool:
    return timezone.now() >= change.changed_at + timedelta(days=OBJECTION_DAYS)


def _note(user: User, before: str, action: Action, *, by: Actor, reason: str = "") -> LoginChange:
    """Writes the change down and tells the old address."""
    changes = {"email": Change(before, user.email, personal=True)}
    entry = audit.record(action, user, by=by, changes=changes, reason=reason)
    office = "　".join(filter(None, (entry.actor_organization, entry.actor_office)))
    change = LoginChange.objects.create(
        user=user, before=before, after=user.email, changed_by=office
    )
    emails.tell_changed_login(change, _issue(change))
    return change


def _issue(change: LoginChange) -> links.Issued:
    expires_at = change.changed_at + timedelta(days=OBJECTION_DAYS)
    return links.issue(LOGIN_CHANGE, change, to=change.before, expires_at=expires_at)


def _give_address(user: User, email: str) -> None:
    """Makes ``email`` the only way in. Raises ``DomainError`` when another account has it."""
    taken = EmailAddress.objects.filter(email=email, verified=True)
    if (
        User.objects.filter(email=email).exclude(pk=user.pk).exists()
        or taken.exclude(user=user).exists()
    ):
        raise DomainError(IN_USE)
    user.email = email
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "password"])
    except IntegrityError as error:
        raise DomainError(IN_USE) from error
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    end_sessions(user)


def _locked(pk: int) -> LoginChange:
    """The change as it stands, its account held: all that concerns one waits for each other."""
    change = LoginChange.objects.get(pk=pk)
    User.objects.select_for_update().get(pk=change.user_id)
    return LoginChange.objects.select_related("user").get(pk=pk)


def _to_settle(change: LoginChange, by: Actor) -> LoginChange:
    """The change, for whoever may reset the login of its account. Raises ``NotAllowed``."""
    change = _locked(change.pk)
    if not isinstance(by, System):
        require(rules.may_reset_login(by, change.user))
    return change


def _settle(changes, settlement: Settlement) -> None:
    changes.update(settled_at=timezone.now(), settlement=settlement)


def _leads_over(user: User) -> list[Seat]:
    """The leads of the organizations at which ``user`` has a seat, one seat of each person."""
    organizations = {seat.office.organization_id for seat in user.opening_seats}
    leads = Seat.objects.on(today()).leads().active().with_user()
    others = leads.filter(office__organization__in=organizations).exclude(user=user)
    return list({seat.user_id: seat for seat in others.order_by("pk")}.values())
