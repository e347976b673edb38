"""News by level, and the policy pages."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from chronicle.enums import NewsStatus
from chronicle.models import News
from core.enums import Level
from tests.factories.chronicle import NewsFactory, PageFactory

pytestmark = pytest.mark.django_db

LIST = reverse("chronicle:news_list")

# Who reads which level (domain.md: levels); the seats are fixtures.
READERS = {
    Level.PUBLIC: {"anonymous", "reader", "ward_lead", "staff"},
    Level.MEMBERS: {"reader", "ward_lead", "staff"},
    Level.WARDS: {"ward_lead", "staff"},
    Level.SECRETARIAT: {"staff"},
}


@pytest.fixture
def clients(reader, ward_lead, staff, client_of) -> dict[str, Client]:
    seats = {"reader": reader, "ward_lead": ward_lead, "staff": staff}
    return {"anonymous": Client()} | {name: client_of(seat) for name, seat in seats.items()}


class TestNewsList:
    @pytest.mark.parametrize("level", Level)
    def test_news_list_and_page_show_the_levels_that_a_reader_may_read(
        self, level: Level, clients: dict[str, Client]
    ):
        news = NewsFactory(level=level)
        listing = {
            name
            for name, client in clients.items()
            if news.title in client.get(LIST).content.decode()
        }
        opening = {
            name
            for name, client in clients.items()
            if client.get(news.get_absolute_url()).status_code == 200
        }
        assert listing == opening == READERS[level]

    @pytest.mark.parametrize("status", [NewsStatus.DRAFT, NewsStatus.WITHDRAWN])
    def test_news_list_leaves_out_what_is_not_published(self, status, clients: dict[str, Client]):
        news = NewsFactory(status=status)
        for client in clients.values():
            assertNotContains(client.get(LIST), news.title)
            assert client.get(news.get_absolute_url()).status_code == 404

    def test_news_list_shows_the_newest_first_in_both_eras(self, client: Client):
        NewsFactory(title="古い方", published_at=datetime(2019, 4, 30, 14, 59, tzinfo=UTC))
        NewsFactory(title="新しい方", published_at=datetime(2019, 4, 30, 15, 0, tzinfo=UTC))
        response = client.get(LIST)
        assert [news.title for news in response.context["news_items"]] == ["新しい方", "古い方"]
        assertContains(
            response, '<time datetime="2019-05-01">2019年（令和元年）5月1日</time>', html=True
        )
        assertContains(
            response, '<time datetime="2019-04-30">2019年（平成31年）4月30日</time>', html=True
        )

    def test_news_list_in_pages_of_twenty(self, client: Client):
        NewsFactory.create_batch(21)
        first, second = client.get(LIST), client.get(f"{LIST}?page=2")
        assertContains(first, "件中 1～20件目を表示")
        assert len(second.context["news_items"]) == 1
        assertContains(second, "<title>お知らせ（2ページ目）｜")
        for page in ("3", "0", "x"):
            assert client.get(f"{LIST}?page={page}").status_code == 404

    def test_news_list_without_news_says_so(self, client: Client):
        assertContains(client.get(LIST), "お知らせはまだありません。")

    def test_news_list_marks_samples_and_levels(self, client_of, reader):
        NewsFactory(is_sample=True, level=Level.MEMBERS)
        response = client_of(reader).get(LIST)
        assertContains(response, "見本</span>")
        assertContains(response, '<span class="vh">公開の範囲：</span>会員向け</span>')

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_news_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        NewsFactory.create_batch(number)
        with django_assert_num_queries(4):
            client.get(LIST)


class TestNewsDetail:
    def test_news_detail_renders_markdown_and_no_html(self, client: Client):
        news = NewsFactory(body="# 大見出し\n\n- 箇条書き\n\n<script>alert(1)</script>")
        response = client.get(news.get_absolute_url())
        assertContains(response, "<h2>大見出し</h2>")
        assertContains(response, "<li>箇条書き</li>")
        assertContains(response, "&lt;script&gt;")
        assertNotContains(response, "<script")
        assert response.content.decode().count("<h1>") == 1

    def test_news_detail_query_count(self, client: Client, django_assert_num_queries):
        news = NewsFactory()
        with django_assert_num_queries(4):
            client.get(news.get_absolute_url())


class TestPageDetail:
    def test_page_detail_shows_the_text_and_when_it_was_written(self, client: Client, time_machine):
        time_machine.move_to("2026-11-22 12:00:00+09:00")
        page = PageFactory(slug="privacy", title="個人情報の取扱い", body="【事務局が定める】")
        response = client.get("/pages/privacy/")
        assertContains(response, "<h1>個人情報の取扱い</h1>")
        assertContains(response, "【事務局が定める】")
        assertContains(response, "2026年（令和8年）11月22日")
        assert page.get_absolute_url() == "/pages/privacy/"

    def test_page_detail_unknown_is_404(self, client: Client):
        assert client.get("/pages/nothing/").status_code == 404

    def test_page_detail_query_count(self, client: Client, django_assert_num_queries):
        page = PageFactory()
        with django_assert_num_queries(3):
            client.get(page.get_absolute_url())


def test_the_levels_of_news_equal_visible_to(reader, ward_lead, staff):
    users = {
        "anonymous": AnonymousUser(),
        "reader": reader.user,
        "ward_lead": ward_lead.user,
        "staff": staff.user,
    }
    for level in Level:
        news = NewsFactory(level=level)
        readers = {
            name for name, user in users.items() if News.objects.visible_to(user).contains(news)
        }
        assert readers == READERS[level]
