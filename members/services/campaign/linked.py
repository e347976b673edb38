"""What the link of a campaign's mail does: it confirms, once, and no more than that."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import links
from core.audit import Identity
from core.dates import day_text, today
from core.errors import DomainError, StaleVersion
from core.models import MailLink
from members import emails, queries
from members.enums import Step
from members.models import Confirmation, Office
from members.models.campaigns import LINK_DAYS
from members.queries import CONFIRMATION, Reach, Recipient
from members.services.offices.contacts import confirm_locked, locked_office


@dataclass(frozen=True)
class LinkHolder:
    """Whoever reads the mail: no account stands behind it, only the address of ``office``."""

    office: Office
    address: str

    @property
    def office_id(self) -> int:
        return self.office.pk

    def audit_identity(self) -> Identity:
        return Identity(
            organization=self.office.organization.full_name,
            office=self.office.name,
            role="確認のリンク",
            person=self.address,
        )


@transaction.atomic
def confirm_by_link(link: MailLink, *, version: int) -> Confirmation:
    """Notes 「変更ありません」 for the office that the mail of ``link`` asked.

    Its answer is that of the main office where that one was asked in its place. Raises ``StaleVersion`` when the office has changed since ``version``, and ``DomainError``
    when it has been answered, the campaign is over, or the link holds no longer.
    """
    asked = Confirmation.objects.with_office().select_related("campaign").get(pk=link.object_id)
    # The office first, as in every other answer: of two at once, one waits for the other.
    office = locked_office(asked.office)
    asked.refresh_from_db(fields=["answer"])
    asked.campaign.refresh_from_db(fields=["ended_at"])
    if refusal := answer_refusal(asked):
        raise DomainError(refusal)
    if not links.is_open(link):
        raise DomainError("このリンクの期限が過ぎています")
    if office.version != version:
        raise StaleVersion
    confirm_locked(office, by=LinkHolder(queries.office_reached_at(link.to, office), link.to))
    asked.refresh_from_db()
    return asked


def answer_refusal(asked: Confirmation) -> str:
    """Why a link can confirm no more; empty where it can."""
    campaign = asked.campaign
    if asked.answer:
        return "この部署の回答は、すでに記録しています"
    if campaign.ended_at:
        ended_on = day_text(timezone.localdate(campaign.ended_at))
        return f"{campaign}は、{ended_on}に終わりました"
    if not queries.confirmations(campaign).filter(pk=asked.pk).exists():
        return "この団体の会員登録は終わっています"
    return ""


@transaction.atomic
def renew_confirmation(link: MailLink) -> None:
    """Mails a new link in place of one that is over, to the same address only.

    Raises ``DomainError`` when there is nothing to answer any more.
    """
    asked = Confirmation.objects.with_office().select_related("campaign").get(pk=link.object_id)
    if refusal := answer_refusal(asked):
        raise DomainError(refusal)
    campaign = asked.campaign
    expires_at = max(campaign.links_until, timezone.now() + timedelta(days=LINK_DAYS))
    issued = links.issue(CONFIRMATION, asked, to=link.to, expires_at=expires_at, replaces=False)
    reach = Reach.read(campaign, Confirmation.objects.filter(pk=asked.pk))
    everybody = reach.recipients(asked.office, Step.DESK)
    unknown = Recipient(link.to, Step.OFFICE, asked.office)
    asking = emails.Asking(
        campaign=campaign,
        office=asked.office,
        recipient=next((one for one in everybody if one.to == link.to), unknown),
        step=campaign.step_on(today()),
        people=reach.people(asked.office),
        is_first=False,
        code=issued.code,
        url=issued.url,
    )
    emails.send_renewed_confirmation(asking, issued)
