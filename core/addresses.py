"""The portal's own address, for what is read outside of it: mails, calendars, feeds."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(path: str) -> str:
    """``path`` of the portal with its host: https://…/c/K7QM-4XPR/."""
    return urljoin(settings.PORTAL_URL, path)
