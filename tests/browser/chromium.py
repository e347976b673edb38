"""The machine's own Chromium, and how it is started."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def path() -> str | None:
    """Where Chromium is; None when the machine has none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def arguments() -> list[str]:
    """No calls home; and as root, which CI often is, no sandbox of its own."""
    quiet = ["--disable-background-networking", "--no-first-run"]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
