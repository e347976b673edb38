"""A member that a running campaign asks, and what reaches it."""

import re
from collections.abc import Iterator

from core import links
from core.audit import System
from core.enums import MailState
from core.models import MailLink, OutboxMail
from members import services
from members.models import Campaign, Confirmation, Office
from tests.factories.members import CampaignFactory, MembershipFactory

BY = System("見本")


def asked_of(office: Office) -> Confirmation:
    return Confirmation.objects.select_related("campaign").get(office=office)


def start(office: Office, **values) -> Campaign:
    """A campaign that asks ``office``, whose organization becomes a member."""
    MembershipFactory(organization=office.organization)
    campaign = CampaignFactory(**values)
    services.start_campaign(campaign, by=BY)
    campaign.refresh_from_db()
    return campaign


def link_to(address: str) -> MailLink:
    """The link of the newest mail to ``address``."""
    return links.find(code_to(address))


def code_to(address: str) -> str:
    mail = OutboxMail.objects.filter(to=address, body__contains="番号：").latest("pk")
    return re.findall(r"^番号：(\S+)$", mail.body, re.MULTILINE)[0]


def settle(state: MailState = MailState.SENT, *addresses: str) -> None:
    """Notes the waiting mails, to ``addresses`` where some are named, as ``state``."""
    waiting = OutboxMail.objects.filter(state=MailState.NEW)
    (waiting.filter(to__in=addresses) if addresses else waiting).update(state=state)


def new_mails() -> Iterator[tuple[str, str]]:
    """To whom and in which mailing mail waits."""
    waiting = OutboxMail.objects.filter(state=MailState.NEW).order_by("pk")
    return ((row.to, row.mailing.rpartition(" ")[2]) for row in waiting)
