"""Requests to become a member: made, corrected, and settled by the secretariat."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, links
from core.audit import Actor, Identity
from core.dates import today
from core.errors import DomainError, StaleVersion, given
from core.models import MailLink
from members import emails
from members.enums import (
    APPLICATION_MOVES,
    Action,
    ApplicationMove,
    ApplicationStatus,
    Role,
    Standing,
    UserKind,
)
from members.models import Application, ApplicationPerson, Office, Organization
from members.queries import standing_of
from members.services.acting import require_secretariat_or_system
from members.services.joining.application_codes import use_application_code
from members.services.offices.offices import open_main_office
from members.services.register.memberships import locked_organization, open_membership
from members.services.seats.invitations import invite

# What is copied to the organization when it becomes a member.
PROFILE_FIELDS = ("seeks", "provides")
# An application's columns that a text of the applicant fills; ``themes`` are set apart.
ANSWER_FIELDS = (
    "office_name",
    "postal_code",
    "address",
    "phone",
    "extension",
    "fax",
    "office_email",
    *PROFILE_FIELDS,
    "purpose",
)
_PERSONAL_ANSWERS = frozenset({"phone", "extension", "fax", "office_email"})


@dataclass(frozen=True)
class Person:
    """Somebody named in an application."""

    role: Role
    email: str
    kind: UserKind = UserKind.PERSONAL
    family_name: str = ""
    given_name: str = ""


@dataclass(frozen=True)
class Call:
    """The call to the number that the municipality publishes: when, and who answered."""

    at: datetime
    number: str
    whom: str


@dataclass(frozen=True)
class Applicant:
    """Whoever applies: has no account yet (``core.audit.Actor``)."""

    application: Application

    def audit_identity(self) -> Identity:
        return Identity(
            organization=self.application.organization.full_name,
            office=self.application.office_name,
            role="申請者",
            person=str(self.application.lead),
        )


@transaction.atomic
def apply(
    organization: Organization,
    *,
    answers: Mapping[str, Any],
    people: Sequence[Person],
    code: str,
) -> Application:
    """Asks that ``organization`` become a member; tells the applicant and the secretariat.

    ``answers`` has ``ANSWER_FIELDS`` and ``themes``, ``people`` begin with the lead, ``code``
    is the one mailed to the lead's address. Raises ``DomainError`` for whom it is no use
    (``Standing``), ``WrongCode`` for a code that is not that address's.
    """
    organization = locked_organization(organization)
    standing = standing_of(organization)
    if standing != Standing.FREE:
        raise DomainError(standing.label)
    use_application_code(organization, people[0].email, code)
    application = Application(organization=organization)
    _fill(application, answers, people)
    entry = audit.record(
        Action.APPLY, application, by=Applicant(application), changes=_changes(application)
    )
    emails.tell_applied(application, entry)
    return application


@transaction.atomic
def apply_again(
    application: Application,
    *,
    answers: Mapping[str, Any],
    people: Sequence[Person],
    link: MailLink,
    code: str = "",
) -> Application:
    """Sends a returned application in again, as ``link`` allows once.

    A new address of the lead is confirmed by ``code``, as in ``apply``; the present one is
    known. Raises ``DomainError`` in another state, for a member by now or when the link is over,
    ``WrongCode``.
    """
    organization = locked_organization(application.organization)
    application = _locked(application)
    target = _target(application, ApplicationMove.APPLY)
    if standing_of(organization) == Standing.MEMBER:
        raise DomainError(Standing.MEMBER.label)
    links.use(link)
    if people[0].email != application.lead.email:
        use_application_code(application.organization, people[0].email, code)
    before = _changes(application)
    application.status, application.applied_at = target, timezone.now()
    _fill(application, answers, people)
    after = _changes(application)
    changes = {
        name: audit.Change(before[name].after, change.after, change.personal)
        for name, change in after.items()
        if before[name].after != change.after
    }
    by = Applicant(application)
    entry = audit.record(Action.APPLY, application, by=by, changes=changes)
    emails.tell_applied(application, entry)
    return application


@transaction.atomic
def send_back_application(
    application: Application, *, by: Actor, reason: str, version: int | None = None
) -> Application:
    """Asks the applicant by mail to correct what ``reason`` says, by link and code.

    Raises ``DomainError`` in another state, ``StaleVersion`` when the application is no longer
    of ``version``, ``NotAllowed`` for a seat outside the secretariat.
    """
    application = _settle(application, ApplicationMove.SEND_BACK, by, reason, version)
    emails.ask_correction(application)
    return application


@transaction.atomic
def renew_correction(link: MailLink) -> None:
    """Mails a new link in place of one that is over, to the same address.

    Raises ``DomainError`` when the application waits for no correction from that address.
    """
    rows = Application.objects.unsettled().filter(pk=link.object_id)
    application = rows.prefetch_related("people").first()
    if (
        application is None
        or application.status != ApplicationStatus.RETURNED
        or application.lead.email != link.to
    ):
        raise DomainError("この申請には、いま直していただくところはありません")
    emails.ask_correction(application)


@transaction.atomic
def reject_application(
    application: Application, *, by: Actor, reason: str, version: int | None = None
) -> Application:
    """Refuses the application and tells the applicant why. Raises as ``send_back_application``."""
    application = _settle(application, ApplicationMove.REJECT, by, reason, version)
    emails.tell_rejected(application)
    return application


@transaction.atomic
def cancel_application(
    application: Application, *, by: Actor, reason: str, version: int | None = None
) -> Application:
    """Takes the application back, as the applicant has asked, and confirms it by mail.

    Raises as ``send_back_application``.
    """
    application = _settle(application, ApplicationMove.CANCEL, by, reason, version)
    links.cancel(emails.CORRECTION, application)
    emails.tell_cancelled(application)
    return application


@transaction.atomic
def approve_application(
    application: Application, *, call: Call, by: Actor, version: int | None = None
) -> Application:
    """Makes the organization a member, with its main office and profile, and invites people.

    ``call`` is the one to the number that the municipality publishes. The membership begins
    today. Raises as ``send_back_application``, and what ``open_membership`` and ``invite`` raise.
    """
    require_secretariat_or_system(by)
    _require_call(call)
    application = _locked(application, version=version)
    target = _target(application, ApplicationMove.APPROVE)
    changes = {"status": audit.Change(application.status, target)}
    application.membership = open_membership(
        application.organization, joined=today(), by=by, is_sample=application.is_sample
    )
    office = _open_office(application, by)
    _copy_profile(application)
    application.status, application.settled_at = target, timezone.now()
    changes |= _note_call(application, call, by)
    _save_next_version(application)
    audit.record(Action.APPROVE_APPLICATION, application, by=by, changes=changes)
    _invite_people(application, office, by)
    emails.tell_approved(application)
    return application


def _locked(application: Application, *, version: int | None = None) -> Application:
    """The application as it is now, locked. Raises ``StaleVersion`` unless it has ``version``."""
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality__prefecture", "organization__prefecture"
    )
    application = rows.prefetch_related("people", "themes").get(pk=application.pk)
    if version is not None and application.version != version:
        raise StaleVersion
    return application


def _target(application: Application, move: ApplicationMove) -> ApplicationStatus:
    """The state that ``move`` leads to. Raises ``DomainError`` where it is not allowed."""
    before = ApplicationStatus(application.status)
    target = APPLICATION_MOVES.get((before, move))
    if target is None:
        raise DomainError(f"この申請は「{before.label}」のため、「{move.label}」を行えません")
    return target


_MOVED = {
    ApplicationMove.SEND_BACK: Action.SEND_BACK_APPLICATION,
    ApplicationMove.REJECT: Action.REJECT_APPLICATION,
    ApplicationMove.CANCEL: Action.CANCEL_APPLICATION,
}


def _settle(
    application: Application, move: ApplicationMove, by: Actor, reason: str, version: int | None
) -> Application:
    """A move of the secretariat that has a reason, with its audit row."""
    require_secretariat_or_system(by)
    application = _locked(application, version=version)
    target = _target(application, move)
    changes = {"status": audit.Change(application.status, target)}
    application.status, application.reason = target, given(reason)
    application.settled_at = timezone.now()
    _save_next_version(application)
    audit.record(_MOVED[move], application, by=by, changes=changes, reason=application.reason)
    return application


def _save_next_version(application: Application) -> None:
    application.version += 1
    application.save()


def _fill(application: Application, answers: Mapping[str, Any], people: Sequence[Person]) -> None:
    """Saves what was typed, and nothing of what was typed before."""
    for field in ANSWER_FIELDS:
        setattr(application, field, answers[field])
    if application.pk:
        application.version += 1
    application.save()
    application.themes.set(answers["themes"])
    application.people.all().delete()
    named = [ApplicationPerson(**asdict(person)) for person in people]
    application.people.add(*named, bulk=False)


def _changes(application: Application) -> dict[str, audit.Change]:
    """What an application says, for the history."""
    changes = {
        field: audit.Change("", getattr(application, field), field in _PERSONAL_ANSWERS)
        for field in ANSWER_FIELDS
    }
    people = [
        f"{person.get_role_display()} {person}（{person.email}）"
        for person in application.people.all()
    ]
    themes = [theme.name for theme in application.themes.all()]
    return changes | {
        "themes": audit.Change([], themes),
        "people": audit.Change([], people, personal=True),
    }


def _require_call(call: Call) -> None:
    if not call.number.strip() or not call.whom.strip():
        raise DomainError("電話した番号と、電話に出た方を入力してください")
    if call.at > timezone.now():
        raise DomainError("電話した日時は、今より前にしてください")


def _note_call(application: Application, call: Call, by: Actor) -> dict[str, audit.Change]:
    """Notes by whom and when the number was called; returns that for the history."""
    identity = by.audit_identity()
    caller = f"{identity.organization}　{identity.office}　{identity.person}".strip("　")
    application.called_at, application.called_by = call.at, caller[:200]
    application.called_number, application.called_whom = call.number, call.whom
    return {
        "called_at": audit.Change(None, call.at),
        "called_number": audit.Change("", call.number),
        "called_whom": audit.Change("", call.whom, personal=True),
    }


def _open_office(application: Application, by: Actor) -> Office:
    columns = ("postal_code", "address", "phone", "extension", "fax")
    contact = {column: getattr(application, column) for column in columns}
    return open_main_office(
        application.organization,
        name=application.office_name,
        contact=contact | {"email": application.office_email},
        by=by,
    )


def _invite_people(application: Application, office: Office, by: Actor) -> None:
    for person in application.people.all():
        invite(
            office,
            Role(person.role),
            email=person.email,
            kind=UserKind(person.kind),
            family_name=person.family_name,
            given_name=person.given_name,
            by=by,
        )


def _copy_profile(application: Application) -> None:
    """What the member seeks and provides stands on its page from now on."""
    organization = application.organization
    for field in PROFILE_FIELDS:
        setattr(organization, field, getattr(application, field))
    organization.save(update_fields=PROFILE_FIELDS)
    organization.themes.set(application.themes.all())
