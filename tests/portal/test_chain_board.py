"""連携のあゆみ of what began on the board here: to members the whole chain, never a talk."""

from datetime import date
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services as agreements
from agreements.enums import YearReportStatus
from agreements.models import Collaboration
from agreements.queries import with_bodies
from core.dates import Precision, RecordDate
from events.services import link_events
from members.models import Seat, User
from portal.chain import chain_of
from proposals import services
from proposals.enums import OfferStatus
from tests.factories.agreements import PartyFactory, YearReportFactory
from tests.factories.events import EventRoleFactory
from tests.factories.proposals import OfferFactory, ProposalFactory

pytestmark = pytest.mark.django_db

SECRET = "内密の相談"


class Project:
    """A joint project that the board has begun, moved on by the ward, with its days."""

    def __init__(self, author: Seat, ward: Seat, clock) -> None:
        self.author, self.ward, self.clock = author, ward, clock
        self.on(2026, 4, 1)
        self.proposal = ProposalFactory(office=author.office, title="港の朝市")
        self.on(2026, 5, 10)
        offer = services.raise_offer(self.proposal, by=ward, message=SECRET)
        offer = services.accept(services.start_talk(offer, by=author), by=author)
        self.row = offer.collaboration

    def on(self, *day: int) -> None:
        self.clock.move_to(f"{date(*day)} 12:00:00+09:00", tick=False)

    def act(self, service, **more) -> None:
        self.row.refresh_from_db()
        service(self.row, by=self.ward, version=self.row.version, **more)

    def chain(self, seat: Seat | None = None) -> list[tuple[str, str, str]]:
        user = User.objects.get(pk=seat.user_id) if seat else AnonymousUser()
        rows = Collaboration.objects.visible_to(user).filter(pk=self.row.pk)
        return [(s.kind, s.when_text, s.title) for s in chain_of(with_bodies(rows).get(), user)]

    @property
    def url(self) -> str:
        return reverse("portal:collaboration_chain", args=[self.row.pk])


@pytest.fixture
def project(lead, ward_lead, time_machine) -> Project:
    return Project(lead, ward_lead, time_machine)


def day(*parts: int) -> RecordDate:
    return RecordDate(date(*parts), date(*parts), Precision.DAY)


@pytest.fixture
def told(project) -> Project:
    """The whole chain: accepted, published, begun, an event, an agreement, reported, ended."""
    ward = project.ward.organization
    project.on(2026, 5, 20)
    project.act(agreements.publish)
    project.on(2026, 6, 1)
    project.act(agreements.start, when=day(2026, 6, 1))
    fair = {"event__title": "朝市の日", "event__earliest": date(2026, 7, 5)}
    project.act(link_events, events=[EventRoleFactory(organization=ward, **fair).event])
    signed = {"agreement__title": "朝市の協定", "agreement__earliest": date(2026, 8, 1)}
    signed = PartyFactory(organization=ward, **signed).agreement
    project.act(agreements.update, data={"agreements": [signed]})
    project.on(2027, 4, 10)
    YearReportFactory(collaboration=project.row, fiscal_year=2026)
    project.act(agreements.end, when=day(2027, 4, 9))
    return project


PROPOSED = ("きっかけ", "2026年（令和8年）4月1日", "掲示板への提案「港の朝市」")
ACCEPTED = ("申し出の受諾", "2026年（令和8年）5月10日", "東京都品川区からの申し出を受諾")
ONWARD = [
    ("公開", "2026年（令和8年）5月20日", "連携事業の公開"),
    ("開始", "2026年（令和8年）6月1日", "連携事業の開始"),
    ("イベント", "2026年（令和8年）7月5日", "朝市の日"),
    ("協定", "2026年（令和8年）8月1日", "「朝市の協定」を締結"),
    ("年度実績", "令和8年度（2026年度）", "令和8年度（2026年度）の実績"),
    ("終了", "2027年（令和9年）4月9日", "連携事業の終了"),
]


def test_collaboration_chain_tells_members_the_whole_chain(told, other_lead, lead, staff):
    for seat in (other_lead, lead, staff):
        assert told.chain(seat) == [PROPOSED, ACCEPTED, *ONWARD]


def test_collaboration_chain_tells_the_public_only_that_it_began_on_the_board(told):
    assert told.chain() == [("きっかけ", "2026年（令和8年）4月1日", "掲示板への提案"), *ONWARD]


def test_collaboration_chain_prints_who_acted_and_nothing_of_the_talk(
    told, client: Client, client_of, other_lead, lead
):
    post = f'href="{told.proposal.get_absolute_url()}"'
    response = client_of(other_lead).get(told.url)
    assertContains(response, post)
    text = " ".join(unescape(strip_tags(response.content.decode())).split())
    assert "申し出東京都品川区 提案元福井県坂井市" in text
    assertContains(response, "フォローする</button>")
    for reader in (client, client_of(other_lead), client_of(lead)):
        assertNotContains(reader.get(told.url), SECRET)
    response = client.get(told.url)
    for hidden in (post, "申し出", "フォローする"):
        assertNotContains(response, hidden)


def test_collaboration_chain_says_when_and_why_it_was_called_off(project):
    project.act(agreements.publish)
    project.on(2026, 9, 30)
    project.act(agreements.cancel, reason="会場が使えないため")
    [*_, last] = chain_of(with_bodies(Collaboration.objects.all()).get(), AnonymousUser())
    assert (last.kind, last.when_text) == ("中止", "2026年（令和8年）9月30日")
    assert last.detail == "会場が使えないため"


def test_collaboration_chain_of_another_origin_keeps_the_proposal(told, other_lead):
    """The ward knows of an earlier beginning; the post is told in its place."""
    told.act(agreements.update, data={"origin": "紹介", "origin_date": date(2025, 3, 3)})
    first, second, *_ = told.chain(other_lead)
    assert first == ("きっかけ", "2025年（令和7年）3月3日", "紹介")
    assert second == ("提案", "2026年（令和8年）4月1日", "港の朝市")
    assert "港の朝市" not in [title for _, _, title in told.chain()]


def test_collaboration_chain_tells_its_own_of_a_submitted_report(project, lead, other_lead):
    project.act(agreements.publish)
    YearReportFactory(
        collaboration=project.row,
        fiscal_year=2026,
        status=YearReportStatus.SUBMITTED,
        submitted_at=project.proposal.published_at,
    )
    assert "年度実績" in [kind for kind, _, _ in project.chain(lead)]
    for reader in (other_lead, None):
        assert "年度実績" not in [kind for kind, _, _ in project.chain(reader)]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_members_chain(
    client_of, project, lead, number, raise_on_fetch, django_assert_num_queries
):
    project.act(agreements.publish)
    for year in range(number):
        if year:
            accepted = {"status": OfferStatus.ACCEPTED, "settled_at": timezone.now()}
            OfferFactory(proposal=project.proposal, collaboration=project.row, **accepted)
        project.row.events.add(EventRoleFactory().event)
        project.row.agreements.add(PartyFactory().agreement)
        YearReportFactory(collaboration=project.row, fiscal_year=2024 + year)
    client = client_of(lead)
    assertContains(client.get(project.url), "申し出を受諾</a>", count=number)
    # those 13 of a visitor; session, user, seats, unread; offers, and whether it is followed
    with django_assert_num_queries(19):
        client.get(project.url)
