"""Seats offered by mail: sent, answered, sent again, cancelled, run out."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core import audit, links
from core.audit import Actor, System
from core.dates import today
from core.errors import DomainError, require
from core.models import MailLink
from core.text import normalise_email
from members import emails, rules
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Invitation, Office, Organization, Seat, User
from members.services.acting import require_secretariat_or_system
from members.services.seats.invited import (
    forget_seats,
    leads_to_tell,
    note_name,
    overtaken,
    prolong,
    refuse_erased,
    refuse_renewal,
    require_to_answer,
    settle,
    signature,
    use_links,
    why_closed,
)
from members.services.seats.seats import (
    add_seat,
    refuse_role,
    refuse_start,
    refuse_wrong_order,
    until_leaving,
)

# What ``core.links`` calls the links of invitations.
INVITATION = "members.invitation"
# Long enough for a week away from the desk; then it is asked for again, or sent again.
INVITATION_DAYS = 14


@transaction.atomic
def invite(
    office: Office,
    role: Role,
    *,
    email: str,
    by: Actor,
    kind: UserKind = UserKind.PERSONAL,
    family_name: str = "",
    given_name: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Invitation:
    """Offers a seat at ``office``, from today or ``valid_from`` on, and mails the offer.

    It may be answered for ``INVITATION_DAYS``. Where the address has an account already, that
    account's kind is the invitation's; where the organization leaves, the seat is until then.
    Raises ``DomainError`` for a role that ``by`` may not give, for days in the past, too far
    ahead or in the wrong order, when the organization has left, and when the address is invited
    to the office already, sits there in those days or belongs to a stopped account;
    ``NotAllowed`` for a seat that neither leads the organization nor is the secretariat's.
    """
    by = _allowed(office, by)
    email = normalise_email(email)
    user = User.objects.filter(email=email).first()
    kind = UserKind(user.kind) if user else kind
    refuse_role(role, office, by=by, to_shared=kind == UserKind.OFFICE)
    valid_from = valid_from or today()
    refuse_start(valid_from)
    refuse_wrong_order(valid_from, valid_until)
    valid_until = until_leaving(office, valid_from, valid_until)
    _refuse_address(office, email, user, valid_from, valid_until)
    is_person = kind == UserKind.PERSONAL
    invitation = Invitation.objects.create(
        office=office,
        role=role,
        kind=kind,
        family_name=family_name if is_person else "",
        given_name=given_name if is_person else "",
        email=email,
        valid_from=valid_from,
        valid_until=valid_until,
        sent_by=signature(by),
        expires_at=_expiry(),
    )
    audit.record(Action.INVITE, invitation, by=by, changes=_offered(invitation))
    _mail(invitation)
    return invitation


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, user: User, family_name: str = "", given_name: str = ""
) -> Seat:
    """Seats ``user``, who is logged in with the very address that was invited.

    The seat begins on the offered day, or today when that is past. The name is noted where a
    personal account has none yet. The office's leads are told by mail. Raises ``NotAllowed``
    for anybody else, ``DomainError`` when the offer holds no longer, the organization has left,
    the name is missing, or the person sits there already.
    """
    invitation = _to_answer(invitation, user)
    if invitation.role == Role.LEAD and user.is_shared and invitation.kind == UserKind.PERSONAL:
        raise DomainError("共用アカウントは、この招待を承諾できません。事務局にご連絡ください")
    if invitation.valid_until is not None and invitation.valid_until < today():
        raise DomainError("招待された期間は、すでに終わっています")
    note_name(user, family_name, given_name)
    office, first_day = invitation.office, max(invitation.valid_from, today())
    invitation.seat = add_seat(
        user,
        office,
        Role(invitation.role),
        valid_from=first_day,
        valid_until=invitation.valid_until,
        by=user,
    )
    settle(invitation, InvitationStatus.ACCEPTED, Action.ACCEPT_INVITATION, by=user)
    use_links(INVITATION, invitation)
    emails.tell_accepted_invitation(invitation, leads_to_tell(office, user))
    forget_seats(user)
    return invitation.seat


@transaction.atomic
def decline_invitation(invitation: Invitation, *, user: User, reason: str = "") -> Invitation:
    """Says no, with a reason if ``user`` gives one; the office's leads are told by mail.

    Raises as ``accept_invitation`` does for whom and when.
    """
    invitation = _to_answer(invitation, user)
    invitation.reason = reason.strip()
    settle(invitation, InvitationStatus.DECLINED, Action.DECLINE_INVITATION, by=user)
    use_links(INVITATION, invitation)
    emails.tell_declined_invitation(invitation, leads_to_tell(invitation.office, user))
    return invitation


@transaction.atomic
def cancel_invitation(invitation: Invitation, *, by: Actor) -> Invitation:
    """Takes the offer back; its link opens nothing any more.

    Raises ``DomainError`` when it has been answered or has run out, ``NotAllowed`` for a seat
    that neither leads the organization nor is the secretariat's.
    """
    invitation, by = _to_handle(invitation, by)
    if invitation.status != InvitationStatus.SENT:
        raise DomainError(why_closed(invitation))
    settle(invitation, InvitationStatus.CANCELLED, Action.CANCEL_INVITATION, by=by)
    links.cancel(INVITATION, invitation)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Actor) -> Invitation:
    """Mails the offer again, for ``INVITATION_DAYS`` from now; the earlier link ends.

    One that has run out is offered anew, with the days from today on: then the new invitation is
    returned. Raises ``DomainError`` when it was answered or cancelled, and what ``invite``
    raises; ``NotAllowed``.
    """
    invitation, by = _to_handle(invitation, by)
    if invitation.status == InvitationStatus.EXPIRED:
        return _invite_again(invitation, by=by)
    prolong(invitation, _expiry(), Action.RESEND_INVITATION, by=by)
    _mail(invitation)
    return invitation


@transaction.atomic
def renew_invitation(link: MailLink) -> None:
    """Mails a new link to whoever was invited, as they ask on the page of the old one.

    While the offer holds, for as long as it does; when it has run out, it is sent again once
    more, until ``RENEWAL_DAYS`` later. Raises ``DomainError`` when it was answered, cancelled or
    ran out longer ago, and when the person has sat there or the organization has left since:
    then the office that sent it is asked.
    """
    invitation = _locked(Invitation.objects.get(pk=link.object_id))
    if invitation.status == InvitationStatus.SENT and not invitation.is_over:
        _mail(invitation)
        return
    same = Invitation.objects.filter(office=invitation.office, email=invitation.email)
    refuse_renewal(invitation, office=invitation.office, later=same.filter(pk__gt=invitation.pk))
    _refuse_seated(invitation)
    if invitation.status == InvitationStatus.SENT:
        _expire(invitation)
    _invite_again(invitation, by=System("招待のリンク"), sent_by=invitation.sent_by)


@transaction.atomic
def expire_invitations() -> int:
    """Notes which invitations nobody has answered in time; returns how many."""
    overdue = Invitation.objects.overdue().select_for_update()
    for invitation in overdue:
        _expire(invitation)
    return len(overdue)


def _allowed(office: Office, by: Actor) -> Actor:
    """Who acts, as they are now; the organization is locked.

    Raises ``NotAllowed`` for a seat that neither leads the organization nor is the secretariat's.
    """
    Organization.objects.locked().get(pk=office.organization_id)
    if not isinstance(by, Seat):
        require_secretariat_or_system(by)
        return by
    by = Seat.objects.with_office().with_user().get(pk=by.pk)
    require(rules.is_secretariat(by) or rules.may_manage_seats(by, office))
    return by


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it stands now; all changes to an organization's seats wait for it."""
    organization = invitation.office.organization_id
    Organization.objects.locked().get(pk=organization)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "office__organization__municipality", "office__organization__prefecture"
    )
    return rows.get(pk=invitation.pk)


def _to_handle(invitation: Invitation, by: Actor) -> tuple[Invitation, Actor]:
    """The invitation and who acts on it for the organization. Raises ``NotAllowed``."""
    by = _allowed(invitation.office, by)
    invitation = _locked(invitation)
    if isinstance(by, Seat):
        require(rules.is_secretariat(by) or rules.may_handle_invitation(by, invitation))
    return invitation, by


def _to_answer(invitation: Invitation, user: User) -> Invitation:
    """The invitation, while ``user`` may answer it. Raises as ``require_to_answer`` does."""
    invitation = _locked(invitation)
    require_to_answer(invitation, user)
    return invitation


def _refuse_address(
    office: Office, email: str, user: User | None, first: date, last: date | None
) -> None:
    """Raises ``DomainError`` when nobody can be invited to the office under that address."""
    for earlier in Invitation.objects.waiting().filter(office=office, email=email):
        if not earlier.is_over:
            raise DomainError("このメールアドレスには、すでに招待を送っています")
        _expire(earlier)
    if user is None:
        return
    if not user.is_active:
        raise DomainError("このメールアドレスは使えません。事務局にご連絡ください")
    if user.seats.filter(office=office).overlapping(first, last).exists():
        raise DomainError("この方は、この部署の担当をすでに持っています")


def _refuse_seated(invitation: Invitation) -> None:
    """Raises ``DomainError`` when the person was given the seat since, and it has ended."""
    sent_on = timezone.localdate(invitation.sent_at)
    seats = Seat.objects.filter(office=invitation.office, user__email=invitation.email)
    if seats.filter(valid_from__gte=sent_on, valid_until__lt=today()).exists():
        raise overtaken(invitation)


def _invite_again(invitation: Invitation, *, by: Actor, sent_by: str = "") -> Invitation:
    """A new invitation in the terms of one that has run out."""
    refuse_erased(invitation)
    last = invitation.valid_until
    if last is not None and last < today():
        raise DomainError("招待された期間は、すでに終わっています")
    again = invite(
        invitation.office,
        Role(invitation.role),
        email=invitation.email,
        by=by,
        kind=UserKind(invitation.kind),
        family_name=invitation.family_name,
        given_name=invitation.given_name,
        valid_from=max(invitation.valid_from, today()),
        valid_until=last,
    )
    if sent_by:
        again.sent_by = sent_by
        again.save(update_fields=["sent_by"])
    return again


def _mail(invitation: Invitation) -> None:
    issued = links.issue(
        INVITATION, invitation, to=invitation.email, expires_at=invitation.expires_at
    )
    emails.send_invitation(invitation, issued)


def _expire(invitation: Invitation) -> None:
    by = System("招待の期限")
    settle(invitation, InvitationStatus.EXPIRED, Action.EXPIRE_INVITATION, by=by)


def _offered(invitation: Invitation) -> dict[str, audit.Change]:
    return {
        "email": audit.Change("", invitation.email, personal=True),
        "kind": audit.Change("", invitation.kind),
        "valid_from": audit.Change(None, invitation.valid_from),
        "valid_until": audit.Change(None, invitation.valid_until),
    }


def _expiry():
    return timezone.now() + timedelta(days=INVITATION_DAYS)
