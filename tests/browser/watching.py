"""What a browser complains about while a page is open."""

from playwright.sync_api import ConsoleMessage, Error, Page, Response


class Complaints:
    """Script errors, policy violations, and files that did not load.

    The answer to a navigation may well be 403, 404 or 422; the test that asked for it looks
    at it. Chromium's line about it in the console is no complaint.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("response", self._on_response)

    def leave(self, page: Page) -> None:
        """Stops watching a page that stays open."""
        page.remove_listener("console", self._on_console)
        page.remove_listener("pageerror", self._on_error)
        page.remove_listener("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"{message.location.get('url')}: {message.text}")

    def _on_error(self, error: Error) -> None:
        self.heard.append(f"{error}: {error.stack}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.heard.append(f"{response.url}: {response.status}")
