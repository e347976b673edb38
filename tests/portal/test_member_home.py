"""The first page after login: what awaits action, before any list."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from core import dates
from core.enums import Level
from members import services
from members.enums import Role
from tests.agreements.collaborations import project_of
from tests.factories.agreements import (
    DraftReportFactory,
    ReturnedReportFactory,
    SubmittedReportFactory,
    YearReportFactory,
)
from tests.factories.chronicle import NewsFactory
from tests.factories.members import OfficeFactory, SeatFactory
from tests.factories.proposals import (
    DraftFactory,
    OfferFactory,
    ProposalFactory,
    ReplyFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = "/member/"


@pytest.fixture
def confirmed(office, lead):
    """坂井市, with nothing left to confirm."""
    return services.confirm_office(office, by=lead)


def awaited(response) -> list[tuple[str, str]]:
    return [(item.text, item.extra) for item in response.context["waiting"]]


class TestWaiting:
    def test_nothing_says_so(self, client_of, confirmed, lead):
        response = client_of(lead).get(HOME)
        assertContains(response, "福井県坂井市の対応を待っているものはありません")

    def test_contact_details_that_nobody_confirmed(self, client_of, office, lead):
        response = client_of(lead).get(HOME)
        assert awaited(response) == [("企画政策課の登録情報を確認する", "まだ確認されていません")]
        assertContains(response, "福井県坂井市の対応を待っているものが1件あります")
        assertContains(response, f'<a href="{office.get_absolute_url()}">企画政策課の登録情報')

    def test_contact_details_confirmed_over_a_year_ago(self, client_of, office, lead, time_machine):
        time_machine.move_to("2027-04-12 10:00+09:00", tick=False)
        services.confirm_office(office, by=lead)
        time_machine.move_to("2028-04-13 10:00+09:00", tick=False)
        assert awaited(client_of(lead).get(HOME)) == [
            ("企画政策課の登録情報を確認する", "2027年（令和9年）4月12日 確認")
        ]

    def test_every_office_of_the_organization(self, client_of, confirmed, lead):
        OfficeFactory(organization=confirmed.organization, name="観光課", is_main=False)
        assert awaited(client_of(lead).get(HOME)) == [
            ("観光課の登録情報を確認する", "まだ確認されていません")
        ]

    def test_joint_projects_that_a_ward_has_not_published(self, client_of, ward_lead, lead):
        services.confirm_office(ward_lead.office, by=ward_lead)
        services.confirm_office(lead.office, by=lead)
        both, planned = (ward_lead.organization, lead.organization), {"status": "planned"}
        project = project_of(*both, title="港の朝市", published_at=None, **planned)
        project_of(*both, **planned)
        response = client_of(ward_lead).get(HOME)
        assert awaited(response) == [("連携事業「港の朝市」を公開する", "公開前")]
        assertContains(response, f'<a href="{project.get_absolute_url()}">連携事業「港の朝市」')
        assert awaited(client_of(lead).get(HOME)) == []

    def test_drafts_and_proposals_past_their_end_date(self, client_of, confirmed, deputy):
        yesterday = dates.today() - timedelta(days=1)
        DraftFactory(office=confirmed, title="続きを書く")
        ProposalFactory(office=confirmed, title="期限を過ぎた", ends_on=yesterday)
        ProposalFactory(office=confirmed, title="募集している")
        texts = [text for text, _extra in awaited(client_of(deputy).get(HOME))]
        assert len(texts) == 2
        assert any("続きを書く" in text for text in texts)
        assert any("期限を過ぎた" in text for text in texts)

    def test_the_last_reply_on_an_open_proposal(self, client_of, confirmed, lead, ward_lead):
        proposal = ProposalFactory(office=confirmed, title="雪まつり")
        ReplyFactory(proposal=proposal)
        reply = ReplyFactory(proposal=proposal, seat=ward_lead)
        response = client_of(lead).get(HOME)
        assert awaited(response) == [("「雪まつり」への東京都品川区からの返信", "今日の返信")]
        assertContains(response, f'href="{reply.get_absolute_url()}"')

    def test_says_how_long_a_reply_waits(self, client_of, confirmed, lead):
        reply = ReplyFactory(proposal__office=confirmed)
        reply.created_at = timezone.now() - timedelta(days=2)
        reply.save()
        ((_text, extra),) = awaited(client_of(lead).get(HOME))
        assert extra == "返信から2日"

    def test_no_reply_that_was_answered_or_hidden_or_is_another_ones(
        self, client_of, confirmed, lead, deputy, ward_lead
    ):
        hidden = {"hidden_at": timezone.now(), "hidden_reason": "見本"}
        answered = ProposalFactory(office=confirmed)
        ReplyFactory(proposal=answered, seat=ward_lead)
        ReplyFactory(proposal=answered, seat=deputy)
        ReplyFactory(proposal__office=confirmed, **hidden)
        ReplyFactory(proposal=ProposalFactory(office=confirmed, **hidden))
        ReplyFactory(seat=lead)
        assert awaited(client_of(lead).get(HOME)) == []

    def test_year_reports_of_a_ward_that_are_missing_begun_or_sent_back(
        self, client_of, lead, ward_lead, time_machine
    ):
        time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)
        services.confirm_office(ward_lead.office, by=ward_lead)
        ward, ended = ward_lead.organization, {"status": "ended", "end_earliest": date(2025, 4, 1)}
        missing = project_of(ward, lead.organization, title="朝市")
        begun = DraftReportFactory(
            collaboration=project_of(ward, title="物産展", **ended, end_latest=date(2026, 3, 31)),
            fiscal_year=2025,
        )
        returned = ReturnedReportFactory(
            collaboration=project_of(ward, title="自然教室"), fiscal_year=2024
        )
        YearReportFactory(collaboration=returned.collaboration, fiscal_year=2025)
        SubmittedReportFactory(collaboration=project_of(ward), fiscal_year=2025)
        project_of(ward, status="ended", end_earliest=date(2025, 3, 1), end_latest=date(2025, 3, 1))
        project_of(ward, status="planned")
        project_of(ward, scope="ward_mayors")
        project_of(ward, start_earliest=date(2026, 4, 1))
        response = client_of(ward_lead).get(HOME)
        year = "令和7年度（2025年度）の年度実績"
        assert awaited(response) == [
            ("連携事業「自然教室」の令和6年度（2024年度）の年度実績を提出する", "差戻し"),
            (f"連携事業「朝市」の{year}を書く", "未提出"),
            (f"連携事業「物産展」の{year}を提出する", "下書き"),
        ]
        # Its page and not the form, which a reader of the ward may not open.
        write = f"{missing.get_absolute_url()}#reports"
        for url in (write, begun.get_absolute_url(), returned.get_absolute_url()):
            assertContains(response, f'href="{url}"')
        assert "年度実績" not in str(awaited(client_of(lead).get(HOME)))

    def test_what_a_ward_was_asked_and_has_not_answered(self, client_of, lead, ward_lead):
        services.confirm_office(ward_lead.office, by=ward_lead)
        asked = ProposalFactory.create_batch(2, office=lead.office)
        ReplyFactory(proposal__office=lead.office, seat=ward_lead)
        client = client_of(ward_lead)
        response = client.get(HOME)
        assert awaited(response) == [("自分の区への提案のうち、まだ回答していないもの", "2件")]
        page = client.get(response.context["waiting"][0].url)
        assert {proposal for proposal, _cell in page.context["rows"]} == set(asked)
        for proposal in asked:
            ReplyFactory(proposal=proposal, seat=ward_lead)
        assert awaited(client.get(HOME)) == []

    @pytest.mark.parametrize("name", ["lead", "ward_lead"])
    def test_the_board_says_the_same(self, request, client_of, lead, ward_lead, name):
        project_of(ward_lead.organization, lead.organization, published_at=None)
        for author, other in ((lead, ward_lead), (ward_lead, lead)):
            DraftFactory(office=author.office)
            ReplyFactory(proposal__office=author.office, seat=other)
            OfferFactory(proposal__office=author.office, office=other.office)
        client = client_of(request.getfixturevalue(name))
        home, board = client.get(HOME), client.get(reverse("proposals:proposal_list"))
        assert awaited(home) == awaited(board)
        assertContains(board, home.context["waiting_title"])

    def test_the_board_shows_the_first_ten_and_where_the_rest_is(self, client_of, confirmed, lead):
        DraftFactory.create_batch(12, office=confirmed)
        client = client_of(lead)
        home, board = client.get(HOME), client.get(reverse("proposals:proposal_list"))
        assertContains(board, "対応を待っているものが12件あります")
        assert awaited(board) == [*awaited(home)[:10], ("ほか2件を会員ホームで見る", "")]
        assertContains(board, f'<a href="{HOME}#waiting">ほか2件')

    def test_nothing_of_other_organizations(self, client_of, confirmed, lead, other_lead):
        DraftFactory(office=other_lead.office)
        ReplyFactory(proposal__office=other_lead.office)
        assert awaited(client_of(lead).get(HOME)) == []

    def test_readers_see_what_awaits_their_organization(self, client_of, confirmed, reader):
        DraftFactory(office=confirmed)
        response = client_of(reader).get(HOME)
        assert len(awaited(response)) == 1
        assertNotContains(response, reverse("proposals:proposal_create"))


class TestSeveralSeats:
    @pytest.fixture
    def second(self, lead, ward_lead):
        """The lead of 坂井市 also sits at 品川区."""
        return SeatFactory(user=lead.user, office=ward_lead.office, role=Role.DEPUTY)

    def test_lists_them_each_with_its_seat(self, client_of, lead, second):
        response = client_of(lead).get(HOME)
        for seat in (lead, second):
            assertContains(response, f'<a href="?seat={seat.pk}"')
            assertContains(response, f"{seat.office.get_absolute_url()}?seat={seat.pk}")
        assertContains(response, "対応を待っているものが2件あります")
        assertContains(response, "東京都品川区：企画課の登録情報を確認する")

    def test_a_link_into_a_page_keeps_its_place(self, client_of, confirmed, lead, second):
        services.confirm_office(second.office, by=second)
        reply = ReplyFactory(proposal__office=confirmed)
        path, place = reply.get_absolute_url().split("#")
        assertContains(client_of(lead).get(HOME), f'href="{path}?seat={lead.pk}#{place}"')

    def test_the_named_seat_shows_its_office(self, client_of, lead, second):
        response = client_of(lead).get(HOME, {"seat": second.pk})
        assert response.context["office"] == second.office
        assertContains(response, f"{reverse('proposals:proposal_create')}?seat={second.pk}")

    def test_one_seat_is_not_listed(self, client_of, lead):
        assertNotContains(client_of(lead).get(HOME), "?seat=")

    def test_two_seats_of_one_organization_await_the_same_once(self, client_of, confirmed, lead):
        other = OfficeFactory(organization=confirmed.organization, name="観光課", is_main=False)
        SeatFactory(user=lead.user, office=other)
        response = client_of(lead).get(HOME)
        assert [text for text, _extra in awaited(response)] == ["観光課の登録情報を確認する"]


class TestLists:
    def test_the_five_latest_open_proposals_that_are_visible(self, client_of, lead, ward_lead):
        for number in range(6):
            published = timezone.now() - timedelta(days=number)
            ProposalFactory(title=f"提案{number}", published_at=published)
        ProposalFactory(title="特別区だけ", level=Level.WARDS)
        ProposalFactory(title="期限切れ", ends_on=dates.today() - timedelta(days=1))
        titles = [p.title for p in client_of(lead).get(HOME).context["proposals"]]
        assert titles == [f"提案{number}" for number in range(5)]
        assertContains(client_of(ward_lead).get(HOME), "特別区だけ")

    def test_the_three_latest_news_for_members(self, client_of, lead):
        for number in range(3):
            NewsFactory(title=f"公開{number}", published_at=timezone.now())
        NewsFactory(title="会員へ", level=Level.MEMBERS, published_at=timezone.now())
        NewsFactory(title="特別区へ", level=Level.WARDS, published_at=timezone.now())
        titles = [news.title for news in client_of(lead).get(HOME).context["news_items"]]
        assert titles == ["会員へ", "公開2", "公開1"]

    def test_the_own_office_with_its_last_confirmation(self, client_of, confirmed, lead):
        response = client_of(lead).get(HOME)
        assertContains(response, "0776-50-3010")
        assertContains(response, "福井県坂井市　企画政策課")
        assertContains(response, "サイトで確認")
        assertContains(response, "登録情報の確認・変更")

    def test_empty_lists_say_so(self, client_of, lead):
        response = client_of(lead).get(HOME)
        assertContains(response, "募集中の連携提案はありません。")
        assertContains(response, "お知らせはありません。")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    client_of, office, lead, ward_lead, rows, raise_on_fetch, django_assert_num_queries
):
    for _ in range(rows):
        OfficeFactory(organization=office.organization, is_main=False)
        ReplyFactory(proposal__office=office, seat=ward_lead)
        OfferFactory(proposal__office=office)
        DraftFactory(office=office)
        ProposalFactory(office=office, ends_on=dates.today() - timedelta(days=1))
        ProposalFactory()
        NewsFactory()
    client = client_of(lead)
    client.get(HOME)
    # session, user, seats, unread notices; offices that await, and what does on the board;
    # which proposals are the newest
    with django_assert_num_queries(7):
        client.get(HOME)
    caches["process"].clear()
    # and what is kept for a minute: whether a campaign asks, who has replied or offered;
    # the proposals, the news, the desks and pages of the footer
    with django_assert_num_queries(13):
        client.get(HOME)


def test_a_ward_is_offered_to_register_a_joint_project(client_of, ward_lead, lead, staff):
    address = reverse("agreements:collaboration_create")
    assertContains(client_of(ward_lead).get(HOME), f'href="{address}"')
    for seat in (lead, staff):
        assertNotContains(client_of(seat).get(HOME), address)
