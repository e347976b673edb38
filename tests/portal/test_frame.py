"""What stands around every page: the search field, the menu, the footer."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from chronicle.querysets import UNFINISHED
from tests.factories.agreements import AgreementFactory, CollaborationFactory
from tests.factories.chronicle import DisasterFactory, NewsFactory, PageFactory
from tests.factories.events import EventFactory
from tests.factories.members import OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PUBLIC = [
    "連携事業",
    "イベント",
    "連携協定",
    "被災地支援",
    "あゆみ",
    "市区町村",
    "統計・資料",
    "お知らせ",
]
FIELD = '<input name="q" type="search" autocomplete="off" placeholder="サイト内を検索">'


def menu(html: str) -> str:
    """The wide menu; the small screens' one has the same items."""
    nav = re.search(r'<nav class="gnav wrap".*?</nav>', html, re.DOTALL)
    assert nav
    return nav[0]


def current(client: Client, address: str) -> list[str]:
    """The marked items of the menu at ``address``."""
    html = menu(client.get(address).content.decode())
    return re.findall(r'aria-current="page">([^<]+)<', html)


class TestHeader:
    def test_every_page_has_the_search_field_at_both_widths(self, client: Client, client_of, lead):
        for browser in (client, client_of(lead)):
            response = browser.get(reverse("events:event_list"))
            assertContains(response, FIELD, count=2)
            assertContains(response, '<span class="vh">サイト内を検索</span>', count=2)
            assertContains(response, '<span class="vh">検索する</span>', count=2)
            assertContains(response, f'action="{reverse("portal:site_search")}"', count=2)

    def test_the_search_field_stands_between_the_name_and_the_login(self, client: Client):
        html = client.get(reverse("events:event_list")).content.decode()
        places = [html.index(word) for word in ("brand__name", FIELD, "会員ログイン", "<summary>")]
        assert places == sorted(places)

    def test_whom_to_ask_is_a_step_away_at_both_widths(self, client: Client, client_of, lead):
        for browser in (client, client_of(lead)):
            response = browser.get(reverse("events:event_list"))
            assertContains(response, 'href="#contact">お問い合わせ</a>', count=2)
            assertContains(response, '<address id="contact">', count=1)

    def test_the_menu_of_the_public(self, client: Client):
        html = menu(client.get(reverse("portal:about")).content.decode())
        assert re.findall(r">([^<>\s]+)</a>", html) == PUBLIC

    def test_the_menu_of_members_has_three_items_more(self, client_of, lead):
        html = menu(client_of(lead).get(reverse("portal:about")).content.decode())
        assert re.findall(r">([^<>\s]+)</a>", html) == [
            "会員ホーム",
            "連携提案",
            "会員名簿",
            *PUBLIC,
        ]

    def test_a_fault_page_has_the_same_menu(self):
        html = menu(render_to_string("500.html"))
        assert re.findall(r">([^<>\s]+)</a>", html) == PUBLIC

    @pytest.mark.parametrize(
        ("name", "item"),
        [
            ("agreements:collaboration_list", "連携事業"),
            ("events:event_list", "イベント"),
            ("agreements:agreement_list", "連携協定"),
            ("chronicle:relief_list", "被災地支援"),
            ("portal:timeline", "あゆみ"),
            ("portal:prefecture_list", "市区町村"),
            ("portal:statistics", "統計・資料"),
            ("chronicle:news_list", "お知らせ"),
        ],
    )
    def test_the_menu_marks_its_list(self, client: Client, name: str, item: str):
        assert current(client, reverse(name)) == [item]

    @pytest.mark.parametrize(
        ("factory", "item"),
        [
            (CollaborationFactory, "連携事業"),
            (EventFactory, "イベント"),
            (AgreementFactory, "連携協定"),
            (DisasterFactory, "被災地支援"),
            (OrganizationFactory, "市区町村"),
            (NewsFactory, "お知らせ"),
        ],
    )
    def test_the_menu_marks_where_a_record_belongs(self, client: Client, factory, item: str):
        assert current(client, factory().get_absolute_url()) == [item]

    @pytest.mark.parametrize("name", ["portal:home", "portal:about", "portal:site_search"])
    def test_other_pages_mark_nothing(self, client: Client, name: str):
        assert current(client, reverse(name)) == []


class TestFooter:
    def test_the_footer_leads_to_what_the_project_is_and_to_the_policy_pages(self, client: Client):
        page = PageFactory(title="サイトの使い方")
        html = client.get(reverse("events:event_list")).content.decode()
        site = re.search(r'<nav aria-labelledby="footer-site">.*?</nav>', html, re.DOTALL)
        assert site
        assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', site[0]) == [
            ("/about/", "プロジェクトについて"),
            ("/join/", "会員登録のご案内"),
            ("/c/", "メールの番号を入力"),
            (page.get_absolute_url(), "サイトの使い方"),
        ]

    @pytest.mark.parametrize("embedded", [True, False])
    def test_an_unfinished_page_is_linked_in_the_demo_only(
        self, client: Client, settings, embedded: bool
    ):
        settings.EMBEDDED = embedded
        page = PageFactory(title="著作権・リンク", body=UNFINISHED)
        response = client.get(reverse("events:event_list"))
        link = f'<a href="{page.get_absolute_url()}">著作権・リンク（準備中）</a>'
        assertContains(response, link, count=int(embedded), html=True)
