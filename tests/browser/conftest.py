"""A real Chromium against the real demo; a page that complains fails its test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.moves import log_in
from tests.browser.served import Demo, running
from tests.browser.watching import Complaints

TIMEOUT = 10_000  # milliseconds


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


@pytest.fixture
def visit(demo: Demo, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser context of its own (a visitor).

    At the end no page may have had a script error, a violation of the content security
    policy, or a missing picture or stylesheet.
    """
    complaints = Complaints()
    contexts = []

    def new_page(
        *,
        width: int = 1280,
        javascript: bool = True,
        state: Path | None = None,
        browser: Browser = browser,
        **options,
    ) -> Page:
        context = browser.new_context(
            base_url=demo.url,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            storage_state=state,
            **options,
        )
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield new_page
    for context in contexts:
        context.close()
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
