"""A campaign's mails before they are sent: to be read on the screen, and in one's own mailbox."""

import uuid

from django.urls import reverse

from core.addresses import absolute
from core.links.issuing import shown_code
from core.mail.layout import laid_out
from members import emails
from members.enums import OrganizationKind, Role, Step
from members.models import Campaign, Office, Organization, Seat, User
from members.queries import Reach, Recipient
from members.services.acting import require_secretariat_or_system

TRIAL_STEPS = (Step.LEAD, Step.DEPUTIES)
# Stands where the code of a real mail would; it opens nothing.
_CODE = shown_code("K7QM4XPR")


def preview_mail(campaign: Campaign, office: Office | None, step: Step) -> str:
    """The text that ``office`` is sent at ``step``, as somebody reads it whom that step adds.

    Its code opens nothing. Without an office, the text is a made-up one's.
    """
    return laid_out(_trial(campaign, office, step).body)


def send_trial(campaign: Campaign, *, by: Seat) -> None:
    """Mails the first text and that of the reminders to the acting person alone, as 見本.

    Raises ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    for step in TRIAL_STEPS:
        trial = _trial(campaign, None, step)
        key = f"members.confirmation_trial:{campaign.pk}:{uuid.uuid4()}"
        emails.send_trial_confirmation(trial, key=key, to=by.user.email)


def _trial(campaign: Campaign, office: Office | None, step: Step) -> emails.Asking:
    """The mail of ``step`` to somebody whom that step adds, where there is such a one."""
    if office is None:
        office, people = _sample()
        recipients = [Recipient("", step, office, people[0] if step == Step.LEAD else None)]
    else:
        reach = Reach.of(campaign, Organization.objects.filter(pk=office.organization_id))
        people = reach.people(office)
        nobody = Recipient("", step, office)
        recipients = [*reach.recipients(office, step), nobody]
    return emails.Asking(
        campaign=campaign,
        office=office,
        recipient=next(one for one in recipients if one.as_what == step),
        step=step,
        people=people,
        is_first=step == Step.LEAD,
        code=_CODE,
        url=absolute(reverse("core:mail_link", args=[_CODE])),
    )


def _sample() -> tuple[Office, list[Seat]]:
    """A made-up office and its lead, which are saved nowhere."""
    organization = Organization(kind=OrganizationKind.OTHER, name="見本県見本市")
    office = Office(
        pk=0,
        organization=organization,
        name="企画課",
        postal_code="1000000",
        address="見本県見本市見本町1-1",
        phone="03-0000-0000",
        email="kikaku@city.mihon.example.jp",
    )
    user = User(family_name="見本", given_name="花子")
    return office, [Seat(pk=0, user=user, office=office, role=Role.LEAD)]
