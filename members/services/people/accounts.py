"""What changes accounts: names, passwords, second factors, logins."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor, System, Told
from core.errors import DomainError, given, require
from core.text import normalise_email
from members import emails, rules
from members.enums import Action, UserKind
from members.models import Seat, User
from members.services.acting import require_or_told, require_secretariat_or_system

ERASED = "この利用者の情報は、保存期間が過ぎたため消去しました。新しい利用者として登録してください"
IN_USE = "このメールアドレスの利用者は、すでに登録されています"


@transaction.atomic
def change_person(
    user: User, *, family_name: str, given_name: str, by: Seat, told: Told | None = None
) -> User:
    """Corrects the name of a personal account; nothing is written when it is the same.

    Raises ``NotAllowed``, and ``DomainError`` for an account that was erased.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    require_or_told(rules.may_change_person, by, user, told)
    refuse_erased_account(user)
    before = {"family_name": user.family_name, "given_name": user.given_name}
    after = {"family_name": family_name, "given_name": given_name}
    changes = audit.differences(before, after, personal=frozenset(after))
    if not changes:
        return user
    user.family_name, user.given_name = family_name, given_name
    user.save(update_fields=["family_name", "given_name"])
    audit.record(Action.CHANGE_PERSON, user, by=by, changes=changes, told=told)
    return user


@transaction.atomic
def set_password(user: User, password: str) -> User:
    """Sets the password of an account, as its owner asks."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(Action.SET_PASSWORD, user, by=user)
    return user


def refuse_erased_account(user: User) -> None:
    """Raises ``DomainError`` when nothing is held of the person any more: nobody takes their place."""
    if user.is_erased:
        raise DomainError(ERASED)


def note_factor(user: User, kind: str, *, is_added: bool) -> None:
    """Records that the owner of an account has added or removed a second factor of ``kind``."""
    action = Action.ADD_FACTOR if is_added else Action.REMOVE_FACTOR
    values = ("", kind) if is_added else (kind, "")
    audit.record(action, user, by=user, changes={"factor": audit.Change(*values)})


@transaction.atomic
def reset_factors(user: User, *, by: Actor, reason: str) -> User:
    """Removes all second factors of an account, ends its logins, and tells the owner by mail.

    For whoever has lost device and recovery codes; how they proved who they are stands in
    ``reason``. Raises ``NotAllowed`` on one's own account, for a seat outside the secretariat
    and for an account with rights that ``by`` lacks, ``DomainError`` when the account has none.
    """
    require(isinstance(by, System) or rules.may_reset_login(by, user))
    user = User.objects.select_for_update().get(pk=user.pk)
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise DomainError("この利用者は、二段階の確認を登録していません")
    factors.delete()
    end_sessions(user)
    changes = {"factors": audit.Change(kinds, [])}
    entry = audit.record(Action.RESET_FACTORS, user, by=by, changes=changes, reason=given(reason))
    emails.tell_reset_factors(user, entry)
    return user


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Ends the logins of ``user``, except the one whose session key is ``but``."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


@transaction.atomic
def open_account(
    email: str,
    *,
    by: Actor,
    password: str | None = None,
    kind: UserKind = UserKind.PERSONAL,
    family_name: str = "",
    given_name: str = "",
    is_sample: bool = False,
) -> User:
    """Makes an account whose address counts as verified; without a password, by code only.

    Raises ``DomainError`` when the address has an account already, and ``NotAllowed`` for a
    seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    email = normalise_email(email)
    fields = {"family_name": family_name, "given_name": given_name, "is_sample": is_sample}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, kind=kind, **fields)
            # Without this row allauth would ask for a verification at the first login.
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    except IntegrityError as error:
        raise DomainError(IN_USE) from error
    audit.record(Action.OPEN_ACCOUNT, user, by=by, changes=_opened(user))
    return user


def _opened(user: User) -> dict[str, audit.Change]:
    return {
        "email": audit.Change("", user.email, personal=True),
        "kind": audit.Change("", user.kind),
    }
