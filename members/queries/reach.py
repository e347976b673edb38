"""Whom the mails of a campaign (年度確認) reach."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from core.dates import today
from core.enums import MailState
from core.models import OutboxMail, UndeliverableAddress
from core.text import normalise_email
from members.enums import Role, Step
from members.models import Campaign, Confirmation, Office, Seat
from members.querysets import ConfirmationQuerySet, OrganizationQuerySet

# The kind of the links of its mails, and the beginning of their keys.
CONFIRMATION = "members.confirmation"
# What is read of the holders of seats: thousands of rows, each day of a campaign.
_USER = tuple(
    f"user__{name}" for name in ("email", "kind", "family_name", "given_name", "erased_at")
)


class Recipient(NamedTuple):
    """Whom a mail goes to, and as what: the holder of a seat, or the shared address of ``office``."""

    to: str
    as_what: Step
    office: Office
    seat: Seat | None = None


class Sent(NamedTuple):
    """A mail that an office was asked by."""

    step: Step
    to: str
    state: MailState
    sent_at: datetime | None
    # The row of the outbox.
    pk: int | None = None


class Plan(NamedTuple):
    """What is to be mailed for an office now."""

    step: Step
    recipients: list[Recipient]


@dataclass(frozen=True)
class Reach:
    """Who sits at the asked offices today, what they were mailed, and which addresses are dead.

    ``leads`` and ``deputies`` are by office, ``mains`` (the main offices) by organization,
    ``mails`` by confirmation, the oldest first. Dead is an address that is marked 不達, or at
    which the campaign's last mail was refused. One whose mark was cleared lives again, also
    where a mail was kept back meanwhile.
    """

    leads: dict[int, list[Seat]]
    deputies: dict[int, list[Seat]]
    mains: dict[int, Office]
    mails: dict[int, list[Sent]]
    dead: set[str]

    @classmethod
    def read(cls, campaign: Campaign, asked: ConfirmationQuerySet) -> Self:
        """Of the organizations of ``asked``. Four queries, and that of ``asked`` with its offices."""
        return cls._of(campaign, {row.office.organization_id for row in asked})

    @classmethod
    def of(cls, campaign: Campaign, organizations: OrganizationQuerySet) -> Self:
        """Of ``organizations``, whether they have been asked or not. Five queries."""
        return cls._of(campaign, set(organizations.values_list("pk", flat=True)))

    @classmethod
    def _of(cls, campaign: Campaign, organizations: Collection[int]) -> Self:
        # By their keys: PostgreSQL, before its statistics know of the rows, joins them for hours.
        mains = Office.objects.filter(is_main=True, organization__in=organizations)
        seats = Seat.objects.on(today()).active().writing().with_user().order_by("pk")
        seats = seats.only("role", "office", *_USER)
        leads: dict[int, list[Seat]] = defaultdict(list)
        deputies: dict[int, list[Seat]] = defaultdict(list)
        for seat in seats.filter(office__organization__in=organizations):
            (leads if seat.role == Role.LEAD else deputies)[seat.office_id].append(seat)
        mails, dead = _mails(campaign)
        return cls(
            leads,
            deputies,
            {row.organization_id: row for row in mains.only("organization", "name", "email")},
            mails,
            dead,
        )

    def plan(self, confirmation: Confirmation, due: Step) -> Plan | None:
        """Whom to mail for an unanswered confirmation when ``due`` is the step of the day.

        A step where nobody is alive is climbed past at once. What has been mailed for a step
        is not mailed again for it, unless none of those who got it is alive and somebody is
        who has not had it, such as a lead's successor. None when there is nobody to mail.
        """
        done = Step(confirmation.step) if confirmation.step else None
        for step in (step for step in Step if step >= max(due, done or due)):
            alive = self.alive(confirmation.office, step)
            if step == done and self._have_mail(confirmation, alive):
                return None
            if alive:
                return Plan(step, alive)
        return None

    def alive(self, office: Office, step: Step) -> list[Recipient]:
        """The recipients of ``step`` whose address is not dead."""
        return [one for one in self.recipients(office, step) if one.to not in self.dead]

    def recipients(self, office: Office, step: Step) -> list[Recipient]:
        """Whom the mails of ``step`` are meant for: everybody of the steps before as well.

        Each address once, as what comes first.
        """
        found = [
            Recipient(seat.user.email, Step.LEAD, office, seat) for seat in self.leads[office.pk]
        ]
        if step >= Step.DEPUTIES:
            seats = self.deputies[office.pk]
            found += [Recipient(seat.user.email, Step.DEPUTIES, office, seat) for seat in seats]
        if step >= Step.OFFICE:
            found.append(Recipient(office.email, Step.OFFICE, office))
        main = self.mains.get(office.organization_id)
        if step >= Step.DESK and main and main.pk != office.pk:
            found.append(Recipient(main.email, Step.DESK, main))
            seats = self.leads[main.pk]
            found += [Recipient(seat.user.email, Step.DESK, main, seat) for seat in seats]
        once: dict[str, Recipient] = {}
        for one in found:
            address = normalise_email(one.to)
            if address:
                once.setdefault(address, one._replace(to=address))
        return list(once.values())

    def people(self, office: Office) -> list[Seat]:
        """Who answers for ``office``: leads first."""
        return [*self.leads[office.pk], *self.deputies[office.pk]]

    def last_mails(self, confirmation: Confirmation) -> list[Sent]:
        """The mails of the last step that was mailed."""
        return [mail for mail in self.mails[confirmation.pk] if mail.step == confirmation.step]

    def is_bounced(self, confirmation: Confirmation) -> bool:
        """Whether nothing reaches the office: all that it was last asked at is dead.

        Where it never could be asked, all that it has. No address at all is silence.
        """
        asked = {mail.to for mail in self.last_mails(confirmation)}
        if not asked:
            asked = {one.to for one in self.recipients(confirmation.office, Step.DESK)}
        return bool(asked) and asked <= self.dead

    def _have_mail(self, confirmation: Confirmation, alive: list[Recipient]) -> bool:
        mailed = {mail.to for mail in self.mails[confirmation.pk]}
        return any(one.to in mailed for one in alive)


def _mails(campaign: Campaign) -> tuple[dict[int, list[Sent]], set[str]]:
    """The campaign's mails by confirmation, and the addresses that are dead."""
    dead = set(UndeliverableAddress.objects.values_list("address", flat=True))
    rows = OutboxMail.objects.filter(
        mailing__in=campaign.mailings, key__startswith=f"{CONFIRMATION}:"
    )
    mails: dict[int, list[Sent]] = defaultdict(list)
    last: dict[str, str] = {}
    columns = ("key", "to", "state", "sent_at", "pk")
    for key, to, state, sent_at, pk in rows.order_by("pk").values_list(*columns):
        _, confirmation, step, _ = key.split(":")
        sent = Sent(Step(int(step)), to, MailState(state), sent_at, pk)
        mails[int(confirmation)].append(sent)
        last[to] = state
    refused = {to for to, state in last.items() if state == MailState.FAILED}
    return mails, dead | refused
