"""The search over the whole site, for members: it finds what each may read on the board."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from core.enums import Level
from members.models import Seat
from portal import search
from tests.factories.events import EventFactory
from tests.factories.proposals import DraftFactory, ProposalFactory

pytestmark = pytest.mark.django_db

SEARCH = reverse("portal:site_search")


def test_site_search_lists_proposals_for_members_alone(
    client: Client, client_of: Callable[[Seat], Client], lead
):
    ProposalFactory(
        title="雪まつりの出店",
        body="物産を売ります。",
        is_sample=True,
        office=lead.office,
    )
    (part,) = client_of(lead).get(SEARCH, {"q": "雪"}).context["found"]
    (hit,) = part.hits
    assert (part.group.label, hit.title) == ("連携提案", "雪まつりの出店")
    assert hit.tags == ["募集中", "提供できる", "見本"]
    assert hit.period.startswith("希望時期：")
    assert hit.context == "福井県坂井市 企画政策課"
    response = client.get(SEARCH, {"q": "雪"})
    assertContains(response, "合うものはありませんでした。")
    assertNotContains(response, "連携提案")


def test_site_search_leads_to_as_many_on_the_board(client_of: Callable[[Seat], Client], lead):
    for number in range(7):
        ProposalFactory(title=f"雪の祭り第{number}回")
    browser = client_of(lead)
    response = browser.get(SEARCH, {"q": "雪 祭"})
    (part,) = response.context["found"]
    assert [hit.title for hit in part.hits] == [f"雪の祭り第{n}回" for n in (6, 5, 4, 3, 2)]
    assertContains(response, f'href="{part.url}"><span class="vh">連携提案を</span>すべて見る')
    assertContains(response, "すべて見る（7件）</a>")
    assertContains(browser.get(part.url), '<b class="num">7</b>件')
    # Beside the rows of another group stands the number alone.
    EventFactory(title="雪の祭り")
    response = browser.get(SEARCH, {"q": "雪 祭", "in": "events"})
    assertContains(response, f'<a href="{part.url}">連携提案<span class="num">（7件）')


def test_site_search_counts_no_further_than_the_board(
    client_of: Callable[[Seat], Client], lead, monkeypatch
):
    monkeypatch.setattr(search, "COUNTED", 2)
    for _ in range(3):
        ProposalFactory(title="雪の祭り")
    response = client_of(lead).get(SEARCH, {"q": "雪"})
    assertContains(response, '「雪」に合うもの　<b class="num">2</b>件以上')
    assertContains(response, "（2件以上）")


def test_site_search_shows_what_each_may_read_on_the_board(
    client: Client,
    client_of: Callable[[Seat], Client],
    lead,
    other_lead,
    ward_lead,
    staff,
):
    own = lead.office
    ProposalFactory(title="雪の提案", office=own)
    ProposalFactory(title="雪の計画", office=own, level=Level.WARDS)
    DraftFactory(title="雪の下書き", office=own)
    hidden = {"hidden_at": timezone.now(), "hidden_reason": "見本"}
    ProposalFactory(title="雪の非表示", office=own, **hidden)
    public, wards = {"雪の提案"}, {"雪の提案", "雪の計画"}
    readers = {
        other_lead: public,
        ward_lead: wards,
        staff: wards | {"雪の非表示"},
        lead: wards | {"雪の非表示", "雪の下書き"},
    }
    for seat, titles in readers.items():
        browser = client_of(seat)
        response = browser.get(SEARCH, {"q": "雪"})
        (part,) = response.context["found"]
        assert (part.count, {hit.title for hit in part.hits}) == (len(titles), titles)
        for title in readers[lead] - titles:
            assertNotContains(response, title)
        (part,) = browser.get(SEARCH, {"q": "雪", "in": "events"}).context["found"]
        assert (part.count, part.hits) == (len(titles), [])
    for asked in ({"q": "雪"}, {"q": "雪", "in": "events"}):
        assert client.get(SEARCH, asked).context["found"] == []


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("raise_on_fetch")
def test_site_search_asks_the_board_twice(
    client_of: Callable[[Seat], Client], lead, number: int, django_assert_num_queries
):
    for _ in range(number):
        ProposalFactory(title="雪まつり")
    browser = client_of(lead)
    browser.get(SEARCH, {"q": "雪"})  # how common the word is, is kept for a minute
    # session, user, seats, unread; eight groups; ids and rows of the board
    with django_assert_num_queries(14):
        browser.get(SEARCH, {"q": "雪"})
    with django_assert_num_queries(14):  # without its rows, with those of the group
        browser.get(SEARCH, {"q": "雪", "in": "events"})
