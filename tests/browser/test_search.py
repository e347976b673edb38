"""The search field of every page, its results, and the menu beside it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.moves import heading

pytestmark = pytest.mark.browser


def search(page: Page, words: str) -> None:
    """Types into the header's field, which a small screen opens first."""
    header = page.get_by_role("banner")
    small = header.locator("summary", has_text="メニュー")
    if small.is_visible():
        small.click()
    header.get_by_role("searchbox", name="サイト内を検索").fill(words)
    header.get_by_role("button", name="検索する").click()


def test_search_leads_from_any_page_to_a_record(visitor: Page):
    visitor.goto("/news/")
    search(visitor, "ｻｶｲｼ")
    heading(visitor, "サイト内検索")
    main = visitor.get_by_role("main")
    expect(main.get_by_role("searchbox")).to_have_count(0)
    expect(main.get_by_label("探す言葉")).to_have_value("ｻｶｲｼ")
    kinds = main.get_by_role("navigation", name="種類ごとの件数")
    kinds.get_by_role("link", name="連携協定").click()
    main.get_by_role("region", name="連携協定").get_by_role("link").first.click()
    expect(main).to_contain_text("福井県坂井市")


def test_search_shows_all_of_one_kind(visitor: Page):
    visitor.goto("/search/?q=町")
    main = visitor.get_by_role("main")
    main.get_by_role("region", name="イベント").get_by_role("link", name="すべて見る").click()
    kinds = main.get_by_role("navigation", name="種類ごとの件数")
    expect(kinds.locator("[aria-current=page]")).to_contain_text("イベント")
    main.get_by_role("link", name="次へ").click()
    expect(main).to_contain_text("件目を表示")
    kinds.get_by_role("link", name="すべての種類").click()
    expect(main.get_by_role("region", name="団体")).to_be_visible()


def test_search_leads_a_member_to_the_board(look, signed_in):
    page = look(state=signed_in("lead@sakai.example.lg.jp"))
    page.goto("/member/")
    search(page, "の")
    board = page.get_by_role("main").get_by_role("region", name="連携提案")
    expect(board.get_by_role("listitem")).to_have_count(5)
    board.get_by_role("link", name="すべて見る").click()
    heading(page, "連携提案")
    expect(page.get_by_label("キーワード")).to_have_value("の")


@pytest.mark.parametrize("query", ["町", "町&in=organizations", "どこにもない", "あ" * 61])
def test_search_results_are_accessible_and_fit(look, query: str):
    page = look()
    page.goto(f"/search/?q={query}")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert inspection.violations(page) == []
        assert inspection.small_targets(page) == []
        assert inspection.overflow(page) <= 0


def test_search_in_the_open_menu_is_accessible(look):
    page = look(width=320)
    page.goto("/")
    page.locator("summary", has_text="メニュー").click()
    assert inspection.violations(page) == []
    assert inspection.small_targets(page) == []
    assert inspection.overflow(page) <= 0


@pytest.mark.parametrize("width", [1024, 1100, 1152, 1280])
def test_the_menu_of_members_stays_on_one_line(look, signed_in, width: int):
    page = look(state=signed_in("lead@sakai.example.lg.jp"), width=width)
    page.goto("/member/")
    items = page.get_by_role("navigation", name="主なメニュー").get_by_role("link")
    tops = {round(box["y"]) for item in items.all() if (box := item.bounding_box())}
    assert items.count() == 11
    assert len(tops) == 1
    assert inspection.overflow(page) <= 0
