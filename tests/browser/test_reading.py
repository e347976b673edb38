"""For whoever reads and works differently: keyboard, large text, own colours, wider spacing."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium, inspection

pytestmark = pytest.mark.browser
LEAD = "lead@sakai.example.lg.jp"
PUBLIC = (
    "/",
    "/about/",
    "/events/",
    "/agreements/",
    "/relief/",
    "/municipalities/",
    "/accounts/login/",
)
MEMBERS = ("/member/", "/proposals/", "/proposals/new/")
# WCAG 1.4.12, as a reader's own style sheet would set it.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"


@pytest.fixture(scope="module")
def large_text(browser: Browser) -> Iterator[Browser]:
    """A browser whose reader has set text to twice its usual size."""
    chrome = browser.browser_type.launch(
        executable_path=chromium.path(),
        args=[*chromium.arguments(), "--blink-settings=defaultFontSize=32"],
    )
    yield chrome
    chrome.close()


@pytest.fixture
def open_page(look: Callable[..., Page], signed_in) -> Callable[..., Page]:
    """Opens a public page as nobody, and a members' page as the lead of 坂井市."""

    def opened(path: str, **options) -> Page:
        state = signed_in(LEAD) if path in MEMBERS else None
        page = look(state=state, **options)
        page.goto(path)
        return page

    return opened


@pytest.mark.parametrize("path", PUBLIC + MEMBERS)
def test_every_tab_stop_shows_where_it_is(path: str, open_page):
    page = open_page(path)
    assert inspection.stops_without_ring(page) == []


def test_the_first_tab_stop_leads_past_the_header(open_page):
    page = open_page("/events/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


@pytest.mark.parametrize("width", [1280, 640])
@pytest.mark.parametrize("path", PUBLIC + MEMBERS)
def test_text_of_twice_the_size_is_whole(path: str, width: int, open_page, large_text: Browser):
    page = open_page(path, width=width, browser=large_text)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert inspection.overflow(page) <= 0
    assert inspection.cut_text(page) == []


@pytest.mark.parametrize("path", PUBLIC + MEMBERS)
def test_wider_spacing_cuts_nothing(path: str, open_page):
    page = open_page(path, width=390, bypass_csp=True)
    page.add_style_tag(content=SPACING)
    assert inspection.overflow(page) <= 0
    assert inspection.cut_text(page) == []


def test_own_colours_leave_the_map_readable(open_page):
    """Tiles with an agreement stand out by the reader's own colours, not by the page's."""
    page = open_page("/", forced_colors="active")
    tiles = page.get_by_role("img", name="広域連携協定を結んでいる地域").locator("rect")
    fills = {tile.evaluate("e => getComputedStyle(e).fill") for tile in tiles.all()}
    assert len(fills) >= 2


def test_own_colours_leave_the_classes_of_the_map_apart(open_page):
    """By their borders, in the legend and on the tiles."""
    page = open_page("/municipalities/", forced_colors="active")
    border = "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"
    classes = [row.evaluate(border) for row in page.locator(".scale span").all()]
    assert len(set(classes)) == len(classes) == 5
    tiles = {row.evaluate(border) for row in page.locator(".tilegrid a").all()}
    assert len(tiles) > 1
    assert tiles <= set(classes)


def test_own_colours_leave_forms_readable(open_page):
    """Where one stands among the steps; and that a list of choices opens."""
    page = open_page("/proposals/new/", forced_colors="active")
    ground = "e => getComputedStyle(e, '::before').backgroundColor"
    current, *others = [row.evaluate(ground) for row in page.locator(".steps li").all()]
    assert current not in others
    page.goto("/join/")
    choices = page.locator("select").first
    assert choices.evaluate("e => getComputedStyle(e).appearance") != "none"


def test_the_map_prints_in_its_colours_on_one_page(open_page):
    page = open_page("/municipalities/")
    page.emulate_media(media="print")
    for tile in page.locator(".tilegrid :is(.lv3, .lv4)").all():
        style = tile.evaluate(
            "e => [getComputedStyle(e).printColorAdjust, getComputedStyle(e).color]"
        )
        assert style == ["exact", "rgb(255, 255, 255)"]
    assert page.locator(".tilegrid").evaluate("e => getComputedStyle(e).breakInside") == "avoid"
