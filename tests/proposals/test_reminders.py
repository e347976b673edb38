"""End dates that come near or pass, and proposals that nobody answers: told once, and healing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import daily
from core.dates import start_of, today
from core.models import OutboxMail
from notices.models import Notice
from proposals import services
from proposals.enums import ProposalStatus
from proposals.jobs import remind
from proposals.models import Proposal
from tests.factories.notices import WatchFactory
from tests.factories.proposals import DraftFactory, ProposalFactory, WithdrawnFactory

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def april(time_machine) -> None:
    time_machine.move_to("2026-04-01 09:00+09:00", tick=False)


@pytest.fixture
def on(time_machine):
    """Lets so many days pass, and runs what is due then."""

    def run(days: int) -> str:
        day = BEGUN + timedelta(days=days)
        time_machine.move_to(start_of(day), tick=False)
        return remind(day)

    return run


def texts() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("text", flat=True))


def proposal(lead, **fields) -> Proposal:
    answered = {"answered_at": timezone.now()}
    return ProposalFactory(**{"office": lead.office, "title": "朝市", **answered, **fields})


def test_30_and_7_days_before_the_end_and_once_it_has_passed(lead, on):
    proposal(lead)  # it ends in 90 days
    told = {day for day in range(100) if sum(map(int, filter(str.isdigit, on(day))))}
    assert told == {60, 83, 91}
    near = "提案「朝市」の募集期限（2026年（令和8年）6月30日）が近づいています"
    assert texts() == [near, near, "提案「朝市」の募集期限が過ぎました"]
    assert OutboxMail.objects.count() == 3


def test_a_missed_day_heals_and_of_two_warnings_the_later_is_told(lead, on):
    proposal(lead)
    on(86)
    assert len(texts()) == 1
    on(95)
    assert len(texts()) == 2


def test_followers_are_told_when_it_has_passed(lead, on):
    watch = WatchFactory(object=proposal(lead))
    for day in (60, 83, 91):
        on(day)
    assert Notice.objects.filter(seat=watch.seat).count() == 1


def test_what_was_published_later_than_the_warning_is_not_warned_of(lead, on):
    proposal(lead, ends_on=today() + timedelta(days=20))
    assert on(1) == "募集期限の予告0件、期限切れ0件、回答のない提案0件"
    on(13)
    assert len(texts()) == 1


def test_one_that_was_renewed_is_warned_of_again(lead, on):
    row = proposal(lead)
    on(61)
    services.renew(row, by=lead, ends_on=today() + timedelta(days=60))
    on(62)
    assert len(texts()) == 1
    on(92)
    assert len(texts()) == 2


def test_what_is_not_open_neither_expires_nor_waits(lead, on):
    row = proposal(lead, status=ProposalStatus.IN_TALKS)
    others = [DraftFactory(office=lead.office), WithdrawnFactory(office=lead.office)]
    for day in (14, 60, 91):
        on(day)
    assert (texts(), row.status, len(others)) == ([], ProposalStatus.IN_TALKS, 2)


def test_after_14_days_without_an_answer_its_author_is_told_once(lead, ward_lead, on):
    waiting, answered = proposal(lead, answered_at=None), proposal(lead, answered_at=None)
    proposal(lead, answered_at=None, hidden_at=timezone.now(), hidden_reason="見本")
    on(13)
    services.add_reply(answered, by=ward_lead, body="伺います。")
    assert list(Proposal.objects.unanswered(today())) == []
    Notice.objects.all().delete()
    for day in (14, 15, 16):
        on(day)
        assert texts() == ["提案「朝市」には、公開から14日たっても回答がありません"]
    assert list(Proposal.objects.unanswered(today())) == [waiting]
    assert waiting.waiting_days == 16


def test_what_lies_long_back_is_no_news(lead, on):
    proposal(lead, answered_at=None)
    on(130)
    assert texts() == []


def test_it_is_a_part_of_every_day(lead, on):
    proposal(lead, ends_on=today() + timedelta(days=30))
    names = [row.name for row in daily.run()]
    assert "proposals.deadlines" in names
