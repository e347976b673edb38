"""What invitations and handovers have in common: who answers them, and how they end.

Both are offered by mail, are answered by whoever is logged in with the very address, and are
settled once (``members.models.invitations.Invited``).
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from core import audit, links
from core.audit import Actor, Told
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import MailLink
from core.text import normalise_email
from members.enums import Action, InvitationStatus
from members.models import Handover, Invitation, Membership, Office, Seat, User

type Offered = Invitation | Handover

# How long after its time whoever it was sent to may still ask for a new link.
RENEWAL_DAYS = 30


def signature(by: Actor) -> str:
    """How whoever sends it signs: 福井県坂井市　企画政策課."""
    identity = by.audit_identity()
    return "　".join(part for part in (identity.organization, identity.office) if part)


def require_to_answer(offered: Offered, user: User) -> None:
    """Raises ``NotAllowed`` for anybody else, ``DomainError`` when it cannot be answered now.

    The account is asked as it is now, and held: its address may just have been replaced, or an
    objection to it have closed the account.
    """
    account = User.objects.select_for_update().get(pk=user.pk)
    is_open = account.is_active and not account.is_disputed
    if not is_open or normalise_email(account.email) != offered.email:
        what = offered._meta.verbose_name
        raise NotAllowed(f"この{what}は、いまログインしている方あてではありません")
    if offered.status != InvitationStatus.SENT or offered.is_over:
        raise DomainError(why_closed(offered))


def why_closed(offered: Offered) -> str:
    """Why it can no longer be answered, as people are told."""
    what, sender = offered._meta.verbose_name, offered.sent_by
    return {
        InvitationStatus.ACCEPTED: f"この{what}は、すでに承諾されています",
        InvitationStatus.DECLINED: f"この{what}は、すでに辞退されています",
        InvitationStatus.CANCELLED: f"この{what}は取り消されています。{sender}にお問い合わせください",
    }.get(
        InvitationStatus(offered.status),
        f"この{what}は期限が切れています。{sender}に送り直しをご依頼ください",
    )


def settle(
    offered: Offered,
    status: InvitationStatus,
    action: Action,
    *,
    by: Actor,
    told: Told | None = None,
) -> None:
    """Saves what became of it, with its audit row; a reason stands in ``offered.reason``."""
    changes = {"status": audit.Change(offered.status, status)}
    offered.status, offered.settled_at = status, timezone.now()
    offered.save()
    audit.record(action, offered, by=by, changes=changes, reason=offered.reason, told=told)


def use_links(kind: str, offered: models.Model) -> None:
    """The link has done its work, whichever way the person came."""
    for link in MailLink.objects.filter(kind=kind, object_id=offered.pk):
        if links.is_open(link):
            links.use(link)


def note_name(user: User, family_name: str, given_name: str) -> None:
    """Notes the name of a personal account that has none. Raises ``DomainError`` without one."""
    if user.is_shared or user.family_name or user.given_name:
        return
    after = {"family_name": family_name.strip(), "given_name": given_name.strip()}
    if not all(after.values()):
        raise DomainError("姓と名を入力してください")
    changes = audit.differences({}, after, personal=frozenset(after))
    user.family_name, user.given_name = after["family_name"], after["given_name"]
    user.save(update_fields=list(after))
    audit.record(Action.CHANGE_PERSON, user, by=user, changes=changes)


def leads_to_tell(office: Office, user: User) -> list[Seat]:
    """The leads of the office, or where it has none, of the organization; not ``user``."""
    leads = Seat.objects.on(today()).active().leads().with_office().with_user()
    of_organization = leads.filter(office__organization=office.organization_id)
    others = list(of_organization.exclude(user=user).order_by("pk"))
    return [seat for seat in others if seat.office_id == office.pk] or others


def forget_seats(user: User) -> None:
    """They were read before there was the new one."""
    for name in ("current_seats", "lingering_seats", "coming_seats"):
        user.__dict__.pop(name, None)


def prolong(offered: Offered, expires_at: datetime, action: Action, *, by: Actor) -> None:
    """Lets what waits be answered until ``expires_at``. Raises ``DomainError`` when it is closed."""
    if offered.status != InvitationStatus.SENT:
        raise DomainError(why_closed(offered))
    before, offered.expires_at = offered.expires_at, expires_at
    offered.save(update_fields=["expires_at"])
    audit.record(action, offered, by=by, changes={"expires_at": audit.Change(before, expires_at)})


def refuse_erased(offered: Offered) -> None:
    """Raises ``DomainError`` when nobody knows any more to whom it was sent."""
    if offered.is_erased:
        what = offered._meta.verbose_name
        raise DomainError(f"この{what}の宛先は、保存期間が過ぎたため消去しました")


def refuse_renewal(offered: Offered, *, office: Office, later: models.QuerySet) -> None:
    """Raises ``DomainError`` when it was answered, cancelled or ran out ``RENEWAL_DAYS`` ago.

    Or when that has become of one of ``later``, which were sent to the same address after it, or
    the organization of ``office`` has left since and is admitted again: an old link brings
    nothing back that was settled since.
    """
    unanswered = (InvitationStatus.SENT, InvitationStatus.EXPIRED)
    settled = later.exclude(status__in=unanswered).order_by("-pk").first()
    if settled is not None:
        raise DomainError(why_closed(settled))
    is_unanswered = offered.status in unanswered
    if not is_unanswered or timezone.now() > offered.expires_at + timedelta(days=RENEWAL_DAYS):
        raise DomainError(why_closed(offered))
    memberships = Membership.objects.filter(organization=office.organization_id)
    begun_since = memberships.on(today()).filter(joined__gt=timezone.localdate(offered.sent_at))
    if memberships.filter(left__lt=today()).exists() and begun_since.exists():
        raise overtaken(offered)


def overtaken(offered: Offered) -> DomainError:
    """What is said where what was offered has come and gone since."""
    what = offered._meta.verbose_name
    return DomainError(f"この{what}は、もう使えません。{offered.sent_by}にお問い合わせください")
