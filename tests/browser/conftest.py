"""A real Chromium against the real demo; a page that complains fails its test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium, inspection
from tests.browser.moves import log_in
from tests.browser.served import Demo, running
from tests.browser.watching import Complaints

TIMEOUT = 10_000  # milliseconds
HEIGHT = 900  # CSS pixels


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """``manage.py demo`` with a fresh data directory, for all browser tests together."""
    with running(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(
            executable_path=chromium.path(), args=chromium.arguments()
        )
        yield chrome
        chrome.close()


def open_window(
    browser: Browser, demo: Demo, *, javascript: bool = True, state: Path | None = None, **options
) -> Page:
    """A page in a browser context of its own, which has the cookies of ``state``."""
    context = browser.new_context(
        base_url=demo.url,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        java_script_enabled=javascript,
        storage_state=state,
        **options,
    )
    context.set_default_timeout(TIMEOUT)
    return context.new_page()


@pytest.fixture
def visit(demo: Demo, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser context of its own (a visitor).

    At the end no page may have had a script error, a violation of the content security
    policy, or a missing picture or stylesheet.
    """
    complaints = Complaints()
    contexts = []

    def new_page(*, width: int = 1280, **options) -> Page:
        page = open_window(browser, demo, viewport={"width": width, "height": HEIGHT}, **options)
        contexts.append(page.context)
        complaints.watch(page)
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert not complaints.heard, "\n".join(complaints.heard)


@pytest.fixture(scope="session")
def windows() -> dict[tuple, Page]:
    """Pages that stay open from test to test; they are closed with their browser."""
    return {}


@pytest.fixture
def look(demo: Demo, browser: Browser, windows: dict[tuple, Page]) -> Iterator[Callable[..., Page]]:
    """Opens pages for tests that only read: like ``visit``, but in a window that is open already.

    A new window costs five times the time of a page. Tests with the same ``state`` and options
    have the same one in turn, so that a test has only one of these at a time, and neither
    logs in nor out.
    """
    complaints = Complaints()
    opened = []

    def page_of(*, width: int = 1280, browser: Browser = browser, **options) -> Page:
        key = (browser, *sorted(options.items()))
        if key not in windows:
            windows[key] = open_window(browser, demo, **options)
        page = windows[key]
        page.set_viewport_size({"width": width, "height": HEIGHT})
        opened.append(page)
        complaints.watch(page)
        return page

    yield page_of
    for page in opened:
        complaints.leave(page)
    assert not complaints.heard, "\n".join(complaints.heard)


@pytest.fixture(scope="session")
def signed_in(
    demo: Demo, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Logs an account in once and gives the file with its cookies, for pages of other tests."""
    directory = tmp_path_factory.mktemp("cookies")

    def state(email: str) -> Path:
        path = directory / f"{email}.json"
        if not path.exists():
            context = browser.new_context(base_url=demo.url, locale="ja-JP")
            page = context.new_page()
            log_in(page, email, demo.password(email))
            context.storage_state(path=path)
            context.close()
        return path

    return state


@dataclass(frozen=True)
class Window:
    """How a visitor looks at the portal; journeys are made in each of these."""

    name: str
    width: int
    javascript: bool


type Measure = Callable[[Page], None]
WINDOWS = (
    Window("desktop", 1280, javascript=True),
    Window("phone without a script", 390, javascript=False),
)


@pytest.fixture(params=WINDOWS, ids=lambda window: window.name)
def window(request: pytest.FixtureRequest) -> Window:
    return request.param


@pytest.fixture
def visitor(visit: Callable[..., Page], window: Window) -> Page:
    """Somebody who is not logged in."""
    return visit(width=window.width, javascript=window.javascript)


@pytest.fixture
def member(visit, window: Window, signed_in) -> Callable[[str], Page]:
    """Opens the member home of a demo account that has logged in before."""

    def page_of(email: str) -> Page:
        page = visit(width=window.width, javascript=window.javascript, state=signed_in(email))
        page.goto("/member/")
        return page

    return page_of


@pytest.fixture
def measure(window: Window) -> Measure:
    """Asserts that a page is accessible, and as wide as its window; axe needs its script."""

    def measured(page: Page) -> None:
        assert inspection.overflow(page) <= 0
        if window.javascript:
            for width in (390, window.width):
                page.set_viewport_size({"width": width, "height": 900})
                assert inspection.violations(page) == []
                assert inspection.small_targets(page) == []
                assert inspection.overflow(page) <= 0

    return measured
