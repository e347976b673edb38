"""A campaign begins and ends."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor, Change
from core.dates import fiscal_year_bounds, start_of, today
from core.errors import DomainError
from core.models import OutboxMail
from members import queries
from members.enums import Action, Answer
from members.models import Campaign, Confirmation, Office
from members.services.acting import require_secretariat_or_system
from members.services.campaign.answering import take_back
from members.services.campaign.waves import write_due


@transaction.atomic
def start_campaign(campaign: Campaign, *, by: Actor) -> int:
    """Asks every office, and mails the first of them; returns how many mails.

    Who has confirmed in the fiscal year before counts as answered, and gets no mail. Raises
    ``DomainError`` when it has been started, another one runs, its deadline has passed, or
    nobody is to be asked, and ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    # All of them: of two that start at once, the second finds the first one running.
    campaigns = {row.pk: row for row in Campaign.objects.select_for_update().order_by("pk")}
    campaign = campaigns[campaign.pk]
    if refusal := _start_refusal(campaign, campaigns.values()):
        raise DomainError(refusal)
    # Whoever confirms at this moment waits, and finds the campaign asking.
    asked = queries.asked_offices(campaign).select_for_update(of=("self",))
    offices = list(asked.order_by("pk"))
    if not offices:
        raise DomainError("確認をお願いする部署がありません")
    campaign.started_at = timezone.now()
    campaign.save(update_fields=["started_at"])
    rows = [asking(campaign, office) for office in offices]
    Confirmation.objects.bulk_create(rows)
    count = write_due(campaign)
    known = sum(bool(row.answer) for row in rows)
    changes = {
        "offices": Change(None, f"{len(rows):,}部署（うち確認済み{known:,}部署）"),
        "mails": Change(None, f"{count:,}通"),
    }
    audit.record(Action.START_CAMPAIGN, campaign, by=by, changes=changes)
    return count


@transaction.atomic
def end_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """Asks nobody any more: mails that wait are taken back, links explain that it is over.

    Raises ``DomainError`` when it does not run, ``NotAllowed`` for a seat outside the
    secretariat.
    """
    require_secretariat_or_system(by)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not campaign.is_running:
        raise DomainError("この年度確認は、実施中ではありません")
    silent = queries.confirmations(campaign).unanswered().count()
    campaign.ended_at = timezone.now()
    campaign.save(update_fields=["ended_at"])
    mails = OutboxMail.objects.filter(mailing__in=campaign.mailings)
    count = take_back(mails, reason="年度確認を終了したため")
    changes = {
        "silent": Change(None, f"{silent:,}部署"),
        "mails": Change(None, f"取り消し{count:,}通"),
    }
    audit.record(Action.END_CAMPAIGN, campaign, by=by, changes=changes)
    return campaign


def _start_refusal(campaign: Campaign, all_of_them: Iterable[Campaign]) -> str:
    """Why it cannot be started; empty where it can."""
    if campaign.started_at:
        return "この年度確認は、すでに開始しています"
    if running := next((row for row in all_of_them if row.is_running), None):
        return f"「{running}」を実施しています。終了してから開始してください"
    if campaign.deadline < today():
        return "回答期限が過ぎています。回答期限を、今日以降の日付にしてください"
    return ""


def asking(campaign: Campaign, office: Office) -> Confirmation:
    """What asks ``office``; answered already, where it has confirmed in the fiscal year."""
    row = Confirmation(campaign=campaign, office=office)
    first_day, _ = fiscal_year_bounds(campaign.fiscal_year)
    if office.confirmed_at and office.confirmed_at >= start_of(first_day):
        row.answer, row.answered_at = Answer.UNCHANGED, office.confirmed_at
        row.answered_by, row.channel = office.confirmed_by, office.confirmed_through
    return row
