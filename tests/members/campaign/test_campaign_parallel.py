"""A campaign at the same moment from two sides: one answer, one start, one mail."""

import pytest

from core.dates import today
from core.models import AuditEntry, OutboxMail
from members import services
from members.enums import Action, Answer
from members.models import Campaign, Office
from tests.factories.members import CampaignFactory, MembershipFactory
from tests.members.campaign.asking import BY, asked_of, link_to, start
from tests.members.offices.test_services import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def confirmations() -> int:
    return AuditEntry.objects.filter(action=Action.CONFIRM_OFFICE).count()


def test_two_links_of_one_confirmation(office, lead, deputy):
    start(office)
    OutboxMail.objects.update(state="failed")
    services.remind(today())
    links = [link_to(seat.user.email) for seat in (lead, deputy)]
    ends = at_once(*(lambda link=link: services.confirm_by_link(link, version=1) for link in links))
    assert ends == ["DomainError", "done"]
    assert confirmations() == 1


def test_a_link_and_a_correction_on_the_site(office, lead):
    """Whichever comes first is the answer; what was corrected is never confirmed unseen."""
    start(office)
    link = link_to(lead.user.email)
    at_once(
        lambda: services.confirm_by_link(link, version=1),
        lambda: services.update_office(office, {"phone": "0776-50-9999"}, version=1, by=lead),
    )
    # The correction is made in any case: a confirmation before it changes no version.
    assert Office.objects.get().phone == "0776-50-9999"
    expected = Answer.UNCHANGED if confirmations() else Answer.CHANGED
    assert asked_of(office).answer == expected


def test_two_starts_of_one_campaign(office, lead):
    MembershipFactory(organization=office.organization)
    campaign = CampaignFactory()
    begin = lambda: services.start_campaign(campaign, by=BY)  # noqa: E731 - called twice at once
    assert at_once(begin, begin) == ["DomainError", "done"]
    assert OutboxMail.objects.count() == 1


def test_two_campaigns_start(office, lead):
    MembershipFactory(organization=office.organization)
    campaigns = [CampaignFactory(fiscal_year=year) for year in (2025, 2026)]
    ends = at_once(*(lambda c=c: services.start_campaign(c, by=BY) for c in campaigns))
    assert ends == ["DomainError", "done"]
    assert Campaign.objects.running().count() == 1


def test_two_workers_remind(office, lead, deputy):
    start(office)
    OutboxMail.objects.update(state="failed")
    at_once(lambda: services.remind(today()), lambda: services.remind(today()))
    assert OutboxMail.objects.filter(to=deputy.user.email).count() == 1


def test_an_answer_comes_while_the_reminder_is_written(office, lead, deputy):
    """Whoever comes first: nothing is left that would be sent to somebody who has answered."""
    start(office)
    OutboxMail.objects.update(state="failed")
    at_once(
        lambda: services.remind(today()),
        lambda: services.confirm_office(office, by=lead),
    )
    assert asked_of(office).answer == Answer.UNCHANGED
    assert not OutboxMail.objects.filter(state="new").exists()


def test_the_end_comes_while_the_reminder_is_written(office, lead, deputy):
    """Whoever comes first: nothing is left that would be sent after the end."""
    campaign = start(office)
    OutboxMail.objects.update(state="failed")
    at_once(
        lambda: services.remind(today()),
        lambda: services.end_campaign(campaign, by=BY),
    )
    assert not OutboxMail.objects.filter(state="new").exists()


def test_an_answer_comes_while_the_campaign_starts(office, lead):
    """Whoever comes first: it is an answer, and nothing is left that asks for another."""
    MembershipFactory(organization=office.organization)
    campaign = CampaignFactory()
    at_once(
        lambda: services.start_campaign(campaign, by=BY),
        lambda: services.confirm_office(office, by=lead),
    )
    assert asked_of(office).answer == Answer.UNCHANGED
    assert not OutboxMail.objects.filter(state="new").exists()
