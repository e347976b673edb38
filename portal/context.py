"""What every page of the portal shows: the acting seat, its unread notices, desks, policy pages."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from chronicle.models import Page
from core import kept
from members.queries import desks
from notices.queries import unread_count

DEMO_BANNER = "お試し用の画面です。「見本」と書かれた団体の担当者、提案、連携事業、イベント、お知らせは架空です。"


@dataclass
class Site:
    """Read lazily, so that a page without header or footer asks nothing."""

    request: HttpRequest

    @cached_property
    def seat(self):
        """The seat that acts on this page: the view's choice, or the person's first one."""
        chosen = getattr(self.request, "seat", None)
        user = getattr(self.request, "user", None)
        if chosen or user is None or not user.is_authenticated:
            return chosen
        return next(iter(user.current_seats), None)

    @property
    def is_member(self) -> bool:
        """Whether the menu leads to the members' pages."""
        return self.seat is not None

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read."""
        return unread_count(self.request.user)

    @property
    def banner(self) -> str:
        """What the demo says on every page; empty elsewhere."""
        return kept.one("portal.banner", _banner)

    @property
    def desks(self):
        return kept.one("portal.desks", desks)

    @property
    def footer_pages(self):
        """Linked policy pages; unfinished ones are linked in the embedded demo only."""
        return Page.objects.linked(unfinished=settings.EMBEDDED)


def _banner() -> str:
    return DEMO_BANNER if settings.DEMO_ACCOUNTS_FILE.exists() else ""


def site(request: HttpRequest) -> dict:
    """The context processor. Not named ``site``: allauth's pages have one of their own."""
    return {"portal": Site(request)}
