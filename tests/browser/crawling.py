"""What a visitor can reach by links alone."""

import re
from collections import Counter
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
# Enough of a kind to meet a draft, a withdrawn proposal, a city and a ward.
PAGES_OF_A_KIND = 12


def reachable(visitor: APIRequestContext, start: str, wanted: set[str]) -> dict[str, str]:
    """A path for each URL name that links lead to from ``start``, the first one found.

    Opens the kinds of pages in turn, and stops when it has those that are ``wanted``.
    """
    found = {url_name(start): start}
    opened: Counter[str] = Counter()
    known, waiting = {start}, {start: url_name(start)}
    while waiting and not wanted <= found.keys():
        path = min(waiting, key=lambda path: opened[waiting[path]])
        name = waiting.pop(path)
        if opened[name] == PAGES_OF_A_KIND:
            break
        opened[name] += 1
        for link in links_on(visitor, path):
            name = url_name(link)
            if name and not name.startswith("admin:") and link not in known:
                known.add(link)
                found.setdefault(name, link)
                # A file leads nowhere; a notice that is opened is unread no more.
                if not name.endswith(("_export", ":notice_open")):
                    waiting[link] = name
    return found


def links_on(visitor: APIRequestContext, path: str) -> list[str]:
    """The paths that a page of this site links to, without queries."""
    answer = visitor.get(path)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    parts = [urlsplit(link) for link in LINK.findall(answer.text())]
    return [part.path for part in parts if not part.netloc and part.path.startswith("/")]


def url_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
