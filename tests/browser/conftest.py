"""A real Chromium against the real demo; a page that complains fails its test."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium, inspection
from tests.browser.moves import log_in
from tests.browser.served import Demo, running
from tests.browser.watching import Complaints

TIMEOUT = 30_000  # milliseconds; a busy machine takes long to serve the first page
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


class Windows:
    """Pages, each in a browser context of its own, which go from test to test.

    To open one takes as much work as four pages.
    """

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self._browser, self._demo = browser, demo
        self._free: defaultdict[tuple, list[Page]] = defaultdict(list)
        self._taken: dict[Page, tuple] = {}

    def take(
        self,
        *,
        javascript: bool = True,
        state: Path | None = None,
        browser: Browser | None = None,
        **options,
    ) -> Page:
        """A page for the options of a context; its cookies are those of ``state``."""
        options["java_script_enabled"] = javascript
        key = (browser or self._browser, *sorted(options.items()))
        page = self._free[key].pop() if self._free[key] else self._open(*key)
        self._taken[page] = key
        if state:
            page.context.add_cookies(json.loads(state.read_text())["cookies"])
        return page

    def give_back(self, page: Page) -> None:
        """Forgets what the page has been told; the portal leaves nothing there but cookies."""
        key = self._taken.pop(page)
        if page.context.pages != [page]:
            page.context.close()
            return
        page.emulate_media(media="null")
        page.context.clear_cookies()
        self._free[key].append(page)

    def _open(self, browser: Browser, *options: tuple[str, object]) -> Page:
        context = browser.new_context(
            base_url=self._demo.url,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            **dict(options),
        )
        context.set_default_timeout(TIMEOUT)
        return context.new_page()


@pytest.fixture(scope="session")
def windows(browser: Browser, demo: Demo) -> Windows:
    """The windows of all tests; they are closed with their browser."""
    return Windows(browser, demo)


@pytest.fixture
def visit(windows: Windows) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser context of its own (a visitor).

    At the end no page may have had a script error, a violation of the content security
    policy, or a missing picture or stylesheet.
    """
    complaints = Complaints()
    taken = []

    def new_page(*, width: int = 1280, **options) -> Page:
        page = windows.take(**options)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        taken.append(page)
        complaints.watch(page)
        return page

    yield new_page
    for page in taken:
        complaints.leave(page)
        windows.give_back(page)
    assert not complaints.heard, "\n".join(complaints.heard)


@pytest.fixture
def look(visit: Callable[..., Page]) -> Callable[..., Page]:
    """Opens pages for tests that only read: with the same ``state`` and options, the same one."""
    pages: dict[tuple, Page] = {}

    def page_of(*, width: int = 1280, **options) -> Page:
        key = tuple(sorted(options.items()))
        if key not in pages:
            pages[key] = visit(**options)
        page = pages[key]
        page.set_viewport_size({"width": width, "height": HEIGHT})
        return page

    return page_of


@pytest.fixture(scope="session")
def signed_in(
    demo: Demo, windows: Windows, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Logs an account in once and gives the file with its cookies, for pages of other tests."""
    directory = tmp_path_factory.mktemp("cookies")

    def state(email: str) -> Path:
        path = directory / f"{email}.json"
        if not path.exists():
            page = windows.take()
            log_in(page, email, demo.password(email))
            page.context.storage_state(path=path)
            windows.give_back(page)
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
