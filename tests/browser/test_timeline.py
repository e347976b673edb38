"""The timeline in the browser: finding a year and a happening, and a fiscal year on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.moves import choose, heading

pytestmark = pytest.mark.browser


def test_timeline_leads_to_a_year_and_to_what_happened(visitor: Page):
    visitor.goto("/")
    choose(visitor, "あゆみ")
    heading(visitor, "あゆみ")
    narrow = visitor.locator("summary", has_text="年度に移動する・種類で絞り込む")
    if narrow.is_visible():
        narrow.click()
    visitor.get_by_role("navigation", name="種類").get_by_role("link", name="シンポジウム").click()
    expect(
        visitor.get_by_role("main").locator("h3:visible", has_text="シンポジウム")
    ).to_have_count(2)
    visitor.get_by_role("link", name=re.compile("平成28年度.*年表と出典")).click()
    heading(visitor, "平成28年度（2016年度）のあゆみ")
    visitor.get_by_role("link", name="青森県市長会との連携協定").click()
    heading(visitor, "青森県市長会との連携協定")


def test_timeline_of_a_phone_needs_no_sideways_scrolling(look):
    page = look(width=320)
    for path in ("/timeline/", "/timeline/2015/"):
        page.goto(path)
        assert inspection.overflow(page) <= 0


@pytest.mark.parametrize(("year", "entries", "pages"), [(2015, 32, 6), (2010, 1, 1)])
def test_timeline_year_prints_whole_on_a_few_pages(visit, year: int, entries: int, pages: int):
    page = visit()
    page.goto(f"/timeline/{year}/")
    page.emulate_media(media="print")
    rows = page.locator(".chron > li")
    expect(rows).to_have_count(entries)
    # What is folded on the screen stands on paper, and no happening is torn between two pages.
    folded = page.locator(".chron details a")
    assert folded.count() > 0 or entries == 1
    assert all(link.is_visible() for link in folded.all())
    assert {row.evaluate("e => getComputedStyle(e).breakInside") for row in rows.all()} == {"avoid"}
    for hidden in (page.locator(".downloads"), page.get_by_role("navigation", name="前後の年度")):
        expect(hidden).to_be_hidden()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= pages
